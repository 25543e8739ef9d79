"""Names that the words before them announce: `jeg heter …`, `Kunde: …`, `v/ …`, `my name is …`.

A label with a colon is trusted with any words behind it; other announcements need a capital or
a name that the lists know.
"""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.texts.lexicon import is_everyday, is_given, is_surname, plain
from detectors.texts.name_grammar import WORD, known, name_end, place_only
from detectors.texts.prefilter import Prefilter
from detectors.texts.recognizer import Found, TextRecognizer

_B = r"(?<![\p{L}\p{M}])"
_KIN = (
    r"(?:olde|tipp|beste|mor|far|sviger|ste|små|lille|barne|unge|eks-?|ekte)?(?:mor|far|mora|moren|faren|søster|søstera|søsteren|"
    r"bror|broren|broder|mann|mannen|kone|kona|datter|datteren|dattera|dotter|dottera|sønn|sønnen|son|sonen|barn|"
    r"foreldre|samboer|samboeren|sambuar|kjæreste|kjæresten|forlovede|venn|venninne|venninna|kamerat|nabo|naboen|"
    r"kollega|kollegaen|sjef|sjefen|leder|lederen|lærling|lærlingen|trainee|vikar|vikaren|trener|treneren|lærer|"
    r"læreren|rektor|vaktmester|vaktmesteren|sjåfør|sjåføren|budet|assistent|assistenten|dirigent|dirigenten|"
    r"formann|formannen|kasserer|sekretær|elev|eleven|student|studenten|ekspeditør|montør|montøren|guten|gutten|"
    r"jenta|jenten|ungen|barnebarn|barnebarnet|oldebarn|fadder|prest|presten|barnet)|tante|onkel|fetter|fetteren|"
    r"kusine|kusina|nevø|nevøen|niese|niesa|svoger|svogeren|svigerinne|lille|vesle|gamle|agent"
)
_KIN_ENGLISH = (
    r"(?:husband|wife|son|daughter|partner|boyfriend|girlfriend|mother|father|mum|mom|dad|sister|brother|aunt|uncle|"
    r"cousin|nephew|niece|grandma|grandmother|grandpa|grandfather|neighbour|neighbor|friend|flatmate|colleague|boss|"
    r"manager|assistant|intern|trainee|agent|driver|courier|coach|teacher|porter|secretary|accountant|chef)"
)
_SAID = (
    r"(?:jeg|eg|æ|e|ej|jæ|i|han|ho|hun|me|vi)[ ](?:heter|heiter|heite|heit|hete|hette|het)|"
    r"som (?:het|hette|heit|heite|hete)|heter|heiter|mitt navn er|navnet mitt er|namnet mitt er|mitt namn er|navnet er|namnet er|"
    r"my name is|my name's|name is|name's|i am called|called|signed by|signert|undertegnede,?|"
    r"på vegne av|på vegner av|on behalf of|for hr\.?|herr|fru|frøken|hr\.|mr\.?|mrs\.?|ms\.?|miss|dr\.|"
    r"snakket med|snakka med|snakke med|prata med|pratet med|prate med|snakkar med|spoke with|"
    r"spoke to|talked to|speak to|snakket m/|pratet m/|snakka m/|"
    r"(?:kunden|kunde|innringer|mottaker|bestiller|kontaktperson|selger|saksbehandler|kollega|"
    rf"{_KIN}(?:[ ](?:min|mi|mitt|vår|hans|hennes|hennar))?,?|(?:my|our|your|his|her|the)[ ]{_KIN_ENGLISH},?)|"
    r"leveres til|sendes til|hentes av|mottatt av|sendt av|bestilt av|registrert på|adressert til|"
    r"avtalt med|avtale med|godkjent av|signert av|betalt av|utført av|ringte|ringt av|fakturert til|"
    r"delivered to|sent to|ordered by|picked up by|addressed to|stilet til|står på|"
    r"hilsen til|hils|i navnet|i namnet|under navnet|in the name of|this is|this was"
)
_LABEL = (
    r"(?:fullt[ ]|fullstendig[ ]|kundens?[ ]|customer[ ]|full[ ]|first[ ]|last[ ]|contact[ ])?"
    r"(?:navn|namn|name)|for- og etternavn|fornavn(?: og etternavn)?|førenamn|etternavn|etternamn|"
    r"kontaktperson|kontakt|kunde|kundens navn|kundenavn|customer|contact|contact person|mottaker|"
    r"mottakar|bestiller|bestillar|innringer|saksbehandler|ansvarlig|deltaker|deltakar|elev|ansatt|"
    r"tilsett|medlem|foresatt|pasient|gjest|leietaker|eier|eigar|kontohaver|kortholder|recipient|"
    r"cardholder|employee|attention|signatur|signature|reg\.? av|registrert av|selger|deres ref\.?|"
    r"vår ref\.?|your ref\.?|our ref\.?|ref\.?person|pårørende|passasjer|navn på mottaker|"
    r"forfall|fraværende|fråverande|til stede|til stades|referent|ordstyrer|møteleder|vikar|vara|stedfortreder|"
    r"organist|kantor|klokker|medspiller|medspelar|vekter|behandler|instruktør|veileder|rettleiar|kontaktlærer|rektor|inspektør|sokneprest|prest|dirigent|fadder|"
    r"revisor|styremedlem|varamedlem|verneombud|vaktmester|ordstyrar|lånetaker|låntaker|skyldner|debitor|leietaker|leigetakar|beboer|bebuar|fører|eigar|"
    r"attestant|godkjenner|sjåfør|vitne|foto|trener|lagleder|styreleder|kasserer|ship to|deliver to|bill to|sold to|navn mottaker|fakturamottaker|facebook|messenger|linkedin|eier|kontohaver er|navn på kontohaver er"
)
_FOR = r"(?:v/|attn?(?:[.:]{1,2}|(?=[ ]))|c/o|m/|co/|v\.)"
_INTRODUCED = regex.compile(rf"{_B}(?:{_SAID})[ ]+[\"“]?", regex.IGNORECASE)
_LABELLED = regex.compile(
    rf"{_B}(?:{_LABEL})[ ]?(?:\([^)\n]{{1,30}}\)[ ]?)?[:=][ \t]*(?:\n[ \t]*)?[\"“]?",
    regex.IGNORECASE,
)
_CARE_OF = regex.compile(rf"(?<![\p{{L}}\p{{M}}0-9./]){_FOR}[ ]*", regex.IGNORECASE)
# "dette er Kari", "det er Kari som …", "jeg er Kari": only with a known given name.
_CALLER = regex.compile(
    rf"{_B}(?:dette er|det er|det e|her er|jeg er|eg er|æ e|i am|i'm|it's|it is|this is|"
    rf"via|fra|frå|av|til|for|med|hos|ved|by|from|to|with)[ ]+",
    regex.IGNORECASE,
)
# What is written on a parcel, a bell or a cup: `merket "Lund/Knutsen"`.
_QUOTED = regex.compile(
    rf"{_B}(?:merk(?:et|a|es)?|ring(?:er)? på|stå|står|gravert|skiltet|postkasse\p{{L}}*|dør\p{{L}}*|bom(?:men)?|navnet|namnet)"
    r"(?:[ ]\p{L}+){0,3}[ :]{1,2}[\"“«](?P<what>\p{Lu}[^\"”»\n]{1,40})[\"”»]",
    regex.IGNORECASE,
)
# "på skiltet står Brekke", "my doorbell says Ferreira".
_SIGNED = regex.compile(
    rf"{_B}(?:dør\p{{L}}*|\p{{L}}*skilt(?:et|a)?|postkasse\p{{L}}*|ringeklokk\p{{L}}*|bjelle\p{{L}}*|doorbell|nameplate|mailbox|letterbox)"
    r"[ ](?:står|stod|sto|stend|says|reads|said|er merket|er merka)(?:[ ]det)?[ :]{1,2}(?=\p{Lu})",
    regex.IGNORECASE,
)
_PARTS = regex.compile(r"[^/&,+]+")
_STARTS = regex.compile(r"(?:^|\n|[.!,][ ])[> ]*")
_AND = regex.compile(r"[ ](?:og|&|and)[ ]")
_COMMA = regex.compile(r",[ ]?")
_FIELD_END = regex.compile(r"[ \t.]*(?:$|[\n,;|/(<])|[ ]{2,}")
_HERE = regex.compile(r"[ ](?:her|here|speaking|fra|frå|from|som|i)(?![\p{L}\p{M}])")


_MAYBE_INTRODUCED = Prefilter(_INTRODUCED)
_MAYBE_LABELLED = Prefilter(_LABELLED, _SIGNED, _QUOTED)


class IntroducedNameRecognizer(TextRecognizer):
    """Finds names behind the words that announce them."""

    ENTITY = "PERSON"
    CATEGORY = "user.name"

    def find(self, text: str) -> Iterator[Found]:
        """Names behind announcements and labels."""
        if _MAYBE_INTRODUCED.hits(text):
            for match in _INTRODUCED.finditer(text):
                yield from _after(text, match.end(), 0.88, 0.55)
        for match in _CARE_OF.finditer(text):
            yield from _after(text, match.end(), 0.9, 0.6)
        if _MAYBE_LABELLED.hits(text):
            yield from self._labelled(text)
        for match in _CALLER.finditer(text):
            end = name_end(text, match.end())
            if end > match.end() and _given_first(text[match.end() : end]):
                yield match.end(), end, 0.75
        # "Kari her", "Kari Nordmann fra Firma": at the start of a text or a line.
        for match in _STARTS.finditer(text):
            end = name_end(text, match.end())
            if (
                end > match.end()
                and _given_first(text[match.end() : end])
                and _HERE.match(text, end)
            ):
                yield match.end(), end, 0.75

    @staticmethod
    def _labelled(text: str) -> Iterator[Found]:
        """Names in forms, on bells and on parcels."""
        for match in _LABELLED.finditer(text):
            yield from _in_form(text, match.end())
        for match in _SIGNED.finditer(text):
            end = name_end(text, match.end())
            if end > match.end() and text[match.end()].isupper():
                yield match.end(), end, 0.87
        for match in _QUOTED.finditer(text):
            start = match.start("what")
            parts = [
                (start + part.start(), start + part.end())
                for part in _PARTS.finditer(match["what"])
            ]
            whole = [name_end(text, first) == last for first, last in parts]
            listed = [is_surname(low) or known(low) for low in (plain(text[a:b]) for a, b in parts)]
            # "Abrahamsen/Okafor": who shares a door with a name is one.
            if all(whole) and any(listed):
                for first, last in parts:
                    yield first, last, 0.87


def _after(text: str, start: int, sure: float, unsure: float) -> Iterator[Found]:
    end = name_end(text, start)
    if end == start:
        return
    name = text[start:end]
    if known(name, announced=True):
        yield start, end, sure
    elif not place_only(name):
        yield start, end, unsure
    joined = _AND.match(text, end)
    if joined is None:
        return
    more = name_end(text, joined.end())
    if more > joined.end() and known(text[joined.end() : more]):
        yield joined.end(), more, sure


def _in_form(text: str, start: int) -> Iterator[Found]:
    """The value of a field: a name, given name first or last."""
    end = name_end(text, start, form=True)
    if end == start:
        return
    reverse = _COMMA.match(text, end)
    if reverse and not is_given(plain(text[start:end])):  # "Nordmann, Kari"
        more = name_end(text, reverse.end())
        if more > reverse.end() and is_given(plain(WORD.findall(text[reverse.end() : more])[0])):
            end = more
    name = text[start:end]
    if _CARE_OF.match(text, end + 1):
        return  # "Mottaker: Coop Obs v/ Kari Nordmann": a company, and who stands for it
    if known(name, announced=True):
        yield start, end, 0.9
    elif name[0].isupper() and len(WORD.findall(name)) > 1:
        yield start, end, 0.75  # a model that knows the company outvotes it
    elif not place_only(name) and _field_ends(text, end):
        yield start, end, 0.7


def _field_ends(text: str, end: int) -> bool:
    """Whether the field's value ends where the name does."""
    return _FIELD_END.match(text, end) is not None


def _given_first(name: str) -> bool:
    first = plain(WORD.findall(name)[0])
    return is_given(first) and not is_everyday(first)
