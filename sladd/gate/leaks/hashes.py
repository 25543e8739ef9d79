"""Unsalted hashes of originals: whoever can guess the original can check the guess.

A hash is found by making it. That costs, so originals are hashed only when something in the
release looks like a hash and is no pseudonym; then the columns are read once more.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from sladd.gate.leaks.encoded import flattened
from sladd.gate.leaks.folding import texts
from sladd.gate.leaks.shapes import Original, is_one_of
from sladd.model import Check

_BYTES = {16: "md5", 20: "sha1", 32: "sha256"}
_HEX = r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9A-F]{32}|[0-9A-F]{40}|[0-9A-F]{64})"
_BASE64 = r"(?:[A-Za-z0-9+/_-]{22}(?:==)?|[A-Za-z0-9+/_-]{27}=?|[A-Za-z0-9+/_-]{43}=?)"
_SHAPED = rf"(?:^|[^A-Za-z0-9+/_=-])(?:{_HEX}|{_BASE64})(?:$|[^A-Za-z0-9+/_=-])"
_TOKEN = re.compile(rf"(?<![A-Za-z0-9+/_=-])(?:{_HEX}|{_BASE64})(?![A-Za-z0-9+/_=-])")
_MOST = 3_000_000  # hash-shaped tokens held, 16 bytes each and what Python adds
_NOT_DIGITS, _LETTER = re.compile(r"[^0-9]+"), re.compile(r"[^\W\d_]")
_FEWEST_DIGITS = 3  # of a number that somebody would hash
_WITH_COUNTRY = 10  # digits: 47 and eight of a Norwegian number
_ENOUGH = 20  # hits of one column: what it is, is clear


class Hashes:
    """What looks like a hash in a release. Holds what was written, and nothing of the source."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        """Begin with texts whose hashes a release has to hold: of its files, policy and key."""
        self._known = {
            raw for text in known for token in _TOKEN.findall(text) for raw in _raw(token)
        }
        self._where: dict[bytes, str] = {}  # hash → column
        self.full = False

    def __repr__(self) -> str:
        return f"<Hashes: {len(self._where)}>"

    def look(self, values: pa.Array, column: str) -> None:
        """Take what looks like a hash in some values of a column."""
        shaped = pc.fill_null(pc.match_substring_regex(values, _SHAPED), False)
        for text in values.filter(shaped).to_pylist():
            for token in _TOKEN.findall(text):
                if len(self._where) >= _MOST:
                    self.full = True
                    return
                for raw in _raw(token):
                    if raw not in self._known:
                        self._where.setdefault(raw, column)

    @property
    def any(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self._where)

    def checks(self, read: Iterable[tuple[Original, pa.Array]]) -> Iterator[Check]:
        """Compare with the hashes of originals.

        Args:
            read: columns of the source again, batch by batch.
        """
        found: dict[tuple[str, str, str], int] = {}
        wanted = {len(raw) for raw in self._where}
        makers = [(_BYTES[size], getattr(hashlib, _BYTES[size])) for size in sorted(wanted)]
        for original, values in read:
            flat = texts(flattened(values)[0])
            for value in pc.unique(flat).to_pylist():
                for spelling in spellings(value or "", original.category):
                    for name, maker in makers:
                        raw = maker(spelling.encode(), usedforsecurity=False).digest()
                        if (column := self._where.get(raw)) is not None:
                            key = (column, original.field, name)
                            found[key] = found.get(key, 0) + 1
            if found and min(found.values()) >= _ENOUGH:
                break
        for (column, field, name), count in sorted(found.items()):
            many = f"{count} or more" if count >= _ENOUGH else str(count)
            yield Check(
                "unsalted hash",
                False,
                f"{many} hashes ({name.upper()}, no key) of {field} stand there;"
                f" give the column the transform pseudonym, or drop it",
                column,
            )
        if not found:
            yield Check(
                "unsalted hashes", True, f"{len(self._where)} hash-shaped values are no originals'"
            )


def spellings(value: str, category: str) -> set[str]:
    """Ways in which a value is written before somebody hashes it."""
    text = value.strip()
    if not text:
        return set()
    ways = {value, text, text.lower(), text.upper()}
    digits = _NOT_DIGITS.sub("", text)
    if other_signs := len(digits) < len(text):
        ways.add("".join(text.split()).lower())
    if other_signs and len(digits) >= _FEWEST_DIGITS and not _LETTER.search(text):
        ways.add(digits)
    if digits and is_one_of(category, ("user.contact.phone_number",)):
        national = digits.removeprefix("00")
        if len(national) == _WITH_COUNTRY and national.startswith("47"):
            national = national[2:]
        ways |= {national, f"47{national}", f"+47{national}", f"0047{national}", f"+{digits}"}
    return ways


def _raw(token: str) -> Iterator[bytes]:
    if re.fullmatch(_HEX, token):
        yield bytes.fromhex(token)
        return
    if token.islower() or token.isupper() or token.istitle() or token.isdigit():
        return  # a long word; a hash has letters of both cases
    plain = token.rstrip("=").replace("+", "-").replace("/", "_")
    raw = base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    if len(raw) in _BYTES:
        yield raw
