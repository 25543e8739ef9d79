"""One column judged: every candidate with its evidence, and what stands inside its texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detectors.columns.birth import add_birth
from detectors.columns.forms import add_forms
from detectors.columns.header_match import HeaderMatch
from detectors.columns.headers import HeaderLexicon
from detectors.columns.hit_weights import from_hits
from detectors.columns.likeness import likeness
from detectors.columns.listed import add_likeness
from detectors.columns.named import add_headers
from detectors.columns.options import ScanOptions
from detectors.columns.profile import Profile
from detectors.columns.recognition import Recognition
from detectors.columns.special import SPECIAL, add_special
from detectors.columns.surroundings import Surroundings, add_table
from detectors.columns.tables import BEHAVIOUR, IMPERSONAL
from detectors.columns.texts import Inside, read, sentences, sparse, text_like
from detectors.columns.weighing import Candidate, calibration
from sladd.model import Field, How, StorageType

_ARMOUR = r"^\s*-----BEGIN [A-Z0-9 ]+-----"  # RFC 7468 (PEM), RFC 9580 (OpenPGP)
_TEXT = "user.content.private"
_MAILBOX = "user.contact.email"
_ROLE_MAILBOX = "organization.contact.email"
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
        add_forms(candidates, column)
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
