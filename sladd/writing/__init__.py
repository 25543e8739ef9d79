"""How sladd writes for people: numbers, escaped names, texts by language, the look of a page."""

from sladd.writing.language import LANGUAGES, Language, in_a_sentence, read_all_texts, read_texts

__all__ = ["LANGUAGES", "Language", "in_a_sentence", "read_all_texts", "read_texts"]
