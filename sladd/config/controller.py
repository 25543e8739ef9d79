"""`controller` and `privacy_notice`: who is responsible, and what the persons were told."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from sladd.config.section import Section

Language = Literal["nb", "nn", "en"]


class ControllerConfig(Section):
    """Who is responsible, as the record of processing activities has to say (art. 30(1)(a))."""

    organisation_number: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    representative: str = ""
    officer: str = ""


class NoticeConfig(Section):
    """What the privacy notice says, for comparison with what was found."""

    file: str | None = None
    categories: list[str] = Field(default_factory=list)
    retention: str = ""
    minimum_age: int | None = Field(None, ge=0, le=18)
    language: list[Language] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _one_language(cls, given: Any) -> Any:
        if isinstance(given, dict) and isinstance(given.get("language"), str):
            return {**given, "language": [given["language"]]}
        return given

    @model_validator(mode="after")
    def _says_something(self) -> NoticeConfig:
        if self.file is None and not self.categories:
            raise ValueError("a privacy notice has a file, or categories that it mentions")
        return self
