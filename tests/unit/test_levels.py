"""What levels of hierarchies are called in the reports."""

from __future__ import annotations

import pytest

from sladd.reports.frontier import NO_QUASI, FrontierPoint, TableFrontier
from sladd.reports.frontier_page import frontier_html
from sladd.reports.language import language
from sladd.writing.levels import level


@pytest.mark.parametrize(
    ("label", "nb", "en"),
    [
        ("10 years", "aldersgrupper på 10 år", "age bands of 10 years"),
        ("8 bands", "8 trinn", "8 bands"),
        ("county", "fylke", "county"),
        ("Drift", "Drift", "Drift"),
    ],
)
def test_a_level_is_named_in_the_reader_s_language(label: str, nb: str, en: str) -> None:
    """Those of our hierarchies; a user's own keep the name that the file gave them."""
    assert (level(label, "nb"), level(label, "en")) == (nb, en)


def test_the_page_of_risk_and_loss_has_no_english_in_norwegian() -> None:
    """Neither its levels nor what it says of a table that needs no search."""
    point = FrontierPoint(5, 0.0, 0.1, 0.0, 9, 5, 0.05, {"fdato": "10 years"}, optimal=True)
    tables = [
        TableFrontier("kunder", 100, 100, (point,)),
        TableFrontier("varer", 10, 0, (), NO_QUASI),
    ]
    page = frontier_html("open", tables, language("nb")).decode()
    assert "aldersgrupper på 10 år" in page
    assert "Ingen kolonne er en kvasi-identifikator" in page
    assert "years" not in page
    assert NO_QUASI not in page
