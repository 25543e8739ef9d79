"""Signals of one column by itself: its values, its name, and the kind of table it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.columns.chance import (
    given,
    largest_part,
    like_phones,
    likelihood_ratio,
    scattered,
    sequence,
)
from detectors.columns.expectations import weight_of_values
from detectors.columns.header_match import HeaderMatch
from detectors.columns.profile import Profile
from detectors.columns.recognition import STANDS_ALONE, Hits
from detectors.columns.tables import BEHAVIOUR, IMPERSONAL
from detectors.columns.weighing import Candidate

# Categories that only a name, a neighbour or a list of names can tell, and that a table of
# products or codes therefore never holds.
SOFT = (
    "user.name", "user.contact.address", "user.content", "user.demographic", "user.job_title",
    "user.workplace", "user.health_and_medical", "user.location", "user.childrens",
    "user.behavior", "user.criminal_history", "user.biometric", "user.account",
    "user.privacy_preferences", "organization.name", "user.education", "user.financial.income",
    "user.financial.salary",
)  # fmt: skip
OF_ORGANISATION = {
    "user.contact.phone_number": "organization.contact.phone_number",
    "user.contact.address.street": "organization",
    "user.contact.address.postal_code": "organization",
    "user.contact.address.city": "organization",
    "user.contact.address.municipality": "organization",
    "user.contact.address.country": "organization",
    "user.contact.url": "organization",
    "user.financial.bank_account": "organization.bank_account",
}
_TWINS = {company: person for person, company in OF_ORGANISATION.items() if "." in company}
_CHECKED = {
    "user.government_id.national_identification_number", "user.financial.bank_account",
    "organization.registration_number", "user.financial.iban", "user.financial.credit_card",
    "user.payment.kid",
}  # fmt: skip
_BEGIN_ALIKE = 3.0  # log-odds from which leading digits speak of telephones, with a neighbour
_MOST = 0.75  # share of the values that pass a check, below which it is doubted
BUILD = 40  # four numbers up to here are versions as well as addresses
_GROUPED = (  # as people group the digits of a telephone number, and of nothing else
    r"(?i)^\s*(?:tlf|tel|mob|mobil|telefon|phone)?[.]?:?\s*(?:[2-79][0-9]{2}[ .-][0-9]{2}[ .-][0-9]{3}|[2-79][0-9](?:[ .-][0-9]{2}){3})\s*$"
)
_ELEVEN = r"^\s*[0-9]{9,11}\s*$"  # fødselsnumre and accounts, whose zeros may be lost, are KIDs too
_PAIRED = r"^\s*[0-9]{2}(?:\.[0-9]{2}){3}\s*$"  # telephone numbers written with points
_ADDRESSED = r"\pL@\pL[\pL\d-]*\."
_LOGS_IN = r"^\s*(?:[\pL\d.-]{1,20}\\)?[a-zæøå]{2,}[._-]?[a-zæøå]{1,}\d{0,3}\s*$|^\s*[A-ZÆØÅ]{4,12}\d{0,2}\s*$"
_ACCOUNTS = frozenset(
    ("user_id", "userid", "user", "bruker_id", "brukar_id", "assigned_user_id", "bruker")
)
_TITLES = ("title", "tittel")
# Words for what a thing has as well as a person: a course's name, a meeting's place.
_OF_THINGS = (
    "name",
    "navn",
    "namn",
    "title",
    "tittel",
    "language",
    "lang",
    "locale",
    "språk",
    "description",
    "beskrivelse",
    "note",
    "notes",
    "text",
    "tekst",
    "city",
    "sted",
    "country",
    "land",
    "address",
    "adresse",
    "initials",
    "subject",
    "prefix",
    "region",
    "content",
    "body",
    "job",
    "position",
)
PERSON_ONLY = 3.0  # a name of this weight speaks of a person, whatever the table
_ALWAYS = 6.0  # log-odds that a rule's hits can bring; the ceiling of the family


@dataclass(frozen=True)
class Surroundings:
    """What a column stands in. Names of columns are the schema's, never values."""

    kind: str
    organisation: bool
    head: str = ""  # kind of the noun that the table's name ends with

    @property
    def person(self) -> bool:
        """Whether the rows of the table are persons, by its name."""
        return self.kind == "person" and self.head in {"person", ""}


def from_hits(
    hits: Sequence[Hits], column: Profile, named: frozenset[str] = frozenset()
) -> tuple[list[Candidate], frozenset[str]]:
    """Candidates from recognisers, weighed against chance, and the categories outranked.

    Args:
        hits: of every recogniser, the outranking first.
        column: the values.
        named: categories that the column's name speaks of. They give way only to a much
            stricter rule: every fødselsnummer is a kontonummer, but a KID is no payment card.
    """
    kept: list[tuple[Hits, float, Candidate]] = []
    lost: set[str] = set()
    ordered = sequence(column.values)
    for hit in hits:
        if not hit.whole:
            continue
        declaration = hit.declaration
        n = len(column.values)
        grouped = declaration.entity == "PHONE_NUMBER" and column.share(_GROUPED) >= 0.5
        alone = (
            grouped
            or (hit.stands_alone >= STANDS_ALONE and hit.whole >= 3)
            or hit.stands_alone == 1.0
        )
        declared = max(chance_of(hit, hits, n), 1e-4 if declaration.checksum else 0.01)
        if (alone or _with_country_code(hit, n)) and not declaration.checksum:
            declared = 0.01  # the country code is no accident
        plain = _bounded(likelihood_ratio(hit.whole, n, declared))
        if not declaration.checksum and hit.whole == n:
            plain = max(plain, 0.0)  # a rule that everything passes says nothing, not the contrary
        candidate = Candidate(declaration.category, declaration.entity, rank=declaration.rank)
        candidate.add(
            "checksum" if declaration.checksum else "pattern", plain,
            matched=hit.whole, distinct=n, chance=round(declared, 5),
            **{f"subtype {name}": count for name, count in hit.subtypes.items() if name},
        )  # fmt: skip
        weight = plain
        if hit.permuted is not None and (
            declaration.checksum or not (alone or _with_country_code(hit, n))
        ):
            against_itself = _bounded(likelihood_ratio(hit.whole, n, max(declared, hit.permuted)))
            weight = min(plain, against_itself if plain > 0 else plain)
            candidate.add("permutation", weight - plain, permuted=round(hit.permuted, 4))
        if ordered and declared >= 0.02:
            candidate.add("sequence", -4.0, **ordered)
            weight -= 4.0
        if declaration.entity == "PHONE_NUMBER" and not alone:
            spread = scattered(column.values)
            if spread:
                candidate.add("scatter", _ALWAYS, **spread)
                weight += _ALWAYS
            elif (ratio := like_phones(column.values)) >= _BEGIN_ALIKE:
                candidate.add("scatter", min(ratio, _ALWAYS), values=n)
        weight += _doubts(candidate, hit, column)
        outranked = any(
            other.whole >= 0.5 * hit.whole
            and stronger > 4.0
            and (declaration.category not in named or _stricter(other, hit))
            for other, stronger, _ in kept
        )
        if outranked:
            lost.add(declaration.category)
            continue
        if hit.whole < 0.5 * n:
            candidate.barred = True  # a minority: the column is that only if its name says so
        if declaration.needs_context and not alone:
            # Nine in ten of eight values passing a one-in-eleven check digit is no accident.
            share = hit.whole / n
            overwhelming = (
                declaration.checksum and n >= 8 and share >= 0.9 and weight >= 5.0
                and (declaration.chance_rate <= 0.1 or (n >= 40 and share >= 0.95 and column.share(_ELEVEN) < 0.1))
            ) or _with_country_code(hit, n)  # fmt: skip
            candidate.barred |= not overwhelming
        kept.append((hit, weight, candidate))
    return [candidate for _, _, candidate in kept], frozenset(lost)


def _doubts(candidate: Candidate, hit: Hits, column: Profile) -> float:
    """Add what speaks against a rule although it hits; hands back the sum."""
    n = len(column.values)
    total = 0.0
    if hit.declaration.checksum and n >= 8 and hit.whole < _MOST * n:
        # Cards are cards one and all: where a third fail, they are other numbers with Luhn's digit.
        candidate.add("checksum", -3.0, share=round(hit.whole / n, 3), reason="many_fail")
        total -= 3.0
    width = hit.declaration.integer_width
    if column.integers and width and n >= 5:
        longest = max(map(len, column.drawn(1000)))
        if longest < width:
            # Padded one and all: every organisasjonsnummer behind two zeros is an account.
            candidate.add("pattern", -_ALWAYS, longest=longest, reason="never_of_full_width")
            total -= _ALWAYS
    if hit.declaration.entity == "IP_ADDRESS":
        largest = largest_part(column.values)
        if largest is not None and largest <= BUILD:
            candidate.add("pattern", -4.0, largest_part=largest, reason="like_versions")
            total -= 4.0
        if n >= 3 and column.share(_PAIRED) >= 0.9:
            # One address in seventy has two digits in each of its four parts.
            candidate.add("pattern", -_ALWAYS, reason="like_phone_numbers")
            total -= _ALWAYS
    return total


def _with_country_code(hit: Hits, n: int) -> bool:
    """Whether nearly all values are ten digits that begin with 47: one in 130 does by chance."""
    told = sum(hit.subtypes.values())
    return (
        n >= 5 and hit.whole >= 0.9 * n
        and hit.subtypes.get("country_code", 0) >= 0.9 * max(1, told)
    )  # fmt: skip


def _stricter(hit: Hits, other: Hits) -> bool:
    return 5 * hit.declaration.chance_rate <= other.declaration.chance_rate


def chance_of(hit: Hits, hits: Sequence[Hits], n: int) -> float:
    """Declared chance rate, or that among values which pass another check of the same width."""
    declaration = hit.declaration
    rate = declaration.chance_rate
    if not declaration.checksum:
        return rate
    for other in hits:
        width = other.declaration.integer_width
        if (
            other is not hit and other.declaration.checksum and other.whole >= 0.8 * n
            and other.whole > hit.whole and width is not None and width == declaration.integer_width
        ):  # fmt: skip
            return max(rate, given(rate, other.declaration.chance_rate))
    return rate


def _bounded(weight: float) -> float:
    return min(max(weight, -4.0), _ALWAYS)


def add_headers(
    candidates: list[Candidate],
    headers: Sequence[HeaderMatch],
    column: Profile,
    around: Surroundings,
    outranked: frozenset[str] = frozenset(),
) -> None:
    """Let the column's name speak, and its values answer."""
    impersonal = [match for match in headers if not match.category]
    for match in headers:
        if not match.category or match.category in outranked:
            continue  # a kontonummer by its name that is a fødselsnummer by its values
        category = _category(match, around)
        if match.thing and category.startswith(SOFT):
            continue
        if _titled(match) and around.kind in BEHAVIOUR:
            continue  # of what was written, not of who wrote it
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
            named = match.weight >= PERSON_ONLY or (around.kind == "person" and column.repeats < 2)
            if weight < 0 and category == "user.name" and named:
                _user_names(candidates, match, column)
            if (
                not candidate.type
                and match.category in _CHECKED
                and match.shape != "number"
                and len(column.values) >= 5
            ):
                # Numbers with the right name that fail their check: mistyped, or something else.
                candidate.add("checksum", -1.0 if match.weight >= 3.5 else -2.5, matched=0)
            elif match.weight >= PERSON_ONLY and weight > 0:
                _soften(candidate)
            if match.token in _ACCOUNTS and column.share(_LOGS_IN) >= 0.6:
                # A number has digits; what people log in with is made of their names.
                candidate.add("pattern", -3.0, reason="like_user_names")
                _user_names(candidates, match, column)
    for candidate in candidates:
        if impersonal and not any(e.signal == "header" for e in candidate.evidence):
            sure = not candidate.barred and candidate.rank < 1000
            # A name never decides against values that a rule has recognised.
            weight = min(0.4, impersonal[0].weight) if sure else impersonal[0].weight
            candidate.add("header", -weight, token=impersonal[0].token)


def _titled(match: HeaderMatch) -> bool:
    return match.category == "user.job_title" and match.token in _TITLES


def _user_names(candidates: list[Candidate], match: HeaderMatch, column: Profile) -> None:
    """Who it is, said by a user name: `saksbehandler` holding `kanor12`."""
    weight, facts = weight_of_values(column, "username")
    if weight >= 0 and column.share(_ADDRESSED) < 0.5:
        twin = Candidate("user.account.username", "")
        twin.add("header", match.weight, token=match.token)
        twin.add("type", weight, **facts)
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
    if not (match.organisation or around.organisation):
        return match.category
    if match.category in {"user.name", "user.name.last"} and (
        match.weight < PERSON_ONLY or match.organisation
    ):
        return "organization.name"
    return OF_ORGANISATION.get(match.category, match.category)


def _names_someone(candidate: Candidate) -> bool:
    """Whether a name says who has to do with a thing, and not what the thing is called."""
    tokens = [e.facts.get("token", "") for e in candidate.evidence if e.signal == "header"]
    return any(token and not str(token).endswith(_OF_THINGS) for token in tokens)


def add_table(candidates: Sequence[Candidate], around: Surroundings) -> None:
    """Let the table's name speak to what only a context can tell."""
    for candidate in candidates:
        if not candidate.category.startswith(SOFT):
            continue
        if around.kind in IMPERSONAL:
            strong = max((e.weight for e in candidate.evidence if e.signal == "header"), default=0)
            if around.kind == "lookup" and candidate.category.startswith("user.contact.address"):
                continue
            # A register of first names would be a table of products; a customer's is not.
            mild = strong >= 3.5 or (
                candidate.category.startswith("user.name") and _names_someone(candidate)
            )
            candidate.add("context", -2.0 if mild else -4.0, table=around.kind)
        elif around.kind == "thing":
            named = any(e.signal == "header" for e in candidate.evidence)
            written = candidate.category.startswith("user.content") and not named
            if not written and not _names_someone(candidate):
                candidate.add("context", -3.0, table=around.kind)
        elif around.kind in {"person", "address"}:
            candidate.add("context", 1.5, table=around.kind)
        elif around.kind in BEHAVIOUR:
            candidate.add("context", 0.8, table=around.kind)
