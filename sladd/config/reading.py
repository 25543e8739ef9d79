"""Reads `sladd.yaml` and fills in `${NAME}`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from pydantic import ValidationError

from sladd.config.config import Config
from sladd.config.faults import explain_all
from sladd.config.lines import Lines, line_of
from sladd.errors import ConfigError, SladdError, raise_all

SecretReader = Callable[[str], str | None]
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


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
            "the configuration cannot be read as UTF-8 text",
            code=102,
            where=path.name,
            mend="save it as UTF-8, or name a file with --config",
        ) from None
    try:
        node = yaml.compose(raw, Loader=Lines)
        data = yaml.load(raw, Loader=Lines)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or "it is no YAML"
        raise ConfigError(
            f"the configuration is no valid YAML: {problem}",
            code=103,
            where=f"{path.name}{line}",
            mend="correct that line; indent with spaces, and quote texts that hold : # { or @",
        ) from None
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise ConfigError(
            "the configuration is not a mapping",
            code=103,
            where=path.name,
            mend="begin with sources:, or sladd init",
        )
    errors: list[SladdError] = []
    data = _fill(data, (), node, path, secret, errors)
    raise_all(errors)
    data["file"] = path.resolve()
    data["root"] = data["file"].parent
    try:
        return Config.model_validate(data)
    except ValidationError as fault:
        raise_all(explain_all(fault.errors(include_input=False), node, path))
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
                    where=f"{path.name}, line {line_of(node, at)}",
                    mend=f"export {name}=…",
                )
            )
            return ""
        # A password may hold @ or /: inside a URL it is percent-encoded.
        in_url = at[:1] == ("catalog",) or at[-1:] in {("database",), ("store",)}
        # A release may go to a folder, a bucket or a database: what stands before @ is a login.
        login = "://" in value[: match.start()] and "@" in value[match.end() :]
        in_url = in_url or (at[-1:] == ("to",) and login)
        return quote(found, safe="") if in_url and match.group(0) != value else found

    return _VARIABLE.sub(read, value)
