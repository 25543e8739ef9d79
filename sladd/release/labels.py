"""What a release is called, so that nobody mistakes it for something freer than it is."""

from __future__ import annotations

from typing import Literal

Language = Literal["nb", "en"]

_LABELS: dict[str, dict[Language, str]] = {
    "pseudonymised": {
        "nb": "pseudonymisert: er fortsatt personopplysninger",
        "en": "pseudonymised: still personal data",
    },
    # The plain word "anonymised" needs the officer's signed assessment (DESIGN §7).
    "anonymised": {
        "nb": "anonymiseringskandidat: behandles som personopplysninger",
        "en": "anonymisation candidate: treat as personal data",
    },
}


def label(kind: str, language: Language = "en") -> str:
    """The label of a release of that kind.

    Source: GDPR recital 26 (pseudonymised data are personal data).
    """
    return _LABELS[kind][language]
