"""Values of the same row, however a text writes them."""

from __future__ import annotations

import pytest

from detectors.texts.known import type_of, with_known
from sladd.model import KnownValue

NAME = "user.name"
PHONE = "user.contact.phone_number"


@pytest.mark.parametrize(
    ("category", "value", "text", "expected"),
    [
        (NAME, "Thi Xyzzy", "ring thi før levering", ["thi"]),
        (NAME, "Thi Xyzzy", "Xyzzys ordre, ikke THIS", ["Xyzzy", "THI"]),
        (NAME, "Thi Xyzzy", "Thi Xyzzy betaler", ["Thi Xyzzy"]),
        (NAME, "Ås", "Ås er et sted", []),  # too short to be a part of a name
        (NAME, "Xyzzy Bygg AS", "vi skal bygge, sier bygg-folk hos xyzzy", []),
        ("user.name.first", "Even", "Even betaler, even om", ["Even"]),
        (PHONE, "+47 912 34 567", "ring 91 23 45 67 nå", ["91 23 45 67"]),
        (PHONE, "91234567", "ring +47 912 34 567", ["+47 912 34 567"]),
        (PHONE, "91234567", "vare 191234567", []),
        ("user.contact.email", "Kari@Example.no", "til kari@example.no.", ["kari@example.no"]),
        ("user.contact.address.street", "Moen 12", "bor på moen 12 i bygda", ["moen 12"]),
        ("user.contact.address.street", "Moen 12", "bor på Moen 123", []),
        ("user.account.username", "ab", "ab", []),  # in every text
    ],
)
def test_a_known_value_is_found(category, value, text, expected):
    """Lower case, genitive, a part of the name, any grouping of a telephone."""
    spans = with_known(text, [], [KnownValue(category, value)])
    assert [text[s.start : s.end] for s in spans] == expected


def test_what_was_found_stays_and_a_longer_value_replaces_its_parts(find):
    """A known address takes the street that was found in it."""
    text = "Til Lille Xyzzy Storgata 5, takk. Mvh Kari"
    before = find([text])[0]
    after = with_known(
        text, before, [KnownValue("user.contact.address.street", "Lille Xyzzy Storgata 5")]
    )
    assert [text[s.start : s.end] for s in after] == ["Lille Xyzzy Storgata 5", "Kari"]


def test_a_known_value_is_not_shown():
    """Its repr has the category alone."""
    assert "Kari" not in repr(KnownValue(NAME, "Kari"))


def test_only_what_identifies_is_looked_for():
    """A gender or an amount in the row is no reason to look into its texts."""
    assert type_of("user.name.first") == "PERSON"
    assert type_of("user.demographic.gender") == ""
