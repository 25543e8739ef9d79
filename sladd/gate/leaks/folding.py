"""One spelling for texts that say the same, whatever wrote them; the gate's own.

NFKC makes full-width digits and letters plain, then case goes, then what cannot be seen (a
zero-width space inside a name hides it from a search and from nobody else).
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SLICE_BYTES = 2_000_000  # of text laid out at once: its tables of powers stay in the cache
# Unicode general category Cf as far as texts hold it: soft hyphen, zero-width, direction marks.
_UNSEEN = "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
# Punctuation and blanks beyond ASCII: Latin-1 signs, general punctuation, CJK punctuation.
_MARKS = "[\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f\u2190-\u2bff\u3000-\u303f]"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|&#?[0-9A-Za-z]{2,8};|=[0-9A-F]{2}=[0-9A-F]{2}"
# 11 characters of base64 are 8 bytes, and 16 of hexadecimal: shorter originals are weak.
_CODED = r"[A-Za-z0-9+/_-]{11,}={0,2}"
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_TOKEN = re.compile(_CODED)
_LONGEST = 4096  # characters of a token that is decoded: no identifier is longer
_TWO_BYTES = re.compile(r"=([0-9A-F]{2})")


def texts(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Cells of any type as strings, one chunk; lists and structs come apart elsewhere."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], whole.type)
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    kind = whole.type
    if pa.types.is_string(kind):
        return whole
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        read = [None if v is None else v.decode("utf-8", "replace") for v in whole.to_pylist()]
        return pa.array(read, pa.string())
    if pa.types.is_fixed_size_binary(kind):
        return pa.array([None if v is None else v.hex() for v in whole.to_pylist()], pa.string())
    if pa.types.is_floating(kind):
        # 4799000000001.0 is a number of that many digits, not 4.799e12.
        return pa.array([_number(v) for v in whole.to_pylist()], pa.string())
    try:
        return whole.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        spelt = [None if v is None else str(v) for v in whole.to_pylist()]
        return pa.array(spelt, pa.string())


def _number(value: float | None) -> str | None:
    if value is None:
        return None
    return str(int(value)) if abs(value) < 2**63 and value == int(value) else repr(value)


def fold(values: pa.Array) -> pa.Array:
    """Folded strings, shape (n,); null stays null.

    Args:
        values: shape (n,), strings.
    """
    if pc.all(pc.string_is_ascii(values), min_count=0).as_py():
        return pc.ascii_lower(values)
    # Only what is not ASCII pays for Unicode.
    plain = pc.fill_null(pc.string_is_ascii(values), fill_value=True)
    others = values.filter(pc.invert(plain))
    others = pc.utf8_normalize(others, form="NFKC")
    others = pc.replace_substring_regex(others, _UNSEEN, "")
    others = pc.replace_substring_regex(pc.utf8_lower(others), _MARKS, " ")
    return pc.replace_with_mask(pc.ascii_lower(values), pc.invert(plain), others)


def decoded(values: pa.Array) -> tuple[list[int], list[str]]:
    """What stands in the values in another code: percent, JSON, HTML, base64, hexadecimal; once.

    Returns:
        Position of the value and the text that was read, for those where something was.
    """
    places: list[int] = []
    found: list[str] = []
    for place, text in _matching(values, _ESCAPED):
        plain = _unescaped(text)
        if plain != text:
            places.append(place)
            found.append(plain)
    for place, text in _matching(values, _CODED):
        for token in _TOKEN.findall(text):
            for plain in _uncoded(token):
                places.append(place)
                found.append(plain)
    return places, found


def _matching(values: pa.Array, pattern: str) -> Iterator[tuple[int, str]]:
    hits = pc.indices_nonzero(pc.fill_null(pc.match_substring_regex(values, pattern), False))
    yield from zip(hits.to_pylist(), values.take(hits).to_pylist(), strict=True)


def _unescaped(text: str) -> str:
    if "\\u" in text:
        text = re.sub(r"\\u[0-9A-Fa-f]{4}", lambda m: _json(m.group()), text)
    if "%" in text:
        text = unquote(text, errors="replace")
    if "=" in text:
        text = _TWO_BYTES.sub(lambda m: chr(int(m.group(1), 16)), text)
    return html.unescape(text)


def _json(escape: str) -> str:
    character = json.loads(f'"{escape}"')
    return " " if 0xD800 <= ord(character) <= 0xDFFF else str(character)


def _uncoded(token: str) -> Iterator[str]:
    if len(token) > _LONGEST or (token.isalpha() and (token.islower() or token.istitle())):
        return  # a word; a code of eight bytes has digits or both cases
    whole = token.rstrip("=")
    if _HEX.fullmatch(whole):
        yield from _readable(bytes.fromhex(whole))
    if len(whole) % 4 == 1:
        return
    try:
        yield from _readable(
            base64.urlsafe_b64decode(
                whole.replace("+", "-").replace("/", "_") + "=" * (-len(whole) % 4)
            )
        )
    except (binascii.Error, ValueError):
        return


def _readable(raw: bytes) -> Iterator[str]:
    """The bytes as text, where they are one."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return
    if text.isprintable():
        yield text


def slices(folded: pa.Array) -> Iterator[tuple[int, pa.Array]]:
    """Texts in runs of some two million bytes, with the place of the first of each."""
    lengths = pc.fill_null(pc.binary_length(folded), 0).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths.astype(np.int64))
    start = 0
    while start < len(folded):
        done = int(ends[start - 1]) if start else 0
        stop = int(np.searchsorted(ends, done + SLICE_BYTES, side="right"))
        stop = min(max(stop, start + 1), len(folded))
        yield start, folded.slice(start, stop - start)
        start = stop
