"""What running text says of health beside the lexicon's words: `brakk ankelen`, `ny hofte`, `rullator`.

The lexicon (`lexicon/special/health.csv`) is for columns as well, whose cells are one word; here
stand words of letters and calls, and the grammar of injuries: a verb and a part of the body. All of
it "may reveal", never "is". What a text sells or collects for (`førstehjelpsskrin`) is left alone,
by the rules of `detectors.revealing`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import re2
import regex

from detectors.folding import either_form, screened
from detectors.revealing import alternation, at_work, beside_person, is_thing, may_reveal
from detectors.texts.prefilter import Prefilter
from detectors.texts.recognizer import Found, TextRecognizer

_REST = regex.compile(r"[\p{L}\p{M}]*")
_LETTER = regex.compile(r"[\p{L}\p{M}\p{N}]")
_LAST = 901  # rank: behind the lexicon's own words
_SURE, _BESIDE = 0.6, 0.55  # scores, as in `detectors.revealing`
_HURT = (
    r"(?:brakk|brakte|brukket|brekt|brekket|brotna|brote|brotne|braut|knakk|knekt|knekte|knekket|ødela|ødelagt|øydela|øydelagt|"
    r"forstuet|forstua|forstuva|vred|vrei|vridd|vrikket|vrikka|skadet|skadde|skadd|slo|slått|slite|slitt|røk|røket|røyk|"
    r"strakk|strukket|kuttet|kutta|klemt|klemte|mistet|mista|opererte|operert|operere|opereres|operer[et]|amputert|amputerte|"
    r"broke|broken|fractured|sprained|twisted|tore|torn|injured|hurt|dislocated)"
)
_OWN = (
    r"(?:[ ](?:i|for|av|meg|seg|på|to|tre|en|ei|et|eit|begge|venstre|høyre|høgre|my|his|her|their|our|a|the|left|right|both|"
    r"two|three|hans|hennes|mi|min|mitt|sin|si)){0,3}"
)

# What is done about an illness, and what it did, before its word: `opereres for`, `døde av`.
_LEAD = regex.compile(
    r"(?<![\p{L}\p{M}])(?:(?:skal|må|måtte|blir|ble|blei|vart|har|er|was|is|been|being)[ ])?(?:operert|opereres|opererast|opereret|operasjon|behandlet|behandles|"
    r"behandla|behandling|innlagt|innlagd|permisjon|sykmeldt|sykemeldt|sjukmeld|sjukemeld|død|døde|døydde|dør|bort|lider|lid|lidd|sliter|"
    r"slit|plages|plaga|plaget|påvist|kur|frisk|komplikasjoner|senskader|følger|følgjer|diagnostisert|ute|avbrekk|"
    r"treatment|treated|recovering|recovered|suffering|suffers|suffer|surgery|operation|operated|diagnosed|died|signed[ ]off|"
    r"admitted|bufellesskap(?:et)?|bofellesskap(?:et)?|avdeling(?:en|a)?|heim(?:en)?|hjem(?:met)?|støttegruppe(?:n)?)[ ]"
    r"(?:(?:av|for|med|etter|på|i|from|with|of|due[ ]to|because[ ]of|grunnet|pga\.?)[ ])?(?:(?:a|an|et|en|ei|ein|eit|sin|his|her)[ ])?$",
    regex.IGNORECASE,
)
_AGO = 60  # characters before a word in which that may stand
# Who is gone to: `går til logoped`, `hos psykolog`.
_TREATED = regex.compile(
    r"(?<![\p{L}\p{M}])(?:(?:går|gikk|gjekk|gått|gjeng|drar|dra|må|skal|var|vært|er|time|timen|kontroll|utredning|behandling|sitter|sat|satt|innom)[ ](?:\p{L}+[ ])?)?"
    r"(?:til|hos|hjå|av)[ ](?:en[ ]|ein[ ])?(?P<who>\p{L}*(?:lege|legen|psykolog|psykologen|psykiater|psykiateren|psykiatar|fysioterapeut|"
    r"fysioterapeuten|fysio|logoped|logopeden|ergoterapeut|kiropraktor|kiropraktoren|jordmor|jordmora|helsesykepleier|helsesjukepleiar|audiograf|ortoped|"
    r"ortopeden|nevrolog|hudlege|spesialist|terapeut|terapeuten|kirurg|kirurgen|ernæringsfysiolog|sexolog|osteopat|naprapat|manuellterapeut))"
    r"(?![\p{L}\p{M}])",
    regex.IGNORECASE,
)
_TREATED_ENGLISH = regex.compile(
    r"(?<![\p{L}])(?:see(?:s|ing)?|seen|saw|at|visit(?:ing|s|ed)?|with|to)[ ](?:(?:the|a|my|his|her|our)[ ])(?P<who>doctor'?s?|gp|"
    r"psychologist|psychiatrist|physio|physiotherapist|therapist|speech therapist|midwife|specialist|surgeon|oncologist|cardiologist|"
    r"neurologist|chiropractor|counsellor)(?![\p{L}])",
    regex.IGNORECASE,
)
# "Hun er dårlig i dag", "eg har vore sjuk": a state, said of somebody.
_UNWELL = regex.compile(
    r"(?<![\p{L}\p{M}])(?:jeg|eg|æ|han|hun|ho|hu|mor|far|mamma|pappa|sjefen|kona|mannen|i|she|he|\p{Lu}\p{Ll}+)[ ](?:er|e|ble|blei|vart|var|har vært|har vore|har blitt|"
    r"ligger|ligg|is|am|was|has been|have been)[ ](?:(?:så|veldig|akutt|nå|no|alvorlig|alvorleg|svært|ganske|litt|fortsatt|framleis|very|still|quite|really)[ ]){0,2}"
    r"(?P<what>syk|sjuk|dårlig|dårleg|klein|skral|uvel|utafor|utkjørt|ill|unwell|poorly|sick)(?=[ ]?(?:[.,;:!?)\n]|$)|[ ](?:og|men|så|i dag|for tida|"
    r"hjemme|heime|and|but|at home|today|this week))",
    regex.IGNORECASE,
)
_STATES = (
    _UNWELL,
    # Who lies at a hospital, by its name alone.
    regex.compile(
        r"(?<![\p{L}\p{M}])(?P<what>(?:ligger|ligg|låg|lå|innlagt|innlagd|operert|opereres|utskrevet|behandlet|behandles|dialysen?|stråling|time|kontroll|i|under)[ ](?:på|ved|fra|frå|te)[ ]"
        r"(?:ullevål|haukeland|rikshospitalet|ahus|st\.? olavs?|radiumhospitalet|unn|diakonhjemmet|lovisenberg|sunnaas|gaustad|blakstad|modum bad|montebello|feiring|lhl-klinikken|"
        r"nordlandssykehuset|kalnes|sus|aker sykehus|betanien|haraldsplass|volvat|aleris))(?![\p{L}\p{M}])",
        regex.IGNORECASE,
    ),
    regex.compile(
        r"(?<![\p{L}\p{M}])(?P<what>(?:kur|opptrening|opptrena|rehab|rehabilitering|rekreasjon|avrusning|avrusing|utredning)[ ](?:på|ved|hos|at)[ ]\p{Lu}[\p{L}\p{M}]+)",
    ),
    regex.compile(
        r"(?<![\p{L}\p{M}])(?:virker|virket|virka|verka|verkar|seemed|seems|appeared)[ ](?:\p{Ll}+[ ])?(?P<what>forvirret|forvirra|desorientert|beruset|berusa|"
        r"ruset|rusa|confused|disoriented|drunk|intoxicated)(?![\p{L}])",
        regex.IGNORECASE,
    ),
)
_CALLED = regex.compile(r"[ ]\p{Lu}")  # "Fysioterapi Vest": the name of a firm
_FORCES = ("krefter", "kreftene", "krefta")  # of the market, of labour
_ENDING_REST = r"(?:en|et|a|er|ene|ar|ane|n|r|ne|s)?"
_NEAR = 20  # characters on either side by which a text in capitals is known


@cache
def _lists() -> dict[str, list[str]]:
    raw = tomllib.loads(files("detectors.texts").joinpath("ailments.toml").read_text("utf-8"))
    return {name: [*dict.fromkeys(words.split())] for name, words in raw.items()}


@cache
def _alternation(name: str) -> str:
    """The words of a list, the longest first; the stars are the second group's business."""
    words = sorted(_lists()[name], key=lambda word: (-len(word), word))
    return "|".join(_spelt(word.removesuffix("*")) for word in words)


def _spelt(word: str) -> str:
    return r"\s+".join(either_form(re2.escape(part)) for part in word.split("_"))


@cache
def _found_by(name: str) -> tuple[Any, frozenset[str]]:
    """The automaton of a list, and which of its words stand for the rest of a word."""
    options = re2.Options()
    options.max_mem = 64 << 20  # bytes; a thousand words with Unicode case
    options.log_errors = False
    stems = frozenset(
        word.removesuffix("*").replace("_", " ") for word in _lists()[name] if word[-1] == "*"
    )
    return re2.compile(rf"(?i)(?:^|[^\pL\pM\pN])({_alternation(name)})", options), stems


@cache
def _injury() -> regex.Pattern[str]:
    parts = "|".join(sorted(map(either_form, _lists()["body"]), key=len, reverse=True))
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}])(?:{_HURT}{_OWN}[ ](?:{parts})|(?:vondt|vond|smerter|verk|pain|brudd|brot)[ ](?:i|in)[ ]"
        rf"(?:(?:my|the|his|her|venstre|høyre|høgre|left|right)[ ])?(?:{parts})|(?:broken|bad|sore)[ ](?:{parts})"
        rf"|(?:(?:fått|fekk|fikk|har|with|her|his|my)[ ])?(?:{parts})[ ](?:i|in)[ ](?:a[ ])?(?:gips|skinne|fatle|bandasje|cast|plaster|sling|splint))(?![\p{{L}}\p{{M}}-])",
        regex.IGNORECASE,
    )


@cache
def _capitals() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}0-9-])(?:{'|'.join(_lists()['capitals'])})(?![\p{{L}}\p{{M}}0-9])"
    )


class HealthRecognizer(TextRecognizer):
    """Finds what may reveal someone's health in running text."""

    ENTITY = "MAY_REVEAL_HEALTH"
    CATEGORY = "user.health_and_medical"
    RANK = _LAST
    SCREEN = screened(
        "|".join(
            map(
                _alternation,
                ("sure", "more", "beside", "drugs", "body", "capitals", "stays", "endings"),
            )
        )
        + "|(?:til|hos|hjå|hja.|av|the|a|my|his|her|our)[ ][a-z ]*(?:lege|psyk|fysio|logoped|terapeut|kiroprakt|jordmor|helses|audiograf|ortoped|nevrolog|"
        "spesialist|kirurg|fysiolog|sexolog|osteopat|naprapat|doctor|gp|therap|midwife|special|surgeon|ologist|chiro|counsel)"
        "|klein|skral|uvel|utafor|utkjørt|utkjo.rt|unwell|poorly|dårl|da.rl|[ ](?:på|pa.|ved|fra|frå|fra.|te)[ ](?:ullev|haukel|rikshosp|ahus|st.? ?olav|radiumh|unn|diakonhj|lovisenb|sunnaas|gaustad|blakstad|modum|monteb|feiring|lhl|nordlandssy|kalnes|sus|aker|betanien|haraldspl|volvat|aleris)|(?:kur|opptren|rehab|rekreasj|avrus|utredning)[a-z]*[ ](?:på|pa.|ved|hos|at)[ ]|forvirr|desorient|berus|confused|disorient|drunk|intoxic|"
        + alternation(CATEGORY)
    )

    def find(self, text: str) -> Iterator[Found]:
        """Illnesses, injuries, aids and stays, by themselves or beside a person; phrases whole."""
        found = list(self._parts(text))
        yield from found
        if not found and not may_reveal(text, self.CATEGORY):
            return
        yield from _phrases(text, [*found, *may_reveal(text, self.CATEGORY)])

    @staticmethod
    def _parts(text: str) -> Iterator[Found]:
        for match in _injury().finditer(text) if _hurt().hits(text) else ():
            if beside_person(text, match.start(), match.end()):
                yield *match.span(), _SURE
        for match in _capitals().finditer(text):
            if not _all_capitals(text, *match.span()) and beside_person(
                text, match.start(), match.end()
            ):
                yield *match.span(), _BESIDE
        for name in ("sure", "more"):
            for start, end in _words(text, name):
                if beside_person(text, start, end):
                    yield start, end, _SURE
        for start, end in _words(text, "stays"):
            if beside_person(text, start, end) and not at_work(text, start, end):
                yield start, end, _BESIDE
        for name in ("beside", "drugs"):
            for start, end in _words(text, name):
                if beside_person(text, start, end):
                    yield start, end, _BESIDE
        for start, end in _grammar(text):
            if beside_person(text, start, end):
                yield start, end, _BESIDE


def _grammar(text: str) -> Iterator[tuple[int, int]]:
    """Joined words by their end, who is gone to, and how somebody is."""
    if not _maybe().hits(text):
        return
    for match in _ended().finditer(text):
        called = match.group()[0].isupper() and _CALLED.match(text, match.end())
        low = match.group().casefold()
        if (
            not called
            and low not in _unlike()
            and not low.endswith(_FORCES)
            and not is_thing(text, *match.span())
        ):
            yield match.span()
    for pattern, group in (
        (_TREATED, "who"),
        (_TREATED_ENGLISH, "who"),
        *((p, "what") for p in _STATES),
    ):
        for match in pattern.finditer(text):
            yield match.span(group)


@cache
def _ended() -> regex.Pattern[str]:
    ends = "|".join(sorted(map(either_form, _lists()["endings"]), key=len, reverse=True))
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}])\p{{L}}[\p{{L}}\p{{M}}-]{{2,30}}?(?:{ends}){_ENDING_REST}(?![\p{{L}}\p{{M}}-])",
        regex.IGNORECASE,
    )


@cache
def _maybe() -> Prefilter:
    return Prefilter(_ended(), _TREATED, _TREATED_ENGLISH, *_STATES)


@cache
def _hurt() -> Prefilter:
    return Prefilter(_injury())


@cache
def _unlike() -> frozenset[str]:
    return frozenset(word + rest for word in _lists()["unlike"] for rest in ("", "en", "er", "e"))


@cache
def _behind() -> regex.Pattern[str]:
    """Where it is, how far it has come: `i venstre arm`, `type 1`, `i uke 34`."""
    parts = "|".join(sorted(map(either_form, _lists()["body"]), key=len, reverse=True))
    return regex.compile(
        rf"[ ](?:(?:i|på|in|of|on)[ ](?:(?:begge|venstre|høyre|høgre|både|left|right|both|the|her|his|my)[ ])?(?:{parts}|bukspyttkjertelen)"
        r"|type[ ][12]|i[ ]uke[ ][0-9]{1,2}|i[ ]veke[ ][0-9]{1,2}|på[ ]Montebello|på[ ]Sunnaas|på[ ]\p{Lu}\p{Ll}+(?:hjemmet|heimen|sykehuset|sjukehuset)|etter[ ](?:et[ ]|eit[ ])?(?:fall|slag|ulykke|ulykka|ulukke))(?![\p{L}\p{M}0-9-])",
        regex.IGNORECASE,
    )


def _phrases(text: str, hits: Sequence[Found]) -> Iterator[Found]:
    """The hits with what leads to them and follows, as one where they touch."""
    wider: list[list[int]] = []
    for first, last, _ in sorted(hits):
        lead = _LEAD.search(text, max(0, first - _AGO), first)
        behind = _behind().match(text, last)
        start, end = lead.start() if lead else first, behind.end() if behind else last
        if wider and start <= wider[-1][1]:
            wider[-1][1] = max(wider[-1][1], end)
        else:
            wider.append([start, end])
    plain_ones = {(first, last) for first, last, _ in hits}
    for start, end in wider:
        if (start, end) not in plain_ones:
            yield start, end, _SURE


def _all_capitals(text: str, start: int, end: int) -> bool:
    """Whether the words around are in capitals as well: `CAN YOU REACH ME AT HOME`."""
    around = text[max(0, start - _NEAR) : start] + text[end : end + _NEAR]
    return any(letter.isupper() for letter in around) and not any(c.islower() for c in around)


def _words(text: str, name: str) -> Iterator[tuple[int, int]]:
    automaton, stems = _found_by(name)
    for match in automaton.finditer(text):
        start, end = match.span(1)
        hit = " ".join(text[start:end].casefold().split())
        if start and text[start - 1] == "<":
            continue  # `<HELSEOPPLYSNING>` is what a redaction left
        if hit in stems:
            rest = _REST.match(text, end)
            last = rest.end() if rest else end
            if is_thing(text, end, last) or text[start:last].casefold().endswith(_FORCES):
                continue
            yield start, last
        elif end >= len(text) or not _LETTER.match(text[end]):
            yield start, end
