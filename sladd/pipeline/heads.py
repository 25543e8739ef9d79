"""Heads of the audit trail in a file: what the trail was when somebody last looked.

One line of JSON a head: `{"format": 1, "number": 41, "hash": "…", "exported": "…"}`. Each entry's
hash covers all before it, so a trail that still holds entry 41 with that hash is, up to there, the
trail of that day. The file holds no names. Source: RFC 9162 §1 (why a log's signed heads are kept
by others than its owner).
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from sladd.catalog import Catalog
from sladd.errors import ConfigError, GateError, SourceError

_HASH = re.compile(r"[0-9a-f]{64}")


def read_heads(path: Path) -> dict[int, str]:
    """Number → hash of every head in a file.

    Raises:
        ConfigError: it cannot be read, or is no file of heads (SLADD-908).
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return dict(_head(line) for line in lines if line.strip())
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(
            "the file of heads cannot be read",
            code=908,
            where=str(path),
            mend="sladd audit export writes one",
        ) from None


def add_head(catalog: Catalog, path: Path) -> tuple[int, str]:
    """Add the head of today to a file; its number and hash.

    Raises:
        ConfigError: the file is no file of heads (SLADD-908), or the trail is empty (910).
        GateError: the trail is broken, or is not the one of the heads before (SLADD-909).
        SourceError: the file cannot be written (SLADD-911).
    """
    before = read_heads(path) if path.exists() else {}
    problems = catalog.audit.verify(heads=before)
    if problems:
        raise GateError(
            f"the audit trail is not whole: {problems[0]}",
            code=909,
            where=str(path),
            mend=f"sladd audit verify --heads {path}",
        )
    number, hashed = catalog.audit.head()
    if not number:
        raise ConfigError(
            "the audit trail is empty", code=910, where="the catalog", mend="sladd discover"
        )
    if number not in before:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        line = {"format": 1, "number": number, "hash": hashed, "exported": now}
        try:
            with path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError:
            raise SourceError(
                "the file of heads cannot be written",
                code=911,
                where=str(path),
                mend="name another place",
            ) from None
    return number, hashed


def _head(line: str) -> tuple[int, str]:
    raw = json.loads(line)
    number, hashed = raw["number"], raw["hash"]
    if raw["format"] != 1 or type(number) is not int or not _HASH.fullmatch(hashed):
        raise ValueError("no head")
    return number, hashed
