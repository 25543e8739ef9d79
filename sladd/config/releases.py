"""`releases`: from which sources, by which rules, to where."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, Literal, get_args

from pydantic import ConfigDict, Field, model_validator

from sladd.config.guarantee import GuaranteeConfig
from sladd.config.section import DURATION, Section, days
from sladd.config.tables import TableConfig
from sladd.config.tokens import RevealConfig, VaultConfig

_DATABASES = {"postgresql", "postgres", "mysql", "mariadb", "sqlite", "duckdb", "oracle", "mssql"}
LeaveOut = Literal["restricted", "objected", "consent_withdrawn"]


class RuleConfig(Section):
    """One rule of a release. What is not listed here is a parameter of the transform."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)
    transform: str
    field: str | None = None
    category: str | None = None

    @model_validator(mode="after")
    def _selects(self) -> RuleConfig:
        if (self.field is None) == (self.category is None):
            close = [
                f", not {given}"
                for given in self.model_extra or {}
                if get_close_matches(given, ["field", "category"], n=1)
            ]
            raise ValueError(f"a rule selects by exactly one of field, category{''.join(close)}")
        return self

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters of the transform."""
        return dict(self.model_extra or {})


class SampleConfig(Section):
    """A share of the persons, drawn by the key: the same persons in every table."""

    share: float = Field(gt=0, lt=1)
    persons: str | None = None  # the entity that is drawn from, where there are several


class IncrementalConfig(Section):
    """How a changed row of a table shows."""

    by: str = Field(min_length=1)


class ReleaseConfig(Section):
    """One release: from which sources, by which rules, to where."""

    kind: Literal["pseudonymised", "anonymised"] = "pseudonymised"
    domain: str = Field(min_length=1)
    purpose: str = ""
    recipients: list[str] = Field(default_factory=list)
    from_: Annotated[list[str], Field(alias="from", min_length=1)]
    key: str = "main"
    rules: list[RuleConfig] = Field(default_factory=list)
    where: dict[str, str] = Field(default_factory=dict)
    leave_out: list[LeaveOut] = Field(default_factory=lambda: list[LeaveOut](get_args(LeaveOut)))
    leave_out_columns: dict[LeaveOut, list[str]] = Field(default_factory=dict)
    expires: str | None = None
    as_of: Literal["snapshot"] | date = "snapshot"
    guarantee: GuaranteeConfig | None = None
    roles: dict[str, Literal["direct", "quasi", "sensitive", "insensitive", "key"]] = Field(
        default_factory=dict
    )
    tables: dict[str, TableConfig] = Field(default_factory=dict)
    sample: SampleConfig | None = None
    keep_versions: int = Field(2, ge=1)
    buckets: int | None = Field(None, ge=1, le=256)
    to: str = Field(repr=False)  # a folder, or the URL of a database with a password in it
    schema_: Annotated[str | None, Field(alias="schema", min_length=1, max_length=48)] = None
    incremental: dict[str, IncrementalConfig] = Field(default_factory=dict)  # by table address
    nested: Literal["columns", "structs"] = "columns"  # of files: what nested values become
    csv: bool = False  # a CSV file for each table, beside its Parquet files
    documents: Literal["table", "text"] = "table"  # text: also a .txt file for each document
    vault: VaultConfig | None = None
    reveal: RevealConfig = Field(default_factory=RevealConfig)
    approval: Literal["required", "two_persons"] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> ReleaseConfig:
        database = self.to.partition("://")[0].partition("+")[0] in _DATABASES
        if (self.schema_ is not None and "://" not in self.to) or (database and not self.schema_):
            raise ValueError(
                "to is a folder, the URL of an object store, "
                "or the URL of a database together with a schema"
            )
        if self.expires is not None and not DURATION.match(self.expires):
            raise ValueError("expires is a number and d, w, m or y, for example 90d")
        if self.kind != "anonymised" and (self.roles or self.tables):
            raise ValueError("roles and tables are for kind: anonymised")
        if self.kind == "anonymised" and self.nested == "structs":
            raise ValueError("nested: structs is for kind: pseudonymised")
        if self.kind == "anonymised" and self.vault is not None:
            raise ValueError("an anonymised release has no pseudonyms, and so no vault")
        return self

    @property
    def promised(self) -> GuaranteeConfig:
        """The thresholds; those of `guarantee:` without anything in it where none is given."""
        return self.guarantee or GuaranteeConfig()

    @property
    def in_store(self) -> bool:
        """Whether the release goes into an object store."""
        return "://" in self.to and self.schema_ is None

    @property
    def expires_days(self) -> int | None:
        """Life of the release in days; None: no end."""
        if self.expires is None:
            return None
        return days(self.expires)
