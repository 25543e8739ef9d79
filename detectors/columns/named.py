"""What a column's name promises, and what its values answer."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.abroad import danish_firms, is_giro, of_other_firms
from detectors.columns.expectations import weight_of_values
from detectors.columns.header_match import HeaderMatch
from detectors.columns.profile import Profile
from detectors.columns.surroundings import SOFT, Surroundings
from detectors.columns.tables import BEHAVIOUR, IMPERSONAL
from detectors.columns.weighing import Candidate

OF_ORGANISATION = {
    "user.contact.phone_number": "organization.contact.phone_number",
    "user.contact.address.street": "organization",
    "user.contact.address.postal_code": "organization",
    "user.contact.address.city": "organization",
    "user.contact.address.municipality": "organization",
    "user.contact.address.country": "organization",
    "user.contact.url": "organization",
    "user.financial.bank_account": "organization.bank_account",
    "user.financial.iban": "organization.bank_account",
}
_TWINS = {
    company: person
    for person, company in OF_ORGANISATION.items()
    if "." in company and person != "user.financial.iban"
}
_CHECKED = {
    "user.government_id.national_identification_number", "user.financial.bank_account",
    "organization.registration_number", "user.financial.iban", "user.financial.credit_card",
    "user.payment.kid",
}  # fmt: skip
_NUMBERS = ("user.unique_id", "user.link_key")
_POSTCODES = frozenset({"user.contact.address.postal_code", "organization"})
_POSITION = "user.location.precise"
_SAYS_NUMBER = 2.4  # weight of a name that says whose number it is
_WRITTEN = ("user.contact.address", "user.name", "organization.name")
_MAILED = r"[\pL\d]@[\pL\d]"
_MAILS = 0.5  # share of the values with an e-mail address inside
# What such numbers look like in Norway; others are checked otherwise.
_HERE = {
    "user.government_id.national_identification_number": r"^\s*[0-9]{5,6}[ -]?[0-9]{5}\s*$",
}
_ADDRESSED = r"\pL@\pL[\pL\d-]*\."
_LOWER = r"^\s*[a-zæøåäöü]+[._-]?[a-zæøåäöü]*\d{0,4}\s*$"
_UPPER = r"^\s*[A-ZÆØÅ]{2,12}\d{0,4}\s*$"  # as mainframes have what people log in with
_HOST = r"^\s*[\pL\d-]+(?:\.[\pL\d-]+){2,}\.?\s*$"
_DIGIT = r"\d"
_ANYTHINGS = frozenset({"name", "navn", "namn", "title", "label"})
_NUMBERED_LOGIN = r"^\s*[A-ZÆØÅ]{2,12}\d{1,4}\s*$"
_NUMBERS_LOGIN = 3.0  # log-odds where all of them end with a number
_LOGIN_MARK = r"[\pL][._-][\pL]|\d"
_KEYED = r"(?i)^\s*[0-9a-f]{16,}\s*$"
_LOGS_IN = r"^\s*(?:[\pL\d.-]{1,20}\\)?[a-zæøå]{2,}[._-]?[a-zæøå]{1,}\d{0,3}\s*$|^\s*[A-ZÆØÅ]{4,12}\d{0,2}\s*$"
_ACCOUNTS = frozenset(
    ("user_id", "userid", "user", "bruker_id", "brukar_id", "assigned_user_id", "bruker")
)
_TITLES = ("title", "tittel")
_CREDENTIALS, _PASSWORD = "user.authorization.credentials", "user.authorization.password"
# Numbers of a series: letters for what is numbered, perhaps the year, and digits.
SERIES = r"^\s*#[0-9]{3,9}\s*$|^\s*#?[\p{Lu}]{1,6}(?:[-_/.][\p{Lu}]{1,6}){0,3}[-_/.]?(?:(?:19|20)[0-9]{2}[-_/.])?[0-9]{2,9}\s*$"
_FULL = r"^\s*\p{Lu}[\pL\pM.'’-]+(?:,? \p{Lu}[\pL\pM.'’-]*){1,3}(?: \([0-9]{1,9}\))?\s*$"
_MASKED = r"^\s*[*xX•.#]{4,}[ -]?(?:[*xX•#]{0,4}[ -]?){0,3}[0-9]{2,4}\s*$"
_INITIALS = r"^\s*\p{Lu}{2,4}\s*$"
_DANISH_ACCOUNT = r"^\s*[0-9]{4}[ -]{1,3}[0-9]{6,10}\s*$"  # registration number and account
_ORGNR = "organization.registration_number"
_LEDGER = ("account_id", "account_no", "account_number", "account_ref", "accountid", "konto")
_FOUR_DIGITS = r"^\s*[1-8][0-9]{3}\s*$"  # accounts of NS 4102, Norway's standard chart
_MOSTLY = 0.9  # share of the values
_FEW = 20  # different values
_OFTEN = 5  # times that each stands in the table, on average
_SERIAL = 5  # different numbers, from which they are a series
_STATES = 3  # words that answer how, and not who
_TOLD = 2.0  # weight of a name that is more than one of its words
_FAINT = 1.5  # weight of a name that only cells could bear out
PERSON_ONLY = 3.0  # a name of this weight speaks of a person, whatever the table


def add_headers(
    candidates: list[Candidate],
    headers: Sequence[HeaderMatch],
    column: Profile,
    around: Surroundings,
    outranked: frozenset[str] = frozenset(),
) -> None:
    """Let the column's name speak, and its values answer."""
    impersonal = [match for match in headers if not match.category]
    _hashed_tokens(candidates, headers)
    for match in headers:
        if not match.category or match.category in outranked:
            continue  # a kontonummer by its name that is a fødselsnummer by its values
        category = _category(match, around)
        if match.thing and category.startswith(SOFT):
            continue
        if _titled(match) and around.kind in BEHAVIOUR:
            continue  # of what was written, not of who wrote it
        if around.kind in IMPERSONAL and match.token.startswith(_LEDGER):
            continue  # a chart of accounts has accounts that nobody holds
        twin = _TWINS.get(match.category, match.category)
        found = [c for c in candidates if c.category in {match.category, twin}]
        if not found:
            found = [Candidate(match.category, "")]
            candidates.extend(found)
        for candidate in found:
            candidate.category = category
            candidate.personal = match.category
            candidate.barred = False
            candidate.add("header", match.weight, token=match.token)
            weight, facts = weight_of_values(column, match.shape)
            candidate.add("type", weight, **facts)
            if category.startswith(_WRITTEN) and column.share(_MAILED) >= _MAILS:
                # `proxyAddresses` and `reply_to_name` that hold addresses of another kind.
                candidate.add("pattern", -6.0, reason="like_addresses")
            named = match.weight >= PERSON_ONLY or (around.kind == "person" and column.repeats < 2)
            if (
                category == "user.name" and match.weight < PERSON_ONLY and weight >= 0
                and around.kind == "person" and column.repeats < 2 and column.share(_LOWER) >= 0.8
            ):  # fmt: skip
                candidate.add("pattern", -3.0, reason="like_user_names")
                _user_names(candidates, match, column)
            elif (
                category == "user.name" and match.weight >= PERSON_ONLY and weight >= 0
                and column.share(_LOWER) >= 0.95 and column.share(_LOGIN_MARK) >= 0.1
            ):  # fmt: skip
                # Names of persons are written with capitals and in two words.
                candidate.add("pattern", -3.0, reason="like_user_names")
                _user_names(candidates, match, column)
            capitals = column.share(_UPPER) >= 0.95 and column.share(_NUMBERED_LOGIN) >= 0.1
            if category == "user.name" and weight >= 0 and capitals:
                candidate.add("pattern", -3.0, reason="like_user_names")
                _user_names(candidates, match, column)
            # `original_author`; what only has a `name` may be a thing.
            named |= match.token not in _ANYTHINGS and (
                capitals
                or (column.share(_LOWER) >= 0.95 and column.share(_LOGIN_MARK) >= 0.1)
            )  # fmt: skip
            if category in {"user.name", "user.account.username"} and (
                (series := column.share(SERIES)) >= 0.8 and len(column.values) >= _SERIAL
            ):
                candidate.add("pattern", -5.0, share=round(series, 3), reason="like_numbers")
                named = False
            if (
                category == "user.account.username" and len(column.values) >= _SERIAL
                and column.share(_FULL) >= 0.8 and not any(m.category == "user.name" for m in headers)
            ):  # fmt: skip
                # Under `user_name` stands what someone is called as often as what they log in with.
                candidate.add("pattern", -3.0, reason="like_full_names")
                twin_name = Candidate("user.name", "")
                twin_name.add("header", match.weight, token=match.token)
                twin_name.add("type", 0.6, shape="full_name")
                candidates.append(twin_name)
            if weight < 0 and category == "user.name" and named:
                _user_names(candidates, match, column)
            if (
                not candidate.type
                and match.category in _CHECKED
                and match.shape != "number"
                and len(column.values) >= 5
                and not (is_giro(column) or of_other_firms(column) or column.share(_MASKED) >= 0.5)
            ):
                # Numbers with the right name that fail their check: mistyped, or something else.
                here = _HERE.get(match.category)
                abroad = here is not None and column.share(here) < 0.5
                abroad |= column.share(_DANISH_ACCOUNT) >= 0.5
                less = abroad or match.weight >= 3.5
                candidate.add("checksum", -1.0 if less else -2.5, matched=0)
            elif match.weight >= PERSON_ONLY and weight > 0:
                _soften(candidate)
            if category == _ORGNR and (share := danish_firms(column)) >= _MOSTLY:
                # Every CVR number is a KID by its digit; its name says which of them it is.
                candidate.add("checksum", 6.0, share=round(share, 3), chance=0.091)
            few = 0 < len(column.values) <= _FEW and column.repeats >= _OFTEN
            if match.shape == "token" and few:
                # An application or a campaign comes again and again, a visitor's browser does not.
                candidate.add("pattern", -4.0, reason="few_and_often", distinct=len(column.values))
            if match.token.startswith(_LEDGER[:-1]) and few and not column.empty:
                # One's own few accounts, which money comes to and goes from.
                candidate.add("pattern", -4.0, reason="few_and_often", distinct=len(column.values))
            if category == "user.account.username" and few and len(column.values) <= _STATES:
                candidate.add("pattern", -4.0, reason="few_and_often", distinct=len(column.values))
            if category.startswith("user.unique_id") and few and not column.empty and (
                (len(column.values) <= _STATES and column.share(_DIGIT) == 0)
                or (len(column.values) == 1 and around.person)
            ):  # fmt: skip
                # Who was it, a client or the system; and whose system it is.
                candidate.add("pattern", -4.0, reason="few_and_often", distinct=len(column.values))
            if column.empty and match.weight < _FAINT and category == "user.name":
                candidate.add("pattern", -2.0, reason="nothing_to_see")
            if match.token.startswith(_LEDGER) and column.seen_share(_FOUR_DIGITS) >= _MOSTLY:
                candidate.add("pattern", -4.0, reason="like_ledger_accounts")
            told = match.token in _ACCOUNTS and match.weight >= _TOLD
            if told and column.share(_LOGS_IN) >= 0.6:
                # A number has digits; what people log in with is made of their names.
                candidate.add("pattern", -3.0, reason="like_user_names")
                _user_names(candidates, match, column)
    _numbers_of_someone(candidates, headers)
    for candidate in candidates:
        if impersonal and not any(e.signal == "header" for e in candidate.evidence):
            sure = not candidate.barred and candidate.rank < 1000
            # A name never decides against values that a rule has recognised.
            weight = min(0.4, impersonal[0].weight) if sure else impersonal[0].weight
            candidate.add("header", -weight, token=impersonal[0].token)


def _numbers_of_someone(candidates: Sequence[Candidate], headers: Sequence[HeaderMatch]) -> None:
    """Four digits under `user_id` are a number, although there are postcodes like it."""
    told = max(
        (m for m in headers if m.category.startswith(_NUMBERS)),
        key=lambda m: m.weight,
        default=None,
    )
    if told is None or told.weight < _SAYS_NUMBER:
        return
    for candidate in candidates:
        named = any(e.signal == "header" and e.weight > 0 for e in candidate.evidence)
        if candidate.category in _POSTCODES and not named:
            candidate.add("header", -8.0, token=told.token)


def _hashed_tokens(candidates: Sequence[Candidate], headers: Sequence[HeaderMatch]) -> None:
    """A token is kept hashed as a password is; its name tells them apart."""
    told = {match.category for match in headers if match.weight >= _TOLD}
    if _CREDENTIALS not in told or _PASSWORD in told:
        return
    for candidate in candidates:
        if candidate.category == _PASSWORD and candidate.type:
            candidate.category = _CREDENTIALS


def _titled(match: HeaderMatch) -> bool:
    return match.category == "user.job_title" and match.token in _TITLES


def _user_names(candidates: list[Candidate], match: HeaderMatch, column: Profile) -> None:
    """Who it is, said by a user name: `saksbehandler` holding `kanor12`."""
    weight, facts = weight_of_values(column, "username")
    if column.share(_HOST) >= 0.5:
        return  # what a machine is called
    if column.share(_KEYED) >= 0.5:
        return  # nobody logs in with a key of a database
    if weight >= 0 and column.share(_ADDRESSED) < 0.5:
        twin = Candidate("user.account.username", "")
        twin.add("header", match.weight, token=match.token)
        twin.add("type", weight, **facts)
        if capitals := column.share(_NUMBERED_LOGIN):
            twin.add("pattern", _NUMBERS_LOGIN * capitals, share=round(capitals, 3))
        candidates.append(twin)


def _soften(candidate: Candidate) -> None:
    """An unmistakable name with values of the right shape: failed checks count for little."""
    values = [e for e in candidate.evidence if e.signal in {"checksum", "permutation", "pattern"}]
    total = sum(e.weight for e in values)
    if total < -1.0:
        candidate.add("pattern", -1.0 - total, reason="mistyped_numbers")


def _category(match: HeaderMatch, around: Surroundings) -> str:
    """The category, or its twin where the column speaks of a company."""
    if around.kind == "property" and match.category.startswith("user.government_id"):
        return "user.contact.address.property"
    if around.organisation and match.category == _POSITION:
        return "organization"  # where a shop lies, in a table of shops
    if not (match.organisation or around.organisation):
        return match.category
    if match.category in {"user.name", "user.name.last"} and (
        match.weight < PERSON_ONLY or match.organisation
    ):
        return "organization.name"
    return OF_ORGANISATION.get(match.category, match.category)
