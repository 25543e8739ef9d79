"""Values under the bars of an anonymised release's page."""

from __future__ import annotations

import pytest

from sladd.reports.language import language
from sladd.targets.anonymity.drawn import _written


@pytest.mark.parametrize(
    ("text", "nb", "en"),
    [
        ("10000.0", "10\u00a0000", "10,000"),
        ("-5.0", "-5", "-5"),
        ("0.25", "0.25", "0.25"),
        ("2019", "2019", "2019"),
        ("v1.0", "v1.0", "v1.0"),
    ],
)
def test_a_whole_number_is_written_without_decimals(text: str, nb: str, en: str) -> None:
    """As the reader's language writes it; years and words stay as they are."""
    assert (_written(text, language("nb")), _written(text, language("en"))) == (nb, en)
