"""`sources`: where the data is."""

from __future__ import annotations

from pydantic import Field, model_validator

from sladd.config.section import Section


class SourceConfig(Section):
    """One source: a database, files, or documents."""

    database: str | None = Field(None, repr=False)
    files: str | list[str] | None = None
    documents: str | list[str] | None = None
    include: list[str] = Field(default_factory=list)
    exclude: list[str] = Field(default_factory=list)
    person: dict[str, str] = Field(default_factory=dict)
    views: bool = False
    eav: dict[str, list[str]] = Field(default_factory=dict)
    statement_timeout_s: int = Field(600, ge=1)

    @model_validator(mode="after")
    def _one_kind(self) -> SourceConfig:
        given = [k for k in ("database", "files", "documents") if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError("a source has exactly one of database, files, documents")
        return self
