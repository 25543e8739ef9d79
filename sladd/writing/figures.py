"""Numbers, shares and dates as a Norwegian or English reader writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo

NBSP = "\u00a0"

_MONTHS = {
    "nb": (
        "januar", "februar", "mars", "april", "mai", "juni",
        "juli", "august", "september", "oktober", "november", "desember",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def number(value: float, lang: str) -> str:
    """A count or measure: `1 234,5` or `1,234.5`.

    >>> number(1234, "en"), number(1234, "nb") == f"1{NBSP}234"
    ('1,234', True)
    """
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
    if lang == "nb":
        return text.replace(",", NBSP).replace(".", ",")
    return text


def percent(share: float, lang: str) -> str:
    """A share 0-1 in per cent; never rounded to none or to all when it is neither.

    >>> percent(0.9996, "en"), percent(0.0005, "en"), percent(0.98, "en")
    ('99.9%', '0.05%', '98%')
    """
    hundred = share * 100
    if share <= 0 or share >= 1:
        text = f"{round(hundred)}"
    elif hundred > 99:
        text = f"{min(hundred, 99.94):.1f}".removesuffix(".0")
    elif hundred >= 10:
        text = f"{hundred:.0f}"
    elif hundred >= 1:
        text = f"{hundred:.1f}".removesuffix(".0")
    elif hundred >= 0.01:
        text = f"{hundred:.2f}".rstrip("0")
    else:
        text = f"{hundred:.1g}" if hundred >= 0.0001 else "<0.0001"
    return f"{text.replace('.', ',')}{NBSP}%" if lang == "nb" else f"{text}%"


def day(value: date, lang: str) -> str:
    """A date in words: `3. mars 2026` or `3 March 2026`."""
    month = _MONTHS[lang][value.month - 1]
    return (
        f"{value.day}.{NBSP}{month} {value.year}"
        if lang == "nb"
        else (f"{value.day}{NBSP}{month} {value.year}")
    )


def moment(value: datetime, lang: str, zone: tzinfo = UTC) -> str:
    """A date with its time of day, to the minute; UTC is named, the reader's own zone is not."""
    at = value.astimezone(zone) if value.tzinfo else value
    clock = f"{at:%H.%M}" if lang == "nb" else f"{at:%H:%M}"
    joined = f"kl.{NBSP}{clock}" if lang == "nb" else clock
    return f"{day(at.date(), lang)} {joined}{' UTC' if zone is UTC else ''}"


def period(begun: datetime, ended: datetime, lang: str) -> str:
    """From one date to another, written once where they are the same."""
    first, last = begun.date(), ended.date()
    if first == last:
        return day(last, lang)
    return f"{day(first, lang)} – {day(last, lang)}"


def joined(parts: list[str], lang: str) -> str:
    """`a, b og c`.

    >>> joined(["a", "b", "c"], "en")
    'a, b and c'
    """
    word = "og" if lang == "nb" else "and"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}" if len(parts) > 1 else "".join(parts)
