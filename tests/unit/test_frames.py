"""The pandas surface says the same as the commands, and leaves its input alone."""

from __future__ import annotations

import pandas as pd
import pytest

from sladd.errors import ConfigError
from sladd.frames import pseudonymise, scan
from sladd.keyring import create_key_file


def people(rows: int = 30) -> pd.DataFrame:
    """A small frame with what a spreadsheet of customers holds."""
    return pd.DataFrame(
        {
            "Kundenr": range(1000, 1000 + rows),
            "E-post": [f"Kari.Berg{i}@example.no" for i in range(rows)],
            "Beløp i år": [10.5 * i for i in range(rows)],
        },
        index=[f"rad {i}" for i in range(rows)],
    )


@pytest.fixture
def key(tmp_path):
    """A key file in a folder of its own."""
    path = tmp_path / "keys" / "main.key"
    create_key_file(path)
    return path


def test_a_frame_is_judged_by_its_own_column_names():
    """Names come back as the frame has them, spaces and æøå and all."""
    found = scan(people(), name="kunder").set_index("column")
    assert list(found.index) == ["Kundenr", "E-post", "Beløp i år"]
    assert found.loc["E-post", "category"] == "user.contact.email"
    assert found.loc["Beløp i år", "how"] == "none"
    assert "kari.berg0@" not in found.to_string().lower()


def test_pseudonyms_keep_shape_index_and_order(key):
    """Only the named columns change; the frame that was given does not."""
    frame = people()
    before = frame.copy(deep=True)
    made = pseudonymise(frame, {"E-post": "user.contact.email"}, key=key, domain="d")
    pd.testing.assert_frame_equal(frame, before)
    assert list(made.index) == list(frame.index)
    assert made["E-post"].nunique() == len(frame)
    assert not made["E-post"].str.contains("@").any()
    pd.testing.assert_frame_equal(made.drop(columns="E-post"), frame.drop(columns="E-post"))


@pytest.mark.parametrize("kind", ["object", "string[pyarrow]", "category"])
def test_equal_values_of_any_dtype_get_equal_pseudonyms(key, kind):
    """Spelling is folded; missing stays missing; pieces glued together are no hindrance."""
    values = pd.Series(["Kari@Example.no", None, "kari@example.no "], dtype=kind)
    frame = pd.concat([pd.DataFrame({"m": values})] * 2)
    made = pseudonymise(frame, {"m": "user.contact.email"}, key=key, domain="d")["m"].tolist()
    assert made[0] == made[2] == made[3]
    assert pd.isna(made[1])


def test_another_domain_does_not_join(key):
    """The same person in two domains has two pseudonyms."""
    frame = people(5)
    one, other = (
        pseudonymise(frame, {"E-post": "user.contact.email"}, key=key, domain=d)["E-post"]
        for d in ("a", "b")
    )
    assert not set(one) & set(other)


def test_a_missing_column_is_one_line(key):
    """The message names the column, and nothing of the frame."""
    with pytest.raises(ConfigError, match=r"SLADD-150.*mobil"):
        pseudonymise(people(), ["mobil"], key=key, domain="d")
