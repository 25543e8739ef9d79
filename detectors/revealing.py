"""Words in texts that may reveal a special category: one recogniser a category.

They say "may reveal", never "is": `jeg er sykmeldt` tells of someone's health, `førstehjelpsskrin`
tells of a product. So a word that products and associations are called by as well counts only
beside a word about a person, and never as part of a product or an association (`allergivennlig`,
`Kreftforeningen`). They read texts only; columns are judged by `detectors.columns.special`.

Presidio's `PatternRecognizer` tries one alternative after another at every character; several
hundred words are one RE2 automaton here, linear in the text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import re2
import regex
from presidio_analyzer import AnalysisExplanation, EntityRecognizer, RecognizerResult

from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import either_form, fold, screened, whole
from detectors.special_words import Term, terms

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

SURE = 0.6
"""Score of a word that says it by itself."""

BESIDE = 0.55
"""Score of a word that says it because a person stands beside it."""

_NEAR = 60  # characters on each side in which the person is looked for: about ten words
_LAST = 900  # rank: whatever else a rule finds at the same place goes first

_PERSON = regex.compile(
    r"(?<![\p{L}\p{M}])(?:jeg|eg|æ|meg|mæ|mi|min|mitt|mine|fru|hr|herr|mrs|mr|ms|beboer\p{L}*|elev|mor|far|mamma|pappa|kona|kone|"
    r"mannen min|han|hun|ho|hen|henne|ham|hennes|hans|sønn\p{L}*|datter\p{L}*|dotter\p{L}*|"
    r"barnet?|barna|ungen|jenta|gutten|samboer\p{L}*|sambuar\p{L}*|bestemor|bestefar|søster|bror|"
    r"kolleg\p{L}*|ansatt|ansatte|tilsett|medarbeider|medarbeidar|gjest|gjester|gjestene|"
    r"bæstemor|farmor|farfar|mormor|morfar|svigermor|svigerfar|onkel|tante|mannen|ektefelle\p{L}*|ektemann\p{L}*|kjæreste\p{L}*|"
    r"sjefen|sjåføren|læraren|læreren|lederen|leiaren|kunden|kunde(?=[ ][0-9])|naboen|eleven|ho mor|han far|ongen|ungane|ungene|guten|"
    r"familien|foreldre\p{L}*|driver|boss|neighbou?r|teacher|child|kid|kids|grand\p{L}+|niece|nephew|"
    r"deltaker\p{L}*|deltakar\p{L}*|medlem|tillitsvalgt|tillitsvald|pasient\p{L}*|er same|"
    r"my|mine|she|he|her|his|him|wife|husband|son|daughter|mother|father|mum|dad|partner|"
    r"colleague|employee|guests?|participants?|member|patient|"
    r"i(?:'m|’m| am|'ve|’ve| have| had| was| suffer| need))(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
# Endings that make a product or an association of the word.
_THING = regex.compile(
    r"(?:vennlige?|testet|testa|skrin(?:et)?|kontroll|utstyr\p{L}*|forening(?:en|a|ene)?|"
    r"forbund(?:et)?|senter(?:et)?|avdeling(?:en)?|fond(?:et)?|stiftelse(?:n)?|register(?:et)?|"
    r"sak(?:en)?|løp(?:et)?|gallaen?|kampanje(?:n)?|forskning(?:en)?|aksjon(?:en)?|plass(?:er)?|"
    r"direktør\p{L}*|konsulent\p{L}*|hjelpa|hjelpen|pleier\p{L}*|politikk\p{L}*|debatt\p{L}*|"
    r"butikk(?:en|er)?|sled(?:er|ere|eren)|sleiar\p{L}*|ssentral\p{L}*|skraft\p{L}*|rampe(?:r)?|toalett\p{L}*|bok(?:a|en)?|bøker|dyner?|puter?|friendly|tested)\Z",
    regex.IGNORECASE,
)
_LETTER = regex.compile(r"[\p{L}\p{M}\p{N}]")
_REST = regex.compile(r"[\p{L}\p{M}]*")


# "Har dessverre migrene i dag": who writes leaves himself out.
_ELIDED = regex.compile(
    r"(?:\A|[.!?:\n])[ ]*(?:hei[,!.]?[ ]|beklager[^.!?\n]{0,20}[,.][ ])?(?:har|er|ligger|ligg|fikk|fekk|hadde|går på|bruker|brukar|lider|lid|sliter|"
    r"slit|måtte|must|was|am|have|had|been|got|suffering)[ ](?!(?:dere|de|dykk|dokker|det|den|noen|nokon|you|it|there|anyone)(?![\p{L}]))",
    regex.IGNORECASE,
)
_CAPITALISED = regex.compile(r"(?<![\p{L}\p{M}])\p{Lu}[\p{L}\p{M}-]{2,}")


# Diets: a menu and goods have them as well, so only said of somebody.
_DIETS = ("gluten", "laktose", "lactose", "vegan", "halal", "kosher", "diett")
_EATS = regex.compile(
    r"(?<![\p{L}\p{M}])(?:jeg|eg|æ|han|hun|ho|hu|hen|vi|me|i|he|she|we|they|kona|mannen|sønnen|sonen|dattera|datteren|dottera|\p{Lu}\p{Ll}+)[ ']"
    r"(?:er|e|spiser|et|eter|tåler|toler|kan|må|lever|går|holder|am|is|are|m|eat|eats|keep|keeps|has|have|must)(?![\p{L}])"
    r"(?:[ ][\p{L}\p{M}]+){0,3}[ ]$",
    regex.IGNORECASE,
)
_FAR = 60  # characters around a stay in which work or an order is told
_WORKS = regex.compile(
    r"(?:jobb|arbeid|ansatt|tilsett|leveres|leverast|levering|kontaktperson|vikar|bestill|faktura|avdelings|styrer|rektor|"
    r"svara|svarer|vakttelefon|navneskilt|namneskilt|uniform|work|deliver|invoice|staff|order)",
    regex.IGNORECASE,
)
_OF_A_THING = regex.compile(
    r"[ ](?!(?:og|å|men|så|frå|fra|i|på)(?![\p{L}]))\p{Ll}"
)  # "er same pris"
_HOSPITALS = ("sykehus", "sjukehus", "hospital")


def at_work(text: str, start: int, end: int) -> bool:
    """Whether work or an order is told around a place where others are treated."""
    return _WORKS.search(text[max(0, start - _FAR) : end + _FAR]) is not None


def _refuted(text: str, hit: str, start: int, end: int) -> bool:
    """Whether a word is what goods or a customer is called: `vegansk skinn`, `Sykehuset Telemark`."""
    if hit == "er same":
        return _OF_A_THING.match(text, end) is not None
    if hit.startswith(_DIETS):
        return _EATS.search(text, max(0, start - _NEAR), start) is None
    return hit.startswith(_HOSPITALS) and at_work(text, start, end)


def beside_person(text: str, start: int, end: int) -> bool:
    """Whether a word about a person, or a given name, stands beside a stretch of a folded text."""
    first, last = max(0, start - _NEAR), end + _NEAR
    if _PERSON.search(text, first, last) or _ELIDED.search(text, first, start):
        return True
    from detectors.texts.lexicon import is_everyday, is_given, plain

    names = (plain(match.group()) for match in _CAPITALISED.finditer(text, first, last))
    return any(is_given(name) and not is_everyday(name) for name in names)


def is_thing(text: str, start: int, end: int) -> bool:
    """Whether the rest of a word makes a product or an association of it: `allergi|vennlig`."""
    return _THING.search(text, start, end) is not None


def _pattern(text: str) -> str:
    """A term as RE2, blanks of any number between its words."""
    return r"\s+".join(either_form(re2.escape(part)) for part in text.split())


class _Words:
    """The terms of one category made ready: one automaton, and what each hit means."""

    def __init__(self, found: Sequence[Term]) -> None:
        # The longest first: leftmost-first alternation takes the first that fits.
        ordered = sorted({t.text: t for t in found}.values(), key=lambda t: (-len(t.text), t.text))
        self.alternation = "|".join(_pattern(term.text) for term in ordered)
        options = re2.Options()
        options.max_mem = 64 << 20  # bytes; several hundred words with Unicode case
        options.log_errors = False
        pattern = rf"(?i)(?:^|[^\pL\pM\pN])({self.alternation})"
        self._search: Any = re2.compile(pattern, options)
        self._terms = {term.text.casefold(): term for term in reversed(ordered)}

    def spans(self, text: str) -> list[tuple[int, int, float]]:
        """Start, end and score of every word that may reveal, in a folded text."""
        found: list[tuple[int, int, float]] = []
        for match in self._search.finditer(text):
            start, end = match.span(1)
            term = self._term(text[start:end])
            if term is None or (start and text[start - 1] == "<"):
                continue  # `<HELSEOPPLYSNING>` is what a redaction left
            if term.stem:
                rest = _REST.match(text, end)
                end = rest.end() if rest else end
                if is_thing(text, match.end(1), end):
                    continue
            elif end < len(text) and _LETTER.match(text[end]):
                continue
            if term.use == "word":
                found.append((start, end, SURE))
            elif not _refuted(text, term.text, start, end) and beside_person(text, start, end):
                found.append((start, end, BESIDE))
        return found

    def _term(self, hit: str) -> Term | None:
        plain = " ".join(unicodedata.normalize("NFC", hit).casefold().split())
        return self._terms.get(plain)


@cache
def _words(category: str) -> _Words:
    return _Words([t for t in terms() if t.category == category and t.use in {"word", "near"}])


def may_reveal(text: str, category: str) -> list[tuple[int, int, float]]:
    """Start, end and score of every word of a category that may reveal, in a folded text."""
    return _words(category).spans(text)


def alternation(category: str) -> str:
    """RE2: every text in which words of a category are found."""
    return _words(category).alternation


def _declaration(entity: str, category: str, context: tuple[str, ...]) -> Declaration:
    def verify(cells: Sequence[str]) -> Mask:
        words = _words(category)
        return np.asarray(
            [any(s == 0 and e == len(c) for s, e, _ in words.spans(fold(c))) for c in cells],
            dtype=np.bool_,
        )

    written = alternation(category)
    return Declaration(
        entity=entity,
        category=category,
        subtypes=(Subtype("word", 0.001),),
        rank=_LAST,
        checksum=False,
        screen=screened(written),
        full=whole(rf"(?:{written})[\pL\pM]*"),
        needs_context=True,
        context=context,
        verify=verify,
        columns=False,
    )


class RevealingRecognizer(EntityRecognizer):
    """Finds the words of one category in texts, usable in a plain `AnalyzerEngine`."""

    COUNTRY_CODE: ClassVar[str | None] = None
    DECLARATION: ClassVar[Declaration]

    def __init__(self, supported_language: str = "nb") -> None:
        super().__init__(
            supported_entities=[self.DECLARATION.entity],
            name=type(self).__name__,
            supported_language=supported_language,
            context=list(self.DECLARATION.context),
        )

    @property
    def declaration(self) -> Declaration:
        """What this recogniser says of itself."""
        return self.DECLARATION

    def load(self) -> None:
        """Nothing to load: the words are read when they are first asked for."""

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002  # Presidio asks by entity before it calls
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002
    ) -> list[RecognizerResult]:
        """Find the words; positions are those of the text as it was given."""
        return [
            RecognizerResult(
                entity_type=self.DECLARATION.entity,
                start=start,
                end=end,
                score=score,
                analysis_explanation=AnalysisExplanation(
                    recognizer=type(self).__name__, original_score=score
                ),
                recognition_metadata={
                    RecognizerResult.RECOGNIZER_NAME_KEY: type(self).__name__,
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                },
            )
            for start, end, score in _words(self.DECLARATION.category).spans(fold(text))
        ]


class HealthWordsRecognizer(RevealingRecognizer):
    """Illness, disability, pregnancy, allergies, diets."""

    DECLARATION = _declaration(
        "MAY_REVEAL_HEALTH", "user.health_and_medical",
        ("helse", "syk", "sjuk", "lege", "sykehus", "health", "ill", "doctor"),
    )  # fmt: skip


class BeliefWordsRecognizer(RevealingRecognizer):
    """Religion and belief."""

    DECLARATION = _declaration(
        "MAY_REVEAL_BELIEF", "user.demographic.religious_belief",
        ("religion", "tro", "kirke", "menighet", "livssyn", "church", "faith"),
    )  # fmt: skip


class PoliticsWordsRecognizer(RevealingRecognizer):
    """Political opinion."""

    DECLARATION = _declaration(
        "MAY_REVEAL_POLITICS", "user.demographic.political_opinion",
        ("parti", "politisk", "medlem", "valg", "party", "political"),
    )  # fmt: skip


class UnionWordsRecognizer(RevealingRecognizer):
    """Trade union membership."""

    DECLARATION = _declaration(
        "MAY_REVEAL_UNION", "user.demographic.trade_union",
        ("fagforening", "medlem", "tillitsvalgt", "organisert", "union", "member"),
    )  # fmt: skip


class EthnicityWordsRecognizer(RevealingRecognizer):
    """Ethnic origin, Sámi among them."""

    DECLARATION = _declaration(
        "MAY_REVEAL_ETHNICITY", "user.demographic.race_ethnicity",
        ("etnisk", "bakgrunn", "samisk", "opprinnelse", "ethnic", "origin"),
    )  # fmt: skip


class OrientationWordsRecognizer(RevealingRecognizer):
    """Sexual orientation and sex life."""

    DECLARATION = _declaration(
        "MAY_REVEAL_ORIENTATION", "user.demographic.sexual_orientation",
        ("legning", "seksuell", "samliv", "orientation", "sexual"),
    )  # fmt: skip


class OffenceWordsRecognizer(RevealingRecognizer):
    """Convictions and offences (art. 10)."""

    DECLARATION = _declaration(
        "MAY_REVEAL_OFFENCE", "user.criminal_history",
        ("politi", "dom", "straff", "fengsel", "police", "convicted", "prison"),
    )  # fmt: skip
