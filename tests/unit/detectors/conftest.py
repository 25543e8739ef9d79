"""An analyzer for the tests of texts, made once: its recognisers take a second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from detectors import engine
from detectors.registry import build

LANGUAGES = ("nb", "nn", "en")


@pytest.fixture(scope="session")
def text_analyzer() -> Any:
    """Presidio with every recogniser and no language model."""
    return engine.analyzer(build(LANGUAGES), LANGUAGES, dict.fromkeys(LANGUAGES, "off"))


@pytest.fixture(scope="session")
def find(text_analyzer: Any) -> engine.Finder:
    """Finds spans by rules."""
    return engine.Finder(text_analyzer, LANGUAGES)


@pytest.fixture(scope="session")
def pieces(find: engine.Finder) -> Callable[[str], list[tuple[str, str]]]:
    """Type and words of every span of a text."""

    def of(text: str) -> list[tuple[str, str]]:
        return [(span.type, text[span.start : span.end]) for span in find([text])[0]]

    return of
