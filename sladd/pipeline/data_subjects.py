"""Whom each table holds: what `data_subjects:` of `sladd.yaml` says, and keys carry on.

Persons of two groups are different persons. Whoever is left out as one of them stays in the
tables of the other, and nobody need be told that no key leads from there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sladd.errors import ConfigError, SladdError, raise_all
from sladd.model import Link, LinkState, Overlap, TablePlan
from sladd.writing import in_a_sentence

WHERE = "sladd.yaml, data_subjects"


@dataclass(frozen=True, slots=True)
class Groups:
    """The group of each table's persons, by address; tables of which nothing is said have none."""

    of: Mapping[str, str]

    def said(self, tables: Iterable[str]) -> frozenset[str]:
        """The groups of some tables; "" among them where nothing is said of one."""
        return frozenset(self.of.get(table, "") for table in tables)

    def apart(self, table: str, others: Collection[str]) -> bool:
        """Whether a table's persons are said to be none of those of other groups."""
        own = self.of.get(table, "")
        return bool(own and others) and "" not in others and own not in others

    def shared(
        self,
        table: str,
        others: Collection[str],
        measured: Sequence[Overlap],
        links: Sequence[Link],
    ) -> Overlap | None:
        """What was measured against that: persons of the table's group who are in another as well.

        Args:
            table: said to hold none of the others' persons.
            others: groups.
            measured: tables that hold the same persons.
            links: with those that somebody rejected, and so said that they are not the same.

        Returns:
            The one with the most persons; None where nothing speaks against it.
        """
        own = self.of[table]
        rejected = {frozenset((k.start, k.end)) for k in links if k.state is LinkState.REJECTED}
        against = [
            each
            for each in measured
            if frozenset((each.field, each.other)) not in rejected
            and self._between(each, own, others)
        ]
        return max(against, key=lambda each: (each.shared, each.field), default=None)

    def _between(self, each: Overlap, own: str, others: Collection[str]) -> bool:
        one, other = (self.of.get(end.rpartition(".")[0], "") for end in (each.field, each.other))
        return (one == own and other in others) or (other == own and one in others)


def groups_of(declared: Mapping[str, Sequence[str]], tables: Sequence[TablePlan]) -> Groups:
    """Whom each table holds: as declared, and otherwise as the table that its keys lead to.

    Args:
        declared: `data_subjects:` of the configuration, group → addresses of tables.
        tables: of the release; what is said of other sources' is left alone.

    Raises:
        ConfigError: there is no such table (SLADD-388), it stands in two groups (SLADD-389), or
            a key makes the persons of two groups the same (SLADD-390).
    """
    known = {str(table.table): table for table in tables}
    sources = {table.table.source for table in tables}
    said: dict[str, str] = {}
    held: dict[str, str] = {}  # entity of persons → the table that said it first
    errors: list[SladdError] = []
    for group, addresses in declared.items():
        for address in addresses:
            if address.partition("/")[0] not in sources:
                continue
            if address not in known:
                errors.append(_unknown(group, address, known))
            elif said.setdefault(address, group) != group:
                errors.append(_twice(address, said[address], group))
            elif person := known[address].person:
                first = held.setdefault(person, address)
                if said[first] != group:
                    errors.append(_joined(known[first], said[first], known[address], group))
    raise_all(errors)
    found = dict(said)
    for address, table in known.items():
        if table.person in held:
            found.setdefault(address, said[held[table.person]])
    return Groups(found)


def called(group: str, code: str) -> str:
    """A group in words: those that the record of processing activities knows, others as written."""
    from sladd.reports.record.telling import language

    return in_a_sentence(language(code).word("persons", group))


def _unknown(group: str, address: str, known: Collection[str]) -> ConfigError:
    close = get_close_matches(address, known, n=1)
    return ConfigError(
        f"'{group}' names a table that does not exist: {address}",
        code=388,
        where=WHERE,
        mend=f"did you mean {close[0]}?" if close else "sladd findings --all",
    )


def _twice(address: str, one: str, other: str) -> ConfigError:
    return ConfigError(
        f"{address} stands in two groups, '{one}' and '{other}'",
        code=389,
        where=WHERE,
        mend="keep one of them: a table in both holds persons of either, so nothing can be said of it",
    )


def _joined(one: TablePlan, first: str, other: TablePlan, second: str) -> ConfigError:
    way = max((one, other), key=lambda table: len(table.person_path))
    key = way.person_path[0] if way.person_path else str(way.table)
    return ConfigError(
        f"{one.table} is said to hold '{first}' and {other.table} '{second}', and by the key {key} "
        "their persons are the same",
        code=390,
        where=WHERE,
        mend="put both in one group; or take the key back, under person: or entities:, or with "
        "sladd links reject",
    )
