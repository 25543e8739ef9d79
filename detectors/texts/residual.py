"""What a redacted text still holds, as measured: the share of mentions that the finder misses."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from sladd.errors import DetectionError


@dataclass(frozen=True, slots=True)
class Missed:
    """One category's measurement.

    Attributes:
        category: taxonomy key.
        share: of the mentions that stay, 0-1.
        of: mentions it was measured on.
    """

    category: str
    share: float
    of: int


@dataclass(frozen=True, slots=True)
class Residual:
    """The measurements that hold for one way of finding names.

    Attributes:
        by: `model` or `rules`.
        source: benchmark, version and date; "" where nothing was measured.
        missed: by category, the largest share first.
    """

    by: str
    source: str
    missed: tuple[Missed, ...]


def residual(*, modelled: bool) -> Residual:
    """What is known of the misses, with a language model or by rules alone.

    Raises:
        DetectionError: the file of measurements is wrong (714).
    """
    return parsed(
        files("detectors.texts").joinpath("residual.toml").read_text("utf-8"), modelled=modelled
    )


def parsed(source: str, *, modelled: bool) -> Residual:
    """The measurements in a file's text.

    Raises:
        DetectionError: it is wrong (714).
    """
    by = "model" if modelled else "rules"
    try:
        raw = tomllib.loads(source)
        table: Mapping[str, Mapping[str, float]] = raw.get(by, {})
        missed = tuple(
            Missed(category, float(each["missed"]), int(each["of"]))
            for category, each in table.items()
        )
        if any(not 0 <= each.share <= 1 or each.of <= 0 for each in missed):
            raise ValueError
        told = str(raw.get("source", "")) if missed else ""
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        raise DetectionError(
            "the measured misses cannot be read",
            code=714,
            where="detectors/texts/residual.toml",
            mend="give every category missed (0-1) and of",
        ) from None
    return Residual(by, told, tuple(sorted(missed, key=lambda each: (-each.share, each.category))))
