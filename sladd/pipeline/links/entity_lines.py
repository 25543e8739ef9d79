"""What `sladd.yaml` would say of tables that hold the same persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sladd.model import Overlap

EMAIL, PHONE, NATIONAL_ID, NUMBER = (
    "user.contact.email",
    "user.contact.phone_number",
    "user.government_id.national_identification_number",
    "user.unique_id",
)


def entity_lines(found: Sequence[Overlap]) -> list[str]:
    """The lines of `sladd.yaml` that declare what overlaps as one entity.

    E-mail addresses, telephone and national identity numbers join by their pseudonyms as they
    are. Declared as an entity, a person left out of one table is left out of the other too.
    """
    groups: list[tuple[set[str], str]] = []
    for each in found:
        members, word = {each.field, each.other}, _WORDS[each.by]
        apart = []
        for group, named in groups:
            if group & members:
                members |= group
            else:
                apart.append((group, named))
        groups = [*apart, (members, word)]
    lines = ["entities:"] if groups else []
    taken: dict[str, int] = defaultdict(int)
    for members, word in groups:
        taken[word] += 1
        name = word if taken[word] == 1 else f"{word}_{taken[word]}"
        lines.append(f"  {name}: [{', '.join(_quoted(a) for a in sorted(members))}]")
    return lines


_WORDS = {
    EMAIL: "person_email",
    PHONE: "person_phone",
    NATIONAL_ID: "person_national_id",
    NUMBER: "customer_number",
}


def _quoted(address: str) -> str:
    plain = all(c.isalnum() or c in "/._-%" for c in address)
    return address if plain else f'"{address}"'
