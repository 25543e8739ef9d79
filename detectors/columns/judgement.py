"""One column judged: every candidate with its evidence, and what stands inside its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from detectors.columns.abroad import add_abroad
from detectors.columns.birth import add_birth
from detectors.columns.header_match import HeaderMatch
from detectors.columns.headers import HeaderLexicon
from detectors.columns.hit_weights import from_hits
from detectors.columns.likeness import likeness
from detectors.columns.listed import add_likeness
from detectors.columns.named import add_headers
from detectors.columns.options import ScanOptions
from detectors.columns.profile import Profile
from detectors.columns.recognition import Recognition
from detectors.columns.shapes import shapes
from detectors.columns.special import SPECIAL, add_special
from detectors.columns.surroundings import Surroundings, add_table
from detectors.columns.tables import BEHAVIOUR, IMPERSONAL
from detectors.columns.texts import Inside, read, sentences, sparse, text_like
from detectors.columns.weighing import Candidate, calibration
from sladd.model import Evidence, Field, FieldScan, Finding, How, Rival, StorageType

_ARMOUR = r"^\s*-----BEGIN [A-Z0-9 ]+-----"  # RFC 7468 (PEM), RFC 9580 (OpenPGP)
_LOCKED = r"^\s*-----BEGIN (?:[A-Z0-9]+ )?(?:PRIVATE KEY|PGP MESSAGE|PGP PRIVATE KEY BLOCK|ENCRYPTED PRIVATE KEY)"
_MACHINES = r"^\s*https?://\S*/(?:api|rest|graphql|services)/"
_AGENT = r"^Mozilla/\d|AppleWebKit/|^(?i:curl|wget|okhttp|python-requests|googlebot)/\d"
# North America's numbers, whose groups of three, three and four nothing else is written in.
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)+$"  # the end of a page's address
_ENTRY = r"(?i)^\s*(?:/o=.+/)?(?:cn|uid)=[^,/]+(?:,\s*(?:cn|ou|dc|o)=[^,]+)*\s*$"
_NANP = r"^\s*(?:1[ .-])?\(?[2-9][0-9]{2}\)?[ .-]{1,2}[2-9][0-9]{2}[ .-][0-9]{4}\s*$"
_PHONES = ("user.contact.phone_number", "organization.contact.phone_number")
_TEXT = "user.content.private"
_MAILBOX = "user.contact.email"
_ROLE_MAILBOX = "organization.contact.email"
_SLUGS = 0.8  # share of values that are written as slugs, as names never are
_RIVALS = 2  # candidates kept beside the best
_ROLES = 0.8  # share of role addresses from which a column tells of companies
_PLACES = ("user.location.imprecise", "user.name")  # what a product text may well hold


@dataclass
class Judged:
    """A column under judgement. `profile` holds values; the rest can be shown."""

    field: Field
    profile: Profile
    headers: Sequence[HeaderMatch]
    candidates: list[Candidate]
    inside: list[Inside]
    texts: bool  # it reads as free text
    nested: tuple[str, ...] = ()  # categories found in its nested fields
    nested_confidence: float = 0.0  # of the surest of them

    @property
    def best(self) -> Candidate | None:
        """The likeliest candidate; among equals the rule of higher rank."""
        return min(
            self.candidates,
            key=lambda c: (-c.confidence, c.rank, c.category, c.type),
            default=None,
        )

    @property
    def accepted(self) -> str:
        """Category of the best candidate when it is reported; "" otherwise."""
        best = self.best
        if best is None or best.confidence < calibration().threshold:
            return ""
        return best.category


def judge(
    field: Field,
    name: str,
    column: Profile,
    *,
    around: Surroundings,
    lexicon: HeaderLexicon,
    recognition: Recognition,
    options: ScanOptions,
) -> Judged:
    """Judge one column by itself; its neighbours speak later.

    Args:
        field: what is judged.
        name: its name as the lexicon reads it: column, JSON key or key of an EAV table.
        column: its values.
        around: what its table is about.
        lexicon: of the scan's languages.
        recognition: its recognisers.
        options: its budgets.
    """
    headers = lexicon.read(name, around.about)
    named = frozenset(match.category for match in headers)
    hits = recognition.hits(column, named=named, rounds=options.permutations, seed=options.seed)
    candidates, outranked = from_hits(hits, column, named)
    _mailboxes(candidates, column)
    add_headers(candidates, headers, column, around, outranked)
    if column.type is StorageType.STRING and len(column.values):
        if not _told_by_a_rule(candidates, headers):
            add_likeness(candidates, likeness(column), column, around, headers)
        if (slugs := column.share(_SLUG)) >= _SLUGS:
            for candidate in (c for c in candidates if c.category.startswith("user.name")):
                candidate.add("pattern", -4.0, share=round(slugs, 3), reason="like_slugs")
        add_abroad(candidates, column)
        if column.share(_NANP) >= 0.5 and len(column.values) >= 3:
            _phones_abroad(candidates, column)
        entered = any("=" in cell for cell in column.drawn(10))
        if entered and (entries := column.share(_ENTRY)) >= 0.5 and len(column.values) >= 3:
            _told(candidates, "user.account.username", entries, column)
        agents = column.share(_AGENT)
        if agents >= 0.5:
            found = [c for c in candidates if c.category == "user.device.user_agent"]
            candidate = found[0] if found else Candidate("user.device.user_agent", "USER_AGENT")
            if not found:
                candidates.append(candidate)
            candidate.add("pattern", 5.0, share=round(agents, 3), distinct=len(column.values))
        if column.share(_MACHINES) >= 0.5:
            for candidate in (c for c in candidates if c.category == "user.contact.url"):
                candidate.barred = True  # where an interface keeps the record is nobody's page
        locked = column.share(_LOCKED)
        if locked >= 0.5:
            _told(candidates, "user.authorization.credentials", locked, column)
    texts = text_like(column) and column.share(_ARMOUR) < 0.5
    inside = sparse(hits, column)
    if texts:
        entities = recognition.categories
        spans = read(
            column, options.text_spans, options.text_names, most=options.text_rows,
            categories=entities,
        )  # fmt: skip
        if around.kind in IMPERSONAL:
            spans = [s for s in spans if not s.category.startswith((*_PLACES, *SPECIAL))]
        known = {i.category for i in inside}
        inside += [s for s in spans if s.category not in known]
        _free_text(candidates, column, inside, around)
    add_special(candidates, headers, column, around.kind, texts=texts)
    add_birth(candidates, headers, column, around.kind, today=options.today)
    add_table(candidates, around)
    for candidate in candidates:
        if candidate.category == _TEXT:
            candidate.how = How.CONTAINS
    return Judged(field, column, headers, candidates, inside, texts)


def _told(candidates: list[Candidate], category: str, share: float, column: Profile) -> None:
    """Let a form speak that only values of this category are written in."""
    found = next((c for c in candidates if c.category == category), None)
    if found is None:
        found = Candidate(category, "")
        candidates.append(found)
    found.barred = False
    found.add("pattern", 5.0, share=round(share, 3), distinct=len(column.values))


def _phones_abroad(candidates: list[Candidate], column: Profile) -> None:
    """Let the grouping of the digits speak for telephone numbers that no rule knows."""
    found = [c for c in candidates if c.category in _PHONES]
    candidate = found[0] if found else Candidate(_PHONES[0], "PHONE_NUMBER")
    if not found:
        candidates.append(candidate)
    candidate.barred = False
    candidate.add("pattern", 5.0, share=round(column.share(_NANP), 3), distinct=len(column.values))


_LISTED = ("user.name", "user.contact.address.city", "organization.name")


def _told_by_a_rule(candidates: Sequence[Candidate], headers: Sequence[HeaderMatch]) -> bool:
    """Whether a recogniser explains the values and no list of names need be asked."""
    if any(match.category.startswith(_LISTED) for match in headers):
        return False
    return any(
        not c.barred and sum(e.weight for e in c.evidence if e.signal in _RULES) >= 5.0
        for c in candidates
    )


_RULES = ("checksum", "pattern", "permutation")


def _mailboxes(candidates: Sequence[Candidate], column: Profile) -> None:
    """Tell a column of role mailboxes (`post@`) from one of persons."""
    for candidate in candidates:
        if candidate.category != _MAILBOX:
            continue
        from detectors.mailbox import role

        kinds = [role(cell) for cell in column.drawn(1000) if "@" in cell]
        share = kinds.count("role") / len(kinds) if kinds else 0.0
        candidate.add("name_role", 0.0, role_share=round(share, 3), addresses=len(kinds))


def settle_mailboxes(candidates: Sequence[Candidate]) -> None:
    """Give columns of role mailboxes their own category, once their names have spoken."""
    for candidate in candidates:
        if candidate.category == _MAILBOX and any(
            e.signal == "name_role" and float(e.facts.get("role_share", 0)) >= _ROLES
            for e in candidate.evidence
        ):
            candidate.category = _ROLE_MAILBOX


def _free_text(
    candidates: list[Candidate],
    column: Profile,
    inside: Sequence[Inside],
    around: Surroundings,
) -> None:
    """Let sentences, and what stands in them, speak for free text."""
    found = [c for c in candidates if c.category == _TEXT]
    candidate = found[0] if found else Candidate(_TEXT, "FREE_TEXT", How.CONTAINS)
    if not found:
        candidates.append(candidate)
    # Titles are words without a sentence: goods, courses, files. A table's kind alone is not enough.
    written = 1.3 if sentences(column) else 0.3
    candidate.add("text", written, distinct=len(column.values))
    if not found and around.kind in BEHAVIOUR:
        candidate.add("context", 0.4, table=around.kind)
    for item in inside:
        if item.category == "user.location.imprecise":
            continue
        candidate.add(
            "text", 3.0, category=item.category, texts=item.texts, read=item.read, score=item.score
        )


def finding(judged: Judged) -> Finding:
    """What a judged column is, contains, or neither; and what else it might have been."""
    found = _finding(judged)
    others = sorted(
        (c for c in judged.candidates if c.category != found.category),
        key=lambda c: (-c.confidence, c.rank, c.category, c.type),
    )
    seen: dict[str, Rival] = {}
    for candidate in others:
        evidence = tuple(_ordered(candidate.evidence))
        if any(e.weight > 0 for e in evidence):
            seen.setdefault(
                candidate.category, Rival(candidate.category, candidate.confidence, evidence)
            )
    return replace(found, rivals=tuple(seen.values())[:_RIVALS])


# One in ten of these passes the check of those, whose digit is the same (MOD10, Luhn).
_SAME_DIGIT: Mapping[str, frozenset[str]] = {
    "user.payment.kid": frozenset({"user.financial.credit_card"}),
}


def _finding(judged: Judged) -> Finding:
    threshold = calibration().threshold
    best = judged.best
    ref = judged.field.ref
    inside = {i.category for i in judged.inside}
    if best is not None and best.confidence >= threshold:
        also = (inside | set(judged.nested) if best.how is How.CONTAINS else
                {i.category for i in judged.inside if i.checksum}) - {best.category}  # fmt: skip
        also |= set(best.also)
        if best.how is How.IS:
            also -= {c.category for c in judged.candidates if c.rank >= best.rank}
            also -= _SAME_DIGIT.get(best.category, frozenset())
        return Finding(
            ref, best.how, _type(best), best.category, best.confidence,
            tuple(_ordered(best.evidence)), tuple(sorted(also)),
            () if judged.texts else shapes(judged.profile, best.category),
        )  # fmt: skip
    if judged.nested:
        category, *also_nested = judged.nested
        evidence = (Evidence("text", 3.0, {"nested": len(judged.nested)}),)
        return Finding(
            ref, How.CONTAINS, "NESTED", category, judged.nested_confidence, evidence,
            tuple(also_nested),
        )  # fmt: skip
    if judged.inside and not judged.texts:
        return _sparse(judged, threshold)
    rejected = tuple(_ordered(best.evidence)) if best is not None else ()
    odds = best.confidence if best is not None else 0.0
    return Finding(ref, How.NONE, "", "", odds, rejected)


def _sparse(judged: Judged, threshold: float) -> Finding:
    """A column of something else in which a few values are, or hold, personal data."""
    inside = judged.inside
    if any(c.category == _ROLE_MAILBOX for c in judged.candidates):
        inside = [
            replace(i, category=_ROLE_MAILBOX) if i.category == _MAILBOX else i for i in inside
        ]
    ranked = sorted(inside, key=lambda i: (not i.checksum, -i.texts, i.category))
    first = ranked[0]
    candidate = Candidate(first.category, first.type, How.CONTAINS)
    for item in ranked:
        candidate.add(
            "checksum" if item.checksum else "pattern", 4.5,
            category=item.category, matched=item.texts, distinct=item.read,
        )  # fmt: skip
    certain = max(candidate.confidence, threshold)
    also = tuple(sorted({i.category for i in ranked} - {first.category}))
    return Finding(
        judged.field.ref, How.CONTAINS, first.type, first.category, certain,
        tuple(candidate.evidence), also,
    )  # fmt: skip


def _ordered(evidence: Sequence[Evidence]) -> list[Evidence]:
    return sorted(evidence, key=lambda e: (-abs(e.weight), e.signal, str(sorted(e.facts.items()))))


_TYPES: Mapping[str, str] = {
    "user.name": "PERSON",
    "user.name.first": "PERSON",
    "user.name.last": "PERSON",
    "user.contact.email": "EMAIL_ADDRESS",
    "user.contact.phone_number": "PHONE_NUMBER",
    "organization.contact.phone_number": "PHONE_NUMBER",
    "organization.contact.email": "EMAIL_ADDRESS",
    "user.contact.address.postal_code": "NO_POSTAL_CODE",
    "user.contact.address.street": "NO_STREET_ADDRESS",
    "user.government_id.national_identification_number": "NO_FODSELSNUMMER",
    "user.financial.bank_account": "NO_KONTONUMMER",
    "organization.registration_number": "NO_ORGANISASJONSNUMMER",
    "user.content.private": "FREE_TEXT",
}


def _type(candidate: Candidate) -> str:
    """The recogniser's entity, or a word for what only name and values told."""
    if candidate.type:
        return candidate.type
    return _TYPES.get(candidate.category) or candidate.category.rsplit(".", 1)[-1].upper()


def field_scan(judged: Judged, *, shown: str = "") -> FieldScan:
    """The scan of one column."""
    return FieldScan(
        field=judged.field,
        finding=finding(judged),
        rows=judged.profile.rows,
        nulls=judged.profile.nulls,
        distinct=judged.profile.distinct,
        few_values=judged.profile.few_values,
        name_shown=shown or ".".join((judged.field.ref.column, *judged.field.ref.path)),
    )
