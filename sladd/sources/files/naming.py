"""Names of files, sheets and tables: what may be shown, and what makes files one dataset."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable

NameJudge = Callable[[str], bool]
"""Says whether a name (of a file, sheet, column or key) is itself personal data."""

_MAIL = re.compile(r"[^\s@/]+@[^\s@/]+\.[^\W\d_]{2,}")
# Eight digits can be a telephone number, eleven a fødselsnummer; dates are taken out first.
_LONG_NUMBER = re.compile(r"(?<!\d)(?:\+?\d[ .\-]?){8,}(?!\d)")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?"
    r"(?:[T_\- ]?\d{2}[-_.:]?\d{2}(?:[-_.:]?\d{2})?Z?)?"
    r"|(?:0[1-9]|[12]\d|3[01])[-_.](?:0[1-9]|1[0-2])[-_.](?:19|20)\d\d)(?!\d)"
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_GLUE = re.compile(r"[\s_\-.~+()]+")
_EXTENSIONS = (
    "csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "parquet", "pq", "arrow", "feather",
    "ipc", "xlsx", "xlsm", "xls", "gz", "gzip", "zst", "zstd", "snappy", "dat", "log",
    "pdf", "docx", "odt", "eml", "mbox", "html", "htm", "md", "xml", "zip",
)  # fmt: skip
_GENERIC = frozenset({"", "part", "parts", "data", "file", "export", "chunk", "c"})


def strong_shape(name: str) -> bool:
    """Whether a name holds an e-mail address or a long number; names of persons need more.

    >>> strong_shape("kari@example.no"), strong_shape("orders_2026-01-01")
    (True, False)
    """
    return bool(_MAIL.search(name) or _LONG_NUMBER.search(_DATE.sub("~", _UUID.sub("~", name))))


def judge_with(name_is_personal: NameJudge | None) -> NameJudge:
    """The caller's judge, and the shapes that are personal whatever it says."""
    if name_is_personal is None:
        return strong_shape
    return lambda name: strong_shape(name) or name_is_personal(name)


def masked(name: str, word: str) -> str:
    """`file#7f3a`: a name that stays recognisable to its owner and tells others nothing."""
    folded = unicodedata.normalize("NFC", name)
    return f"{word}#{hashlib.sha256(folded.encode()).hexdigest()[:4]}"


def stem_of(name: str) -> str:
    """A file name without its extensions: `orders.csv.gz` → `orders`."""
    stem = name
    while "." in stem.lstrip("."):
        head, _, extension = stem.rpartition(".")
        if extension.lower() not in _EXTENSIONS:
            break
        stem = head
    return stem


def shown_path(relative: str, judge: NameJudge) -> str:
    """A relative path with each personal part masked; extensions stay."""
    *folders, name = relative.split("/")
    parts = [masked(folder, "folder") if judge(folder) else folder for folder in folders]
    stem = stem_of(name)
    parts.append(masked(name, "file") + name[len(stem) :] if judge(stem) else name)
    return "/".join(parts)


def without_date(stem: str) -> str:
    """A stem without its date and run id: `orders_2026-01-02` → `orders`."""
    kept = _DATE.sub(" ", _UUID.sub(" ", stem))
    if kept == stem:
        return stem
    return _GLUE.sub(lambda m: m.group()[0] if m.group().strip() else " ", kept).strip(" _-.~+()")


def pattern_of(stem: str) -> str:
    """What files of one dataset have in common: the stem with dates and digits taken out."""
    kept = _DATE.sub("#", _UUID.sub("#", stem))
    return _DIGITS.sub("#", kept)


def dataset_name(pattern: str, folder: str) -> str:
    """The name of a dataset from its pattern; the folder's where the pattern says nothing."""
    name = _GLUE.sub(" ", pattern.replace("#", " ")).strip()
    joined = pattern.replace("#", "").strip(" _-.~+()") if name else ""
    joined = re.sub(r"([_\-.]){2,}", r"\1", joined)
    if name.lower().split(" ")[0] in _GENERIC and folder:
        return folder
    return joined or folder or "files"
