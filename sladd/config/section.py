"""What every section of `sladd.yaml` has in common, and how a time span is written."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

DURATION = re.compile(r"^(\d+)(d|w|m|y)$")


class Section(BaseModel):
    """A part of the file: unknown keys are refused, and nothing of it changes later."""

    # hide_input_in_errors: a pydantic error quotes its input, which may be a password.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def days(duration: str) -> int:
    """Days of a time span such as 7d, 2w, 3m or 1y."""
    return int(duration[:-1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[duration[-1]]
