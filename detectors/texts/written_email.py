"""E-mail addresses written to fool harvesters: `kari (at) example.no`, `kari krøllalfa example punktum no`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.folding import screened
from detectors.texts.recognizer import Found, TextRecognizer

_AT = (
    r"(?:[ ]?[(\[{][ ]?(?:at|a|@|kr[øo]llalfa|alfakr[øo]ll)[ ]?[)\]}][ ]?|"
    r"[ ](?:kr[øo]llalfa|alfakr[øo]ll)[ ])"
)
_DOT = r"(?:\.|[ ]?[(\[{][ ]?(?:dot|punktum|\.)[ ]?[)\]}][ ]?|[ ](?:dot|punktum)[ ])"
_LABEL = r"[\p{L}\p{M}0-9](?:[\p{L}\p{M}0-9-]{0,61}[\p{L}\p{M}0-9])?"
_ADDRESS = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}0-9._%+-])[\p{{L}}\p{{M}}0-9][\p{{L}}\p{{M}}0-9._%+-]{{0,63}}{_AT}"
    rf"{_LABEL}(?:{_DOT}{_LABEL}){{1,4}}",
    regex.IGNORECASE,
)


class WrittenEmailRecognizer(TextRecognizer):
    """Finds e-mail addresses whose at sign is a word."""

    ENTITY = "EMAIL_ADDRESS"
    CATEGORY = "user.contact.email"
    RANK = 6
    SCREEN = screened(r"[(\[{][ ]?(?:at|a|@|kr.{1,3}llalfa|alfakr)|kr.{1,3}llalfa|alfakr")

    def find(self, text: str) -> Iterator[Found]:
        """Addresses with their at sign written out."""
        for match in _ADDRESS.finditer(text):
            yield *match.span(), 0.7
