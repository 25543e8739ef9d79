"""Keys are called what they lead to, once the table behind them was read."""

from __future__ import annotations

from detectors.columns import link
from detectors.columns.linked import unlinked
from sladd.model import How


def _scans(scanner, made):
    n = 40
    people = scanner.table(
        "t_17",
        {
            "pk": list(range(n)),
            "fornavn": made.many(made.first, n),
            "etternavn": made.many(made.last, n),
            "epost": made.many(made.email, n),
            "over": [k % 5 for k in range(n)],
        },
        primary=("pk",), foreign={"over": ("t_17", "pk")},
    )  # fmt: skip
    visits = scanner.table(
        "t_18", {"nr": list(range(n)), "hvem": [k % n for k in range(n)], "antall": [1] * n},
        primary=("nr",), foreign={"hvem": ("t_17", "pk")},
    )  # fmt: skip
    return [people, visits]


def _found(scans):
    return {(s.table.ref.name, f.field.ref.column): f.finding for s in scans for f in s.fields}


def test_a_key_to_a_table_of_persons_is_the_persons_number(scanner, made):
    """Neither name says so: what was found in the table behind the key does."""
    how = _found(link(_scans(scanner, made), {}))
    for key in (("t_17", "pk"), ("t_17", "over"), ("t_18", "hvem")):
        assert (how[key].how, how[key].category) == (How.IS, "user.unique_id"), key
    assert how["t_18", "antall"].how is How.LINKED
    assert how["t_18", "hvem"].confidence <= how["t_17", "pk"].confidence


def test_linking_again_says_the_same_and_unlinking_takes_it_back(scanner, made):
    """A table that is carried over unchanged is linked anew at every scan."""
    scans = _scans(scanner, made)
    once = link(scans, {})
    twice = link([unlinked(scan) for scan in once], {})
    assert _found(once) == _found(twice)
    assert _found([unlinked(scan) for scan in once])["t_18", "hvem"].category == ""
