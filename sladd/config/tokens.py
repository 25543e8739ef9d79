"""`vault` and `reveal` of a release: where its random tokens are kept, and who may lead one back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sladd.config.section import DURATION, Section, days


class VaultConfig(Section):
    """Where the random tokens of a release are kept."""

    store: str = Field(repr=False)  # a URL, perhaps with a password in it


class RevealConfig(Section):
    """Who may have single pseudonyms led back to persons."""

    approval: Literal["named", "two_persons"] = "named"
    request_expires: str = "7d"

    @model_validator(mode="after")
    def _duration(self) -> RevealConfig:
        if not DURATION.match(self.request_expires):
            raise ValueError("request_expires is a number and d, w, m or y, for example 7d")
        return self

    @property
    def request_days(self) -> int:
        """Days after which an unanswered or unused request ends."""
        return days(self.request_expires)
