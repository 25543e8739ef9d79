"""Numbers and addresses of machines and programs, which are nobody's.

The address of a server is no visitor's, and a tenant of a cloud is an organisation: programs give
both long keys, and people who rent a flat have short ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from detectors.columns.judgement import Judged
from detectors.columns.numbers import UUID
from detectors.columns.spelling import words

_OURS = frozenset(
    ("host", "server", "servers", "servere", "destination", "dest", "dst", "upstream", "backend", "gateway", "proxy", "switch", "router",
     "node", "nodes", "datacenter", "vm", "vms", "loadbalancer")
)  # fmt: skip
_ADDRESSES = ("user.device.ip_address", "user.device.mac_address")
# Addresses of one's own network (RFC 1918, RFC 4193), and those of the machine itself.
_PRIVATE = r"(?i)^\s*(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|f[cd][0-9a-f]{2}:|::1)"
_NUMBERS = "user.unique_id"
_ORGANISATIONS = frozenset({"tenant", "tenants"})
_PROGRAMS = frozenset({"agent", "agents"})  # in a log: what sent the line
_MOSTLY = 0.8  # share of the values
# Where a line of a log keeps what ran, and not who asked (Elastic Common Schema, OpenTelemetry).
_RAN = ("host", "agent", "container", "process", "log", "service", "destination", "tls", "ecs", "observer", "orchestrator", "kubernetes", "k8s",
        "cloud", "telemetry", "deployment", "faas")  # fmt: skip


def of_what_ran(column: str) -> bool:
    """Whether a column of a log tells of one's own machines and programs: `host.name`."""
    before, _, rest = column.partition(".")
    return bool(rest) and before.casefold() in _RAN


def settle_machines(columns: Sequence[Judged], table: str, kind: str) -> None:
    """Bar addresses of one's own servers, and keys of tenants and programs.

    Args:
        columns: of one table, judged.
        table: its name.
        kind: what it is about.
    """
    servers = bool(_OURS & set(words(table)))
    for judged in columns:
        column, said = judged.profile, set(words(judged.field.ref.column))
        if not len(column.values):
            continue
        theirs: tuple[str, ...] = ()
        own = bool(_OURS & said) or servers
        programs = _ORGANISATIONS | (_PROGRAMS if kind == "web" else frozenset())
        keyed = bool(programs & said) and column.share(UUID) >= _MOSTLY
        if own:
            private = column.share(_PRIVATE) >= _MOSTLY
            theirs = _ADDRESSES if private else _ADDRESSES[1:]
            judged.inside = [found for found in judged.inside if found.category not in theirs]
        for candidate in judged.candidates:
            if (own and candidate.category in theirs) or (
                keyed and candidate.category.startswith(_NUMBERS)
            ):
                candidate.barred = True
