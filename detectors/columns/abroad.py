"""Forms that other countries write and nobody else: what the values alone tell where a rule is Norway's."""

from __future__ import annotations

from detectors.columns.gazetteer import key, place_keys
from detectors.columns.profile import Profile
from detectors.columns.weighing import Candidate, candidate_for
from sladd.model import How

_NUMBER = "user.government_id.national_identification_number"
_POSTCODE = "user.contact.address.postal_code"
_TOLD = 5.0  # log-odds of a form that nothing else is written in
_MOSTLY = 0.6  # share of the different values
_PARTLY = 0.1  # share from which a column holds such numbers among others
_FEWEST = 5  # different values
_STREETS = (
    r"(?i)^\s*(?:[0-9]{1,4}[a-z]?,? )?[\pL][\pL\pM .'’-]*(?:stra(?:ß|ss)e|str\.|[\pL-]weg|[ -]weg|gasse|platz|allee|ufer|chaussee|gatan|vägen"
    r"|gränd|stigen|torget|backen|vej|gade|stræde|allé|plads|vænge|veien|vegen|gata|gaten|gate| vei| veg|svingen"
    r"|(?: (?:street|road|lane|avenue|close|drive|crescent|terrace)))(?:,? [0-9]{1,4} ?[a-z]?(?:[ ,/].{0,24})?)?\s*$"
)
# Finnish and Dutch streets end in a word of their own, and a number stands behind.
_STREETS_TWO = (
    r"(?i)^\s*[\pL][\pL\pM .'’-]*(?:katu|kuja|polku|raitti|kaari|tie|puistikko|rinne|väylä|aukio|straat|laan|gracht|kade|plein"
    r"|singel|dijk|dreef|steeg|hof)\.? [0-9]{1,4} ?[a-z]{0,2}(?:[ ,/-].{0,28})?\s*$"
)
_CODE_AND_TOWN = r"^\s*(?:[A-Z]{1,2}-)?(?:[03-9][0-9]{3}|1[0-8][0-9]{2}|2[1-9][0-9]{2}|[0-9]{5}|[1-9][0-9]{2} [0-9]{2}) \p{Lu}[\pL\pM.'’ /-]{1,30}\s*$"
# Category → form (RE2). Swedish and British postcodes; Swedish birth numbers with the century and
# a dash (SKV 704); streets by their ending, and no number behind. Five digits, as in
# Germany, are numbers of customers as often.
_FORMS: tuple[tuple[str, str], ...] = (
    (_POSTCODE, r"^\s*(?:SE?-)?[1-9][0-9]{2} [0-9]{2}\s*$"),
    (
        _POSTCODE,
        r"^\s*[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}\s*$",
    ),
    # the same with the town behind them; years come before events and collections
    (
        _POSTCODE,
        _CODE_AND_TOWN,
    ),
    (
        _NUMBER,
        r"^\s*(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278][0-9]|[39][01])[-+][0-9]{4}\s*$",
    ),
    (
        "user.contact.address.street",
        _STREETS,
    ),
    ("user.contact.address.street", _STREETS_TWO),
)  # fmt: skip
_PHONE = "user.contact.phone_number"
# A telephone number as it is dialled at home in most of Europe: a 0, the area, and groups of digits
# (ITU-T E.123); or from anywhere, with + and the country.
_DIALLED = r"^\s*(?:0[1-9][0-9]{0,4}[ /-]{1,3}[0-9]{2,4}(?:[ -]?[0-9]{2,4}){1,3}|\(0[1-9][0-9]{0,4}\)[ -]?[0-9]{3,8}(?:[ -][0-9]{2,4}){0,2}|(?:\+|00)[1-9][0-9]{0,2}[ ./-]?(?:\(0\))?(?:[0-9][ ./-]?){7,12}|07[0-9]{9})\s*$"
_DIALLED_GROUPED = r"^\s*(?:\(?0[1-9]|(?:\+|00)[1-9])[0-9() ./-]*[ ./)-]"
_LOOKED = 20  # values looked at before all are held against a form
_HOUSE_FIRST = r"(?i)[ ](?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|close|crescent|terrace|square|row|highway|parkway)\.?(?:[ ,].*)?$"
_NEARLY = 0.9
_HETU = r"(?i)^\s*[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-Y]\s*$"
_HETU_SIGNS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_TOWN_AND_LAND = r"^\s*\p{Lu}[\pL\pM .'’-]{1,30}, ?\p{Lu}{2}\s*$"
_CITY = "user.contact.address.city"
_CVR = r"(?i)^\s*(?:DK[ -]?)?[1-9][0-9](?: ?[0-9]{2}){3}\s*$"
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_CHECKED_MOST = 200  # numbers whose digit is checked
# Bankgiro, and the line of a Danish payment slip (FIK): its kind, the payer and the creditor.
_GIRO = r"^\s*[0-9]{3,4}-[0-9]{4}\s*$|^\s*\+(?:01|04|15|7[135])<(?:[0-9]{14,19}\+?)?(?:\+?[0-9]{7,8})<\s*$"
_OTHER_FIRMS = (
    r"(?i)^\s*(?:SE|DE|DK|FI|GB|NL|FR|PL|BE|AT|ES|IT|IE|EE|LV|LT)\s?[0-9A-Z]{8,12}\s*$"
    r"|^\s*[0-9]{6}-[0-9]{4}\s*$"
)


def add_abroad(candidates: list[Candidate], column: Profile) -> None:
    """Let forms of other countries speak.

    Args:
        candidates: of the column; new ones are added.
        column: its values.
    """
    if len(column.values) < _FEWEST:
        return
    for category, form in _FORMS:
        share = column.share(form)
        if form == _CODE_AND_TOWN and column.share(_HOUSE_FIRST) >= _PARTLY:
            continue  # `1204 Oak Avenue`
        if share >= _MOSTLY:
            _tell(candidates, category, share, len(column.values))
        elif category == _NUMBER and share >= _PARTLY and share * len(column.values) >= _FEWEST:
            _tell(candidates, category, share, len(column.values)).how = How.CONTAINS
    looked = column.drawn(_LOOKED)
    begun = sum(cell.lstrip()[:1] in "0+(" for cell in looked)
    dialled = column.share(_DIALLED) if 2 * begun >= len(looked) else 0.0
    if dialled >= _NEARLY and column.share(_DIALLED_GROUPED) >= _MOSTLY and not is_giro(column):
        _tell(candidates, _PHONE, dialled, len(column.values))
    if finnish_persons(column) >= _MOSTLY:
        _tell(candidates, _NUMBER, finnish_persons(column), len(column.values))
    share = column.share(_TOWN_AND_LAND)
    if share >= _MOSTLY and _towns(column) >= 0.5:
        _tell(candidates, _CITY, share, len(column.values))


def _towns(column: Profile) -> float:
    """Share 0-1 of the values whose words before the comma are a town."""
    cells = column.drawn(_CHECKED_MOST)
    return sum(key(cell.partition(",")[0].strip()) in place_keys() for cell in cells) / len(cells)


def finnish_persons(column: Profile) -> float:
    """Share 0-1 of the values with the form and the check sign of a henkilötunnus.

    Source: Digital and Population Data Services Agency (dvv.fi): the nine digits modulo 31 give
    the sign; individual numbers from 900 are for temporary use and tests.
    """
    if len(column.values) < _FEWEST or column.share(_HETU) < _MOSTLY:
        return 0.0
    numbers = [cell.strip().upper() for cell in column.drawn(_CHECKED_MOST)]
    right = [
        len(number) == 11
        and (number[:6] + number[7:10]).isdecimal()
        and _HETU_SIGNS[int(number[:6] + number[7:10]) % 31] == number[10]
        for number in numbers
    ]
    return sum(right) / len(right)


def is_giro(column: Profile) -> bool:
    """Whether the numbers are written as Swedish bankgiro numbers are, which telephones are not."""
    return len(column.values) >= _FEWEST and column.share(_GIRO) >= _NEARLY


def of_other_firms(column: Profile) -> bool:
    """Whether the numbers are written as companies' numbers of other countries."""
    return column.share(_OTHER_FIRMS) >= 0.5 or danish_firms(column) >= _MOSTLY


def danish_firms(column: Profile) -> float:
    """Share 0-1 of the values with the form and the check digit of a CVR number.

    Source: Erhvervsstyrelsen, CVR: eight digits, weights 2 7 6 5 4 3 2 1, modulus 11.
    """
    if len(column.values) < _FEWEST or column.share(_CVR) < _MOSTLY:
        return 0.0
    numbers = ["".join(filter(str.isdigit, cell)) for cell in column.drawn(_CHECKED_MOST)]
    right = [
        len(number) == len(_CVR_WEIGHTS)
        and sum(int(d) * w for d, w in zip(number, _CVR_WEIGHTS, strict=True)) % 11 == 0
        for number in numbers
    ]
    return sum(right) / len(right)


def _tell(candidates: list[Candidate], category: str, share: float, distinct: int) -> Candidate:
    found = candidate_for(candidates, category)
    found.barred = False
    found.add("pattern", _TOLD, share=round(share, 3), distinct=distinct)
    return found
