"""What letters say of someone's health beside the words of the lexicon, and what only sounds so."""

from __future__ import annotations

import pytest

from detectors.texts.health import HealthRecognizer


def _found(text: str) -> set[str]:
    return {text[start:end] for start, end, _ in HealthRecognizer("nb").find(text)}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Jeg brakk ankelen i trappa", "brakk ankelen"),
        ("Må avlyse, Siv har knekt lårbeinet", "knekt lårbeinet"),
        ("Mor mi har ny hofte", "ny hofte"),
        ("Farmor bur på sjukeheimen", "sjukeheimen"),
        ("Har dessverre migrene i dag", "migrene"),
        ("Jeg bruker rullator", "rullator"),
        ("Min kone har MS", "MS"),
        ("I'm off with a broken wrist", "broken wrist"),
        ("mannen har vondt i ryggen", "vondt i ryggen"),
        ("Mamma skal opereres for brystkreft", "skal opereres for brystkreft"),
        ("Jeg er gravid i uke 34", "gravid i uke 34"),
        ("Sønnen vår går til logoped", "logoped"),
        ("Hun har fått påvist skjoldbruskkjertelkreft", "påvist skjoldbruskkjertelkreft"),
        ("Han har fått beinet i gips", "fått beinet i gips"),
        ("She is in treatment for depression", "treatment for depression"),
        ("Ulla er på kur på Montebello", "kur på Montebello"),
    ],
)
def test_illness_injury_aid_and_stay_are_told_beside_a_person(text: str, word: str) -> None:
    """A person in the sentence, or one who leaves himself out, makes it someone's health."""
    assert word in _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Førstehjelpsskrin og plaster, 4 stk",
        "Jeg jobber på Sagene sykehjem og trenger navneskilt",
        "Rullator, sammenleggbar, 4 hjul",
        "Kan du sende meg det? Me treng 40 koppar",
        "Jeg brakk koppen i trappa",
        "Vi blander oss ikke i markedskreftene, sier jeg",
        "Programmet mitt krever oppvasktabletter",
        "Spør etter Ragna hos Fysioterapi Vest",
        "allergivennlig vaskemiddel til ansatte",
        "MY NAME IS EMILY CLARKE, YOU CAN REACH ME AT HOME. ASK FOR MS. DAHL",
    ],
)
def test_goods_work_and_other_words_are_not_someones_health(text: str) -> None:
    """Goods by themselves, places of work, `me` for us, and what breaks and is no body; `ME` in capitals."""
    assert not _found(text)


def test_what_a_redaction_left_is_not_found_again() -> None:
    """`<SYKDOM>` stands for words that are gone."""
    assert not _found("Jeg har <sykdom> og kommer ikke")
