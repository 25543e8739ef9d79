"""IP addresses as networks, user agents as families."""

from __future__ import annotations

import ipaddress
import re


def network(text: str, v4_bits: int, v6_bits: int) -> str | None:
    """The network that holds an address; None for no address.

    >>> network("192.0.2.77", 24, 48)
    '192.0.2.0/24'
    >>> network("2001:db8:1:2::7", 24, 48)
    '2001:db8:1::/48'
    """
    try:
        address = ipaddress.ip_address(text.strip().partition("%")[0].partition("/")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    bits = v4_bits if address.version == 4 else v6_bits
    return str(ipaddress.ip_network((address, bits), strict=False))


# The first that stands in the text; most browsers also claim to be the ones further down.
_BROWSERS: tuple[tuple[str, str], ...] = (
    (r"bot\b|crawl|spider|slurp|facebookexternalhit", "Bot"),
    (r"\b(?:Edg|EdgA|EdgiOS|Edge)/", "Edge"),
    (r"\b(?:OPR|Opera|OPiOS|OPT)\b", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bVivaldi/", "Vivaldi"),
    (r"\b(?:Firefox|FxiOS)/", "Firefox"),
    (r"\b(?:Chrome|CriOS|Chromium)/", "Chrome"),
    (r"\bSafari/", "Safari"),
    (r"\b(?:MSIE |Trident/)", "Internet Explorer"),
    (r"^(?:curl|Wget|python-requests|okhttp|Go-http-client|PostmanRuntime)", "Program"),
)
_SYSTEMS: tuple[tuple[str, str], ...] = (
    (r"\b(?:iPhone|iPad|iPod)\b", "iOS"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\b(?:Macintosh|Mac OS X)\b", "macOS"),
    (r"\bLinux\b", "Linux"),
)
_BROWSER = tuple((re.compile(p, re.IGNORECASE), name) for p, name in _BROWSERS)
_SYSTEM = tuple((re.compile(p), name) for p, name in _SYSTEMS)


def family(user_agent: str) -> str:
    """Browser and operating system, without versions.

    >>> family("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/130.0")
    'Firefox, Windows'
    """
    named = browser(user_agent)
    if named in {"Bot", "Program"}:
        return named
    found = system(user_agent)
    return f"{named}, {found}" if found else named


def browser(user_agent: str) -> str:
    """The browser without its version; `Bot`, `Program` and `Other` for what is none known.

    >>> browser("curl/8.5.0")
    'Program'
    """
    return next((name for p, name in _BROWSER if p.search(user_agent)), "Other")


def system(user_agent: str) -> str | None:
    """The operating system without its version; None where the text names none known.

    >>> system("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0")
    'Linux'
    """
    return next((name for p, name in _SYSTEM if p.search(user_agent)), None)
