"""How a delimited file is written: encoding, delimiter, quotes, header. Found by content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sladd.errors import SourceError
from sladd.sources.files.header import column_names, is_header, numbered_names
from sladd.sources.files.naming import NameJudge
from sladd.sources.files.streams import windows_1252

_DELIMITERS = ";,\t|"
_SEP_LINE = re.compile(r"^\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)
_ROWS_LOOKED_AT = 500
_STABLE = 0.9  # of the rows under comments have one width; else the lines are part of a text
_NORDIC = frozenset("æøåÆØÅäöÄÖéèÉüÜáÁčđŋšŧžàóòôêëñç")
_MARKS = frozenset("§€–—“”‘’´«»°½·\u00a0")


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""Everything that the reader of a delimited file must know.

    Attributes:
        encoding: as Python spells it.
        delimiter: one character.
        quote: one character, or "" when nothing is quoted.
        escape: "\\" where quotes are escaped by a backslash, else "".
        columns: names, unique.
        header: whether they stand in the file.
        skip_bytes: UTF-8 bytes in front of the first data row (`sep=` line, titles, header).
        skipped_rows: rows among these that are neither `sep=` nor header.
        row_bytes: mean length of a data row, in UTF-8.
    """

    encoding: str
    delimiter: str
    quote: str
    escape: str
    columns: tuple[str, ...]
    header: bool
    skip_bytes: int
    skipped_rows: int
    row_bytes: float


def encoding_of(head: bytes, *, whole: bool) -> str:
    """The encoding of a text by its first bytes: byte order mark, UTF-8, then by trial."""
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if wide := _wide(head):
        return wide
    try:
        # The head may end in the middle of a character.
        head.decode("utf-8") if whole else head[: len(head) - _cut_tail(head)].decode("utf-8")
    except UnicodeDecodeError:
        return _narrow(head)
    return "utf-8"


def _wide(head: bytes) -> str:
    """UTF-16 without a byte order mark: every second byte of Latin text is NUL."""
    even, odd = head[:4096:2], head[1:4096:2]
    if len(odd) < 8:
        return ""
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return ""


def _cut_tail(head: bytes) -> int:
    """Bytes at the end that begin a character and do not end it."""
    for back in range(1, min(4, len(head)) + 1):
        byte = head[-back]
        if byte >= 0xC0:
            need = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if need > back else 0
        if byte < 0x80:
            return 0
    return 0


def _narrow(head: bytes) -> str:
    """Windows-1252 or the Nordic DOS page by their letters, else what charset-normalizer says."""
    text = windows_1252(head)
    high = [c for c in text if ord(c) > 127]
    letters = sum(c in _NORDIC for c in high)
    # Old accounting systems still write code page 865: æøå at 0x91, 0x9b, 0x86.
    dos = sum(head.count(byte) for byte in b"\x91\x9b\x86\x92\x9d\x8f")
    if dos > letters and dos >= 0.6 * len(high) and (b"\x9b" in head or b"\x86" in head):
        return "cp865"
    if letters + sum(c in _MARKS for c in high) >= 0.6 * len(high):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(head[: 64 << 10]).best()
    if best is None:
        return "cp1252"
    name = str(best.encoding)
    return "cp1252" if name in {"latin_1", "iso8859_1", "ascii", "cp1250", "cp1257"} else name


def sniff(head: bytes, *, whole: bool, where: str, judge: NameJudge) -> Dialect:
    """Find the dialect of a delimited file from its first bytes.

    Args:
        head: unpacked bytes, as stored.
        whole: whether they are the whole file.
        where: masked name, for the error.
        judge: whether a name is personal.

    Raises:
        SourceError: there is nothing but blanks (SLADD-255), or the bytes are not text (248).
    """
    encoding = encoding_of(head, whole=whole)
    decoded = head.decode(encoding, "replace") if encoding != "utf-8" else _lenient(head)
    text = decoded.removeprefix("\ufeff").replace("\x00", "")
    if not decoded.strip("\ufeff \t\r\n"):
        raise empty(where)
    odd = sum(ord(c) < 32 and c not in "\t\n\r\x0b\x0c\x1a" for c in text[:65536])
    if not text.strip() or decoded.count("\x00") > len(decoded) // 2 or odd > len(text) // 20:
        raise SourceError(
            "holds bytes that are not text",
            code=248,
            where=where,
            mend="export it as CSV, JSON, Parquet or XLSX",
        )
    start = 0
    asked = ""
    if sep := _SEP_LINE.match(text):
        asked = sep.group(1)
        start = len(sep.group())
    length, comments = _comments(text[start:], asked, judge, whole=whole)
    start += length
    delimiter, quote, escape = _separators(text[start:], asked, whole=whole)
    rows = list(_rows(text[start:], delimiter, quote, escape, whole=whole))
    if not rows:  # one row longer than the head
        rows = [(text[start:].split(delimiter), len(text))]
    width = Counter(len(cells) for cells, _ in rows).most_common(1)[0][0]
    top = next(place for place, (cells, _) in enumerate(rows) if len(cells) == width)
    # One column: a title would look like a header, so nothing is skipped.
    after = [cells for cells, _ in rows[top + 1 :] if len(cells) == width]
    first = rows[top][0]
    header = is_header(first, after, judge)
    if (
        not header and width > 1 and first[0].startswith("#")
    ):  # `# id;navn`: a header written as a comment
        bare = [first[0].lstrip("# "), *first[1:]]
        if header := is_header(bare, after, judge):
            first = bare
    names = column_names(first) if header else numbered_names(width)
    data_from = rows[top][1] if header else (rows[top - 1][1] if top else 0)
    skip = len(text[: start + data_from].encode("utf-8", "replace"))
    # Later rows tend to be longer (numbers grow), so all of the head is measured.
    ends = [end for _, end in _rows(text[start:], delimiter, quote, escape, whole=whole, most=0)]
    body = text[start + data_from : start + (ends or [len(text)])[-1]]
    counted = max(1, len(ends) - top - header)
    return Dialect(
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        escape=escape,
        columns=tuple(names),
        header=header,
        skip_bytes=skip,
        skipped_rows=comments + top,
        row_bytes=max(1.0, len(body.encode("utf-8", "replace")) / counted),
    )


def empty(where: str) -> SourceError:
    """The error for a file in which there is nothing."""
    return SourceError(
        "the file is empty", code=255, where=where, mend="nothing to read; export it again"
    )


def _comments(text: str, asked: str, judge: NameJudge, *, whole: bool) -> tuple[int, int]:
    """Characters and lines of the comments (`# …`) above a table; zeros where they are none.

    A line that has as many cells as the table is its header (`#;navn;epost`) or a row (`#1001;…`).
    """
    length, header_at = 0, 0
    lines: list[str] = []
    for line in io.StringIO(text, newline=""):
        if line.strip() and not line.startswith("#"):
            break
        if line.strip():
            lines.append(line)
            header_at = length
        length += len(line)
    rest = text[length:]
    if not lines or not rest:
        return 0, 0
    delimiter, quote, escape = _separators(rest, asked, whole=whole)
    rows = [cells for cells, _ in _rows(rest, delimiter, quote, escape, whole=whole)]
    width, times = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
    if width == 1 or times < _STABLE * len(rows):
        return 0, 0
    if any(quote and line.count(quote) % 2 for line in lines):
        return 0, 0  # a cell goes on in the next line: no comment does
    told = [next(_rows(line, delimiter, quote, escape, whole=True), ([""], 0))[0] for line in lines]
    alike = [place for place, cells in enumerate(told) if len(cells) == width]
    if not alike:
        return length, len(lines)
    if alike != [len(told) - 1]:
        return 0, 0
    if told[-1][0].strip() != "#" and is_header(rows[0], rows[1:], judge):
        return length, len(lines)
    return header_at, len(lines) - 1


def _lenient(head: bytes) -> str:
    """UTF-8; a character cut in two at the end is left out."""
    return head[: len(head) - _cut_tail(head)].decode("utf-8", "replace")


def _separators(text: str, asked: str, *, whole: bool) -> tuple[str, str, str]:
    """Delimiter, quote and escape that cut the text into the most regular rows."""
    best, chosen = -1.0, (asked or ",", '"', "")
    escapes = ("", "\\") if '\\"' in text else ("",)
    quotes = ('"', "'") if '"' not in text and text.count("'") > 4 else ('"',)
    for delimiter in asked or _DELIMITERS:
        for quote in quotes:
            for escape in escapes:
                rows = list(_rows(text, delimiter, quote, escape, whole=whole))
                widths = Counter(len(cells) for cells, _ in rows)
                if not widths:
                    continue
                width, times = widths.most_common(1)[0]
                # Regularity first; then more columns; a delimiter that never occurs loses.
                score = 0.0 if width == 1 else times / len(rows) + min(width, 50) / 500
                if quote == "'":
                    score -= 0.001
                if score > best:
                    best, chosen = score, (delimiter, quote, escape)
    return chosen


def _rows(
    text: str, delimiter: str, quote: str, escape: str, *, whole: bool, most: int = _ROWS_LOOKED_AT
) -> Iterator[tuple[list[str], int]]:
    """Non-empty rows with the position where each ends; the last one only if it is complete."""
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for line in io.StringIO(text, newline=""):
            read += len(line)
            yield line

    parser = csv.reader(
        lines(),
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=escape or None,
        doublequote=not escape,
    )
    given = 0
    try:
        for cells in parser:
            if (most and given >= most) or (read >= len(text) and not whole and given):
                return
            if cells:
                given += 1
                yield cells, read
    except csv.Error:
        return
