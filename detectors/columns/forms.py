"""Forms that only one kind of value is written in, whatever a column is called."""

from __future__ import annotations

from collections import Counter

import regex

from detectors.columns.abroad import add_abroad
from detectors.columns.composition import composition
from detectors.columns.name_forms import add_name_forms
from detectors.columns.profile import Profile
from detectors.columns.weighing import Candidate, candidate_for
from detectors.norway.number_plate import is_valid as plate_is_valid

_LOCKED = r"^\s*-----BEGIN (?:[A-Z0-9]+ )?(?:PRIVATE KEY|PGP MESSAGE|PGP PRIVATE KEY BLOCK|ENCRYPTED PRIVATE KEY)"
_MACHINES = r"^\s*https?://\S*/(?:api|rest|graphql|services)/"
_AGENT = r"^Mozilla/\d|AppleWebKit/|^(?i:curl|wget|okhttp|python-requests|googlebot)/\d"
_SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)+$"  # the end of a page's address
_ENTRY = r"(?i)^\s*(?:/o=.+/)?(?:cn|uid)=[^,/]+(?:,\s*(?:cn|ou|dc|o)=[^,]+)*\s*$"
# What someone logs in to a domain with: `KONTOR\\kanor`, and `kanor@KONTOR` (RFC 4120, section 6.2).
_LOGIN = r"^\s*(?:[\p{Lu}\d][\p{Lu}\d-]{1,14}\\[a-zæøå][\pL\d._-]{1,30}|[a-zæøå][a-zæøå\d._-]{1,30}@\p{Lu}[\p{Lu}\d-]{1,14}(?:\.\p{Lu}{2,15}){0,3})\s*$"
_OWN_NUMBER = regex.compile(
    r"\s*(?P<whose>\p{L}{3,14})[-_:/#]?(?:[0-9]{1,12}|(?<=[-_:/#])(?=.*[0-9])[0-9A-Za-z-]{8,40})\s*$"
)
_LOOKED, _MOSTLY = 50, 0.8  # values, and the share of them
# North America's numbers, whose groups of three, three and four nothing else is written in.
_NANP = r"^\s*(?:1[ .-])?\(?[2-9][0-9]{2}\)?[ .-]{1,2}[2-9][0-9]{2}[ .-][0-9]{4}\s*$"
_PLATE = regex.compile(r"[A-Z]{2} [1-9][0-9]{4}")  # without a blank articles are numbered so
_PLATES, _LETTER_PAIRS = 12, 8  # different ones, and pairs of letters among them
_PLATES_LOOKED, _PLATES_SHARE, _PLATES_RIGHT = 200, 0.6, 0.9  # values, and shares of them
_SLUGS = 0.8  # share of values that are written as slugs, as names never are
_PHONES = ("user.contact.phone_number", "organization.contact.phone_number")


def add_forms(candidates: list[Candidate], column: Profile) -> None:
    """Let the forms of the values speak.

    Args:
        candidates: of the column; new ones are added.
        column: its values, strings.
    """
    if (slugs := column.share(_SLUG)) >= _SLUGS:
        for candidate in (c for c in candidates if c.category.startswith("user.name")):
            candidate.add("pattern", -4.0, share=round(slugs, 3), reason="like_slugs")
    add_abroad(candidates, column)
    if column.share(_NANP) >= 0.5 and len(column.values) >= 3:
        _phones_abroad(candidates, column)
    add_name_forms(candidates, column)
    entered = any("=" in cell for cell in column.drawn(10))
    if entered and (entries := column.share(_ENTRY)) >= 0.5 and len(column.values) >= 3:
        _told(candidates, "user.account.username", entries, column)
    agents = column.share(_AGENT)
    if agents >= 0.5:
        candidate = candidate_for(candidates, "user.device.user_agent", "USER_AGENT")
        candidate.add("pattern", 5.0, share=round(agents, 3), distinct=len(column.values))
    if column.share(_MACHINES) >= 0.5:
        for candidate in (c for c in candidates if c.category == "user.contact.url"):
            candidate.barred = True  # where an interface keeps the record is nobody's page
    if len(column.values) >= 5 and (whose := _whose_numbers(column)):
        _told(candidates, *whose, column)
    if len(column.values) >= 5 and (logins := column.share(_LOGIN)) >= 0.6:
        _told(candidates, "user.account.username", logins, column)
    if plated(column):
        _told(candidates, "user.government_id.vehicle_registration", 1.0, column)
    locked = column.share(_LOCKED)
    if locked >= 0.5:
        _told(candidates, "user.authorization.credentials", locked, column)


def _whose_numbers(column: Profile) -> tuple[str, float] | None:
    """The category and share of numbers that say whose they are: `kunde-5002`, `emp_12`."""
    found = [_OWN_NUMBER.match(cell) for cell in column.drawn(_LOOKED)]
    said = [match["whose"].casefold() for match in found if match]
    if len(said) < _MOSTLY * len(found):
        return None
    [(word, many)] = Counter(said).most_common(1)
    known = composition()
    word = known.short.get(word, word)
    if many < _MOSTLY * len(found) or word not in known.persons | known.workers:
        return None
    category = "user.unique_id.employee" if word in known.workers else "user.unique_id"
    return category, many / len(found)


def plated(column: Profile) -> bool:
    """Whether the values are number plates, numbered as nothing else is.

    Many pairs of letters, a blank, and five digits: six in ten pairs at random are used for plates.
    """
    cells = [cell.strip() for cell in column.drawn(_PLATES_LOOKED)]
    plates = [cell for cell in cells if _PLATE.fullmatch(cell)]
    right = [cell for cell in plates if plate_is_valid(cell)]
    return (
        len(plates) >= _PLATES
        and len(plates) >= _PLATES_SHARE * sum(len(cell) > 3 for cell in cells)
        and len(right) >= _PLATES_RIGHT * len(plates)
        and len({cell[:2] for cell in right}) >= _LETTER_PAIRS
    )


def _told(candidates: list[Candidate], category: str, share: float, column: Profile) -> None:
    """Let a form speak that only values of this category are written in."""
    found = candidate_for(candidates, category)
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
