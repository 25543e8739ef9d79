"""What is wrong with a key: its line in the file, and the nearest key that is allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from sladd.channels import ChannelConfig, MailConfig, NotifyConfig, WebhookConfig
from sladd.config.config import Config
from sladd.config.controller import ControllerConfig, NoticeConfig
from sladd.config.detection import DetectionConfig
from sladd.config.guarantee import GuaranteeConfig, HierarchyConfig
from sladd.config.keys import KeyConfig
from sladd.config.lines import line_of
from sladd.config.releases import IncrementalConfig, ReleaseConfig, SampleConfig
from sladd.config.retention import RetentionConfig
from sladd.config.review import ProxyConfig, ReviewConfig
from sladd.config.sources import SourceConfig
from sladd.config.tables import TableConfig
from sladd.config.tokens import RevealConfig, VaultConfig
from sladd.errors import ConfigError, SladdError

# What Pydantic calls a fault → what somebody who writes YAML calls it.
_WORDS = {
    "missing": "it is missing",
    "model_type": "it should be a section, with keys of its own",
    "dict_type": "it should be a section, with keys of its own",
    "list_type": "it should be a list",
    "string_type": "it should be text",
    "bool_type": "it should be true or false",
    "bool_parsing": "it should be true or false",
    "int_type": "it should be a whole number",
    "int_parsing": "it should be a whole number",
    "int_from_float": "it should be a whole number",
    "float_type": "it should be a number",
    "float_parsing": "it should be a number",
}
_REFERENCE = "see docs/reference/configuration.md"


def explain_all(
    errors: Sequence[Mapping[str, Any]], node: yaml.Node | None, path: Path
) -> list[SladdError]:
    """The faults of Pydantic as errors of ours; what one place may be is said in one line."""
    found: dict[tuple[str, int], ConfigError] = {}
    for error in errors:
        told = explain(error, node, path)
        at = (told.what.partition(": ")[0] + told.where, told.code)
        if at in found and told.code == 107 and told.what not in found[at].what:
            found[at].what += f" or {told.what.rpartition('it should be ')[2]}"
        else:
            found.setdefault(at, told)
    return list(found.values())


def explain(error: Mapping[str, Any], node: yaml.Node | None, path: Path) -> ConfigError:
    """One fault of Pydantic as an error of ours (SLADD-106, 107)."""
    at = tuple(part for part in error["loc"] if part not in {"str", "list[str]"})
    where = f"{path.name}, line {line_of(node, at)}"
    spelled = ".".join(str(part) for part in at)
    if error["type"] == "extra_forbidden":
        allowed = _allowed(at[:-1])
        close = get_close_matches(str(at[-1]), allowed, n=1)
        mend = f"did you mean '{close[0]}'?" if close else f"allowed: {', '.join(allowed)}"
        return ConfigError(f"unknown key '{spelled}'", code=106, where=where, mend=mend)
    message = _WORDS.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    if error["type"] == "missing":
        return ConfigError(f"'{spelled}': {message}", code=107, where=where, mend="add it")
    return ConfigError(f"'{spelled}': {message}", code=107, where=where, mend=_REFERENCE)


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
