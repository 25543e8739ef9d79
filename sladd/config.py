"""`sladd.yaml`: structure, types and defaults. Names of plug-ins are checked by `pipeline.bind`.

Unknown keys are refused with file, line and the nearest allowed key. `${NAME}` reads the
environment (or the `secret` callable); a missing one is an error.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import quote

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyAddress,
    ValidationError,
    model_validator,
)

from sladd.channels import ChannelConfig, MailConfig, NotifyConfig, WebhookConfig
from sladd.errors import ConfigError, SladdError, raise_all

SecretReader = Callable[[str], str | None]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_DATABASES = {"postgresql", "postgres", "mysql", "mariadb", "sqlite", "duckdb", "oracle", "mssql"}
_DURATION = re.compile(r"^(\d+)(d|w|m|y)$")
_HEADER = r"^[A-Za-z0-9-]+$"
_HOST = r"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])$"  # a name or address, without a port


class _Model(BaseModel):
    # hide_input_in_errors: a pydantic error quotes its input, which may be a password.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _days(duration: str) -> int:
    return int(duration[:-1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[duration[-1]]


class SourceConfig(_Model):
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


class KeyConfig(_Model):
    """Where one master key is: a file (mode 0600), an environment variable, or a provider."""

    file: str | None = None
    env: str | None = None
    provider: str | None = None  # entry point sladd.keys, for a key management system
    options: dict[str, str] = Field(
        default_factory=dict, repr=False
    )  # told to the provider; no secrets

    @model_validator(mode="after")
    def _one_place(self) -> KeyConfig:
        if sum(place is not None for place in (self.file, self.env, self.provider)) != 1:
            raise ValueError("a key has exactly one of file, env, provider")
        if self.file is not None and "://" in self.file:
            raise ValueError(
                "a key file lies on this machine, never in an object store; "
                "use a provider for a key management system"
            )
        return self


class RuleConfig(_Model):
    """One rule of a release. What is not listed here is a parameter of the transform."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True)
    transform: str
    field: str | None = None
    category: str | None = None

    @model_validator(mode="after")
    def _selects(self) -> RuleConfig:
        if (self.field is None) == (self.category is None):
            raise ValueError("a rule selects by exactly one of field, category")
        return self

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters of the transform."""
        return dict(self.model_extra or {})


class BudgetConfig(_Model):
    """When the search for the least loss stops; the answer then is the best found."""

    nodes: int | None = Field(None, ge=1)
    seconds: float | None = Field(None, gt=0)


class LadderConfig(_Model):
    """How a quasi-identifier may be made coarser: exactly one way."""

    hierarchy: str | None = None
    prefix: list[int] | None = Field(None, min_length=1)
    bands: list[int | float] | None = Field(None, min_length=1)
    frequency: list[int] | None = Field(None, min_length=1)
    equal_frequency: list[int] | None = Field(None, min_length=1)
    equal_width: list[int] | None = Field(None, min_length=1)
    ordered: list[str] | None = Field(None, min_length=2)
    together: list[int] = Field(default_factory=lambda: [2, 4])

    @model_validator(mode="after")
    def _one_way(self) -> LadderConfig:
        ways = {n: getattr(self, n) for n in type(self).model_fields if n != "together"}
        if sum(way is not None for way in ways.values()) != 1:
            raise ValueError(f"a hierarchy is exactly one of {', '.join(ways)}")
        return self

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, given: Any) -> Any:
        return {"hierarchy": given} if isinstance(given, str) else given

    @property
    def way(self) -> str:
        """The key that says how the hierarchy is made."""
        return next(n for n in type(self).model_fields if n != "together" and getattr(self, n))


class GuaranteeConfig(_Model):
    """Thresholds of an anonymised release, and how they are reached."""

    k: int = Field(11, ge=2)
    l: int | None = Field(None, ge=2)  # noqa: E741 - the literature's name
    t: float | None = Field(None, gt=0, le=1)
    max_suppression: float = Field(0.05, ge=0, lt=1)
    diversity: Literal["distinct", "entropy"] = "distinct"
    distance: Literal["equal", "ordered"] = "equal"
    earlier: Literal["refuse", "warn"] = "refuse"
    weights: dict[str, Annotated[float, Field(gt=0)]] = Field(default_factory=dict)
    hierarchies: dict[str, LadderConfig] = Field(default_factory=dict)
    budget: BudgetConfig = Field(default_factory=BudgetConfig)


Aggregate = Literal["count", "count_distinct", "sum", "mean", "min", "max"]


class PerPersonConfig(_Model):
    """How a table with several rows of a person becomes one about persons."""

    aggregate: dict[str, Aggregate] | None = Field(None, min_length=1)
    bound: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> PerPersonConfig:
        if (self.aggregate is None) == (self.bound is None):
            raise ValueError("per_person has exactly one of aggregate, bound")
        return self


class TableConfig(_Model):
    """Whose rows a table of an anonymised release holds."""

    unit: Literal["person", "row", "nobody"] = "person"
    per_person: PerPersonConfig | None = None

    @model_validator(mode="after")
    def _persons(self) -> TableConfig:
        if self.per_person is not None and self.unit != "person":
            raise ValueError("per_person needs unit: person")
        return self


class VaultConfig(_Model):
    """Where the random tokens of a release are kept."""

    store: str = Field(repr=False)  # a URL, perhaps with a password in it


class RevealConfig(_Model):
    """Who may have single pseudonyms led back to persons."""

    approval: Literal["named", "two_persons"] = "named"
    request_expires: str = "7d"

    @model_validator(mode="after")
    def _duration(self) -> RevealConfig:
        if not _DURATION.match(self.request_expires):
            raise ValueError("request_expires is a number and d, w, m or y, for example 7d")
        return self

    @property
    def request_days(self) -> int:
        """Days after which an unanswered or unused request ends."""
        return _days(self.request_expires)


class SampleConfig(_Model):
    """A share of the persons, drawn by the key: the same persons in every table."""

    share: float = Field(gt=0, lt=1)
    persons: str | None = None  # the entity that is drawn from, where there are several


class IncrementalConfig(_Model):
    """How a changed row of a table shows."""

    by: str = Field(min_length=1)


Language = Literal["nb", "nn", "en"]
LeaveOut = Literal["restricted", "objected", "consent_withdrawn"]


class ReleaseConfig(_Model):
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
        if self.expires is not None and not _DURATION.match(self.expires):
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
        return _days(self.expires)


class HierarchyConfig(_Model):
    """One hierarchy for `generalise`: a CSV file, in each row a value and its classes."""

    file: str
    header: bool = False  # whether the first row names the levels


class RetentionConfig(_Model):
    """How long rows of a table may be kept, and by what law."""

    keep: str
    by: str
    after: Literal["date", "end_of_year"] = "date"
    basis: str = ""


class DetectionConfig(_Model):
    """What the scanner may use."""

    sample_rows: int = Field(10_000, ge=0)
    recognizers: list[str] = Field(default_factory=list)  # Presidio YAML files
    countries: list[str] = Field(default_factory=list)
    spacy: dict[str, str] = Field(default_factory=dict)  # language → model, folder or "off"
    text_rows: int = Field(200, ge=0)  # distinct texts a column that NER and patterns read
    # Persons below that age count as children; 0 counts none. 16: GDPR art. 8(1) where a state
    # sets no other; personopplysningsloven § 5 sets 13 for information-society services.
    child_age: int = Field(16, ge=0, le=18)
    links: bool = True  # measure keys between tables that nothing declares
    link_seconds: int = Field(60, ge=1)  # reading for it, at most, for each source


class ProxyConfig(_Model):
    """A proxy in front of `sladd review` that says who someone is."""

    addresses: list[IPvAnyAddress] = Field(min_length=1)
    secret_file: str = Field(min_length=1)
    secret_header: str = Field("X-Sladd-Secret", pattern=_HEADER)
    user_header: str = Field("X-Forwarded-User", pattern=_HEADER)
    role_header: str = Field("X-Forwarded-Role", pattern=_HEADER)


class ReviewConfig(_Model):
    """How `sladd review` may be reached."""

    hosts: list[Annotated[str, Field(pattern=_HOST)]] = Field(default_factory=list)
    proxy: ProxyConfig | None = None


class ClusterConfig(_Model):
    """A running Dask cluster that partitions of files are worked on."""

    dask: str = Field(pattern=r"^(tcp|tls)://[^/\s]+:\d+$")  # address of the scheduler


class ControllerConfig(_Model):
    """Who is responsible, as the record of processing activities has to say (art. 30(1)(a))."""

    organisation_number: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    representative: str = ""
    officer: str = ""


class NoticeConfig(_Model):
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


class Config(_Model):
    """The whole of `sladd.yaml`."""

    catalog: str = Field("sqlite:///.sladd/catalog.db", repr=False)
    languages: list[Language] = Field(default_factory=lambda: list[Language](get_args(Language)))
    region: str = "NO"
    organisation: str = ""
    controller: ControllerConfig = Field(default_factory=ControllerConfig)
    privacy_notice: NoticeConfig | None = None
    sources: dict[str, SourceConfig] = Field(default_factory=dict)
    entities: dict[str, list[str]] = Field(default_factory=dict)
    keys: dict[str, KeyConfig] = Field(default_factory=dict)
    releases: dict[str, ReleaseConfig] = Field(default_factory=dict)
    hierarchies: dict[str, HierarchyConfig] = Field(default_factory=dict)
    retention: dict[str, RetentionConfig] = Field(default_factory=dict)
    detection: DetectionConfig = Field(default_factory=DetectionConfig)
    review: ReviewConfig = Field(default_factory=ReviewConfig)
    runner: Literal["inline", "prefect"] | ClusterConfig = "inline"
    notify: NotifyConfig = Field(default_factory=NotifyConfig)
    root: Path = Field(Path(), exclude=True)  # directory of sladd.yaml; relative paths start here
    file: Path = Field(Path("sladd.yaml"), exclude=True)  # where it was read from

    def folder_of(self, release: str) -> Path:
        """Folder of a release on this machine.

        Files of one in a database lie beside the catalog; those of one in an object store are
        staged there.
        """
        chosen = self.releases[release]
        if "://" not in chosen.to:
            return self.path(chosen.to)
        return self.path(f".sladd/releases/{release}")

    def place_of(self, release: str) -> Path | str:
        """Where the files of a release can be read: a folder, or the URL of an object store."""
        chosen = self.releases[release]
        return chosen.to if chosen.in_store else self.folder_of(release)

    @property
    def object_stores(self) -> tuple[str, ...]:
        """URLs that releases go to; what is secret does not belong there."""
        return tuple(r.to for r in self.releases.values() if r.in_store)

    def path(self, text: str) -> Path:
        """A path of the configuration, relative to the file that named it."""
        given = Path(text).expanduser()
        return given if given.is_absolute() else self.root / given


class _Lines(yaml.SafeLoader):
    """A safe loader that remembers the line of every key and refuses duplicates."""


def _mapping_with_lines(loader: _Lines, node: yaml.MappingNode) -> dict[str, Any]:
    seen: dict[Any, int] = {}
    for key_node, _ in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise ConfigError(
                f"the key '{key}' stands twice",
                code=104,
                where=f"line {key_node.start_mark.line + 1}, first on line {seen[key]}",
                mend="keep one of them",
            )
        seen[key] = key_node.start_mark.line + 1
    loader.flatten_mapping(node)
    return dict(loader.construct_pairs(node))


# YAML 1.1 reads `NO`, `on` and `yes` as booleans; `region: NO` is Norway, as YAML 1.2 has it.
_Lines.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in found if tag != "tag:yaml.org,2002:bool"]
    for letter, found in _Lines.yaml_implicit_resolvers.items()
}
_Lines.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Lines.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_with_lines)


def load_config(path: Path, secret: SecretReader | None = None) -> Config:
    """Read and check `sladd.yaml`.

    Args:
        path: the file.
        secret: asked for `${NAME}` before the environment; returns None when it has none.

    Raises:
        ConfigError: the file is missing, no YAML, or breaks the structure (SLADD-101…108).
            Several faults are raised together.
    """
    try:
        raw = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            "there is no configuration", code=101, where=path.name, mend="sladd init"
        ) from None
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            "the configuration cannot be read as UTF-8 text", code=102, where=path.name
        ) from None
    try:
        node = yaml.compose(raw, Loader=_Lines)
        data = yaml.load(raw, Loader=_Lines)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or "it is no YAML"
        raise ConfigError(
            f"the configuration is no valid YAML: {problem}", code=103, where=f"{path.name}{line}"
        ) from None
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise ConfigError("the configuration is not a mapping", code=103, where=path.name)
    errors: list[SladdError] = []
    data = _fill(data, (), node, path, secret, errors)
    raise_all(errors)
    data["file"] = path.resolve()
    data["root"] = data["file"].parent
    try:
        return Config.model_validate(data)
    except ValidationError as fault:
        raise_all([_explain(error, node, path) for error in fault.errors(include_input=False)])
        raise AssertionError("unreachable") from None


def _fill(
    value: Any,
    at: tuple[str | int, ...],
    node: yaml.Node | None,
    path: Path,
    secret: SecretReader | None,
    errors: list[SladdError],
) -> Any:
    """Replace `${NAME}` in every string."""
    if isinstance(value, dict):
        return {k: _fill(v, (*at, k), node, path, secret, errors) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, (*at, i), node, path, secret, errors) for i, v in enumerate(value)]
    if not isinstance(value, str):
        return value

    def read(match: re.Match[str]) -> str:
        name = match.group(1)
        found = (secret(name) if secret else None) or os.environ.get(name)
        if found is None:
            errors.append(
                ConfigError(
                    f"the environment has no variable {name}",
                    code=105,
                    where=f"{path.name}, line {_line(node, at)}",
                    mend=f"export {name}=…",
                )
            )
            return ""
        # A password may hold @ or /: inside a URL it is percent-encoded.
        in_url = at[:1] == ("catalog",) or at[-1:] in {("database",), ("store",)}
        return quote(found, safe="") if in_url and match.group(0) != value else found

    return _VARIABLE.sub(read, value)


def _line(node: yaml.Node | None, at: tuple[str | int, ...]) -> int:
    """Line of the deepest part of `at` that stands in the file."""
    line = 1
    for part in at:
        if isinstance(node, yaml.MappingNode):
            for key, child in node.value:
                if key.value == str(part):
                    line, node = key.start_mark.line + 1, child
                    break
            else:
                return line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                return line
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _explain(error: Mapping[str, Any], node: yaml.Node | None, path: Path) -> ConfigError:
    at = tuple(part for part in error["loc"] if part not in {"str", "list[str]"})
    where = f"{path.name}, line {_line(node, at)}"
    spelled = ".".join(str(part) for part in at)
    if error["type"] == "extra_forbidden":
        allowed = _allowed(at[:-1])
        close = get_close_matches(str(at[-1]), allowed, n=1)
        mend = f"did you mean '{close[0]}'?" if close else f"allowed: {', '.join(allowed)}"
        return ConfigError(f"unknown key '{spelled}'", code=106, where=where, mend=mend)
    message = str(error["msg"]).removeprefix("Value error, ")
    return ConfigError(f"'{spelled}': {message}", code=107, where=where)


def _allowed(at: tuple[str | int, ...]) -> list[str]:
    """Keys that the model at that place knows."""
    models: dict[str, type[BaseModel]] = {
        "sources": SourceConfig,
        "keys": KeyConfig,
        "releases": ReleaseConfig,
        "hierarchies": HierarchyConfig,
        "retention": RetentionConfig,
        "notify": NotifyConfig,
    }
    sections: dict[str, type[BaseModel]] = {
        "detection": DetectionConfig,
        "review": ReviewConfig,
        "controller": ControllerConfig,
        "privacy_notice": NoticeConfig,
    }
    model: type[BaseModel] = Config
    if at[:2] == ("review", "proxy"):
        model = ProxyConfig
    elif at:
        model = models.get(str(at[0]), sections.get(str(at[0]), Config))
        within: dict[str, type[BaseModel]] = {
            "guarantee": GuaranteeConfig,
            "tables": TableConfig,
            "vault": VaultConfig,
            "reveal": RevealConfig,
            "sample": SampleConfig,
        }
        if len(at) > 2:
            model = within.get(str(at[2]), model)
        if at[:2] == ("notify", "channels") and len(at) > 2:
            kinds: dict[str, type[BaseModel]] = {"mail": MailConfig, "webhook": WebhookConfig}
            model = kinds.get(str(at[3]), ChannelConfig) if len(at) > 3 else ChannelConfig
        if "incremental" in at[2:3] and len(at) > 3:
            model = IncrementalConfig
    return [f.alias or n for n, f in model.model_fields.items() if n not in {"root", "file"}]
