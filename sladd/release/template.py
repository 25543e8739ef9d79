"""The form that the officer fills in: what was measured as comments, what is asked as empty keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sladd.release.assessment import sha256_of
from sladd.release.manifest import Manifest


def template(manifest: Manifest, data: bytes, today: date) -> str:
    """An assessment of one version, to be filled in.

    Args:
        manifest: of the version.
        data: its bytes.
        today: the day it is filled in.
    """
    lines = [
        f"# Assessment of the anonymised release {manifest.release}, version {manifest.version}.",
        f"# Fill in every line, then sign it:  sladd assess {manifest.release} --sign THIS_FILE",
        "#",
        "# What the gate measured:",
        *(f"#   {line}" for line in _measured(manifest)),
        "",
        "format: 1",
        f"release: {_quoted(manifest.release)}",
        f"version: {manifest.version}",
        f"manifest_sha256: {sha256_of(data)}",
        "",
        "# Who answers for this assessment.",
        'assessed_by: ""',
        'position: ""',
        f"assessed_on: {today.isoformat()}",
        "# At most 12 months later; after that day the release is a candidate again.",
        f"review_by: {(today + timedelta(days=365)).isoformat()}",
        "",
        "# Who gets it, and how: public, named_recipients or secure_environment.",
        "recipients: []",
        'release_model: ""',
        "# What of the sources and keys the controller keeps, and who can reach it.",
        'controller_keeps: ""',
        "",
        "# WP216, the three tests: why the measured risk is acceptable with what the recipients",
        "# know and are likely to use.",
        'singling_out: ""',
        'linkability: ""',
        'inference: ""',
        "",
        "# anonymised or not_anonymised.",
        'conclusion: ""',
    ]
    return "\n".join(lines) + "\n"


def _measured(manifest: Manifest) -> Iterator[str]:
    found: dict[str, Any] = manifest.risk.get("anonymity", {})
    guarantee = found.get("guarantee", {})
    asked = [f"{name}={value}" for name, value in guarantee.items() if value is not None]
    yield f"asked for: {', '.join(asked)}"
    for table, told in found.get("tables", {}).items():
        if told.get("unit") == "nobody":
            yield f"{table}: about nobody, as was decided"
            continue
        yield (
            f"{table}: k={told.get('k', told.get('persons'))}, {told.get('persons')} persons, "
            f"{told.get('rows_suppressed', 0)} rows left out, highest risk "
            f"{told.get('highest_risk', 0):.1%}"
        )
        for column, level in told.get("levels", {}).items():
            yield f"  {column}: {level}"
        for column, spread in told.get("spread", {}).items():
            yield f"  {column}: l={spread['l_distinct']}, t={spread['t_equal']}"
    for check in manifest.gate.checks if manifest.gate else ():
        if check.name == "linkability":
            yield f"{check.column}: {check.detail}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
