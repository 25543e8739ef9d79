"""IP addresses of documentation: no machine has one.

IPv4 becomes one of 768 addresses, IPv6 one of 2⁹⁶. What does not parse becomes IPv4.

Source: RFC 5737 §3 (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24); RFC 3849 (2001:db8::/32).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from transforms.fakes.kind import Draws, Fakery, Kind
from transforms.fakes.vocabulary import Vocabulary

_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_PREFIX = bytes.fromhex("20010db8")


def _make(values: Sequence[str], fakery: Fakery) -> pa.Array:
    read = [_address(value) for value in values]
    draws = fakery.draws("ip", [text for text, _ in read])
    newer = np.array([version == 6 for _, version in read], np.bool_)
    made = _older(draws)
    for at in np.flatnonzero(newer):
        made[at] = str(ipaddress.IPv6Address(_PREFIX + draws.table[at, 4:].tobytes()))
    return pa.array(made, pa.string())


def _older(draws: Draws) -> list[str]:
    networks, hosts = draws.below(len(_NETWORKS), 256)
    return [
        f"{_NETWORKS[network]}.{host}"
        for network, host in zip(networks.tolist(), hosts.tolist(), strict=True)
    ]


def _address(value: str) -> tuple[str, int]:
    """One spelling of an address, and its version; a text that is none counts as version 4."""
    try:
        parsed = ipaddress.ip_address(value.strip())
    except ValueError:
        return value, 4
    return str(parsed), parsed.version


def _pattern(_words: Vocabulary) -> str:
    return r"(?:192\.0\.2|198\.51\.100|203\.0\.113)\.[0-9]{1,3}|2001:db8:[0-9a-f:]+"


KINDS = (Kind("ip", ("user.device.ip_address",), unique=False, make=_make, pattern=_pattern),)
