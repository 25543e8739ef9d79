r"""A user's own recognisers, in Presidio's YAML: patterns and deny lists, and nothing that runs code.

```yaml
recognizers:
  - name: Member number
    supported_entity: MEMBER_NUMBER
    supported_languages: [nb, en]
    patterns: [{name: member, regex: "M[0-9]{6}", score: 0.5}]
    context: [medlem, member]
sladd:
  MEMBER_NUMBER: {category: user.unique_id, context: [medlemsnummer]}
```

`class_name` and predefined types are refused: a configuration file must not choose code to
load. An expression runs in RE2, in linear time, unless it needs what RE2 lacks or reads
differently (lookaround, back references, and `\b` and `\w`, which RE2 takes as ASCII); then it
runs in `regex` with a second at most. `sladd` is ours and not handed to Presidio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import re2
import regex
import yaml
from presidio_analyzer import Pattern, PatternRecognizer, RecognizerResult

from detectors.declaration import Declaration, Mask, Subtype
from detectors.folding import fold, screened
from sladd.errors import DetectionError

if TYPE_CHECKING:
    from presidio_analyzer.nlp_engine import NlpArtifacts

SECONDS = 1.0
"""How long one expression may take on one text."""

_TOP = {"recognizers", "supported_languages", "global_regex_flags", "sladd"}
_KEYS = {
    "name", "type", "enabled", "supported_language", "supported_languages", "supported_entity",
    "supported_entities", "patterns", "deny_list", "deny_list_score", "context", "country_code",
    "score_thresholds",
}  # fmt: skip
# RE2 reads these as ASCII, Presidio's engine as Unicode.
_ASCII_ONLY = regex.compile(r"(?<!\\)(?:\\\\)*\\[bBwWsSdDZ]")


class CustomRecognizer(PatternRecognizer):
    """A user's recogniser, its expressions bounded in time."""

    patterns: list[Pattern]
    name: str

    def __init__(self, declaration: Declaration, where: str, **arguments: Any) -> None:
        super().__init__(context=list(declaration.context), **arguments)
        self.declaration = declaration
        self._where = where
        self._compiled = [
            (pattern, compile_bounded(pattern.regex, f"{where}.patterns.{pattern.name}"))
            for pattern in self.patterns
        ]

    def analyze(
        self,
        text: str,
        entities: list[str],  # noqa: ARG002  (Presidio's signature)
        nlp_artifacts: NlpArtifacts | None = None,  # noqa: ARG002
        regex_flags: int | None = None,  # noqa: ARG002
    ) -> list[RecognizerResult]:
        """Find the entity in a text.

        Raises:
            DetectionError: an expression took more than a second (709).
        """
        results = []
        folded = fold(text)
        for pattern, compiled in self._compiled:
            for start, end in _matches(compiled, folded, self._where):
                results.append(
                    RecognizerResult(
                        entity_type=self.supported_entities[0],
                        start=start,
                        end=end,
                        score=pattern.score,
                        analysis_explanation=self.build_regex_explanation(
                            self.name, pattern.name, pattern.regex, pattern.score, False, 0
                        ),
                        recognition_metadata={
                            RecognizerResult.RECOGNIZER_NAME_KEY: self.name,
                            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
                        },
                    )
                )
        return results


def compile_bounded(expression: str, where: str) -> Any:
    """An RE2 object where it means the same, else one of `regex`, to be run with a timeout.

    Raises:
        DetectionError: neither engine reads it (708).
    """
    if not _ASCII_ONLY.search(expression):
        options = re2.Options()
        options.log_errors = False
        try:
            return re2.compile(f"(?ims:{expression})", options)
        except re2.error:
            pass
    try:
        return regex.compile(expression, regex.IGNORECASE | regex.MULTILINE | regex.DOTALL)
    except regex.error:
        raise DetectionError(
            "not a regular expression", code=708, where=where, mend="correct the expression"
        ) from None


def _matches(compiled: Any, text: str, where: str) -> list[tuple[int, int]]:
    """Spans of the non-empty matches."""
    try:
        if isinstance(compiled, regex.Pattern):
            found = [m.span() for m in compiled.finditer(text, timeout=SECONDS)]
        else:
            found = [m.span() for m in compiled.finditer(text)]
    except TimeoutError:
        raise DetectionError(
            f"an expression took more than {SECONDS:g} s on one text",
            code=709,
            where=where,
            mend="make it simpler: no nested repetition",
        ) from None
    return [(start, end) for start, end in found if end > start]


def load(path: Path, languages: Sequence[str]) -> list[CustomRecognizer]:
    """The recognisers of one file, one instance for each language of the run that they name.

    Raises:
        DetectionError: the file is missing or no YAML (705), a key is unknown or refused (706),
            a value is wrong (707), an expression is none (708).
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise DetectionError(
            "cannot be read as YAML", code=705, where=str(path), mend="check path and syntax"
        ) from None
    if not isinstance(content, dict):
        raise _wrong(path, "the file", "a map with the key `recognizers`", code=707)
    for key in content:
        if key not in _TOP:
            raise _wrong(path, str(key), f"one of {', '.join(sorted(_TOP))}", code=706)
    ours = content.get("sladd") or {}
    rows = content.get("recognizers")
    if not isinstance(rows, list) or not rows:
        raise _wrong(path, "recognizers", "a list of recognisers")
    if not isinstance(ours, dict) or not all(isinstance(value, dict) for value in ours.values()):
        raise _wrong(path, "sladd", "a map from entity to category and context")
    found = []
    for number, row in enumerate(rows):
        place = f"recognizers[{number}]"
        if not isinstance(row, dict):
            raise _wrong(path, place, "a map; names of predefined recognisers are refused")
        if row.get("enabled", True):
            found += _instances(path, place, row, content, ours, languages)
    return found


def _wrong(path: Path, key: str, expected: str, *, code: int = 707) -> DetectionError:
    what = "unknown or refused key" if code == 706 else "wrong value"
    return DetectionError(f"{what} {key}", code=code, where=str(path), mend=f"expected {expected}")


def _instances(
    path: Path,
    place: str,
    row: Mapping[str, Any],
    content: Mapping[str, Any],
    ours: Mapping[str, Any],
    languages: Sequence[str],
) -> list[CustomRecognizer]:
    for key in row:
        if key not in _KEYS:
            raise _wrong(path, f"{place}.{key}", "patterns or deny_list only", code=706)
    if row.get("type", "custom") != "custom":
        raise _wrong(path, f"{place}.type", "custom")
    entity = row.get("supported_entity") or next(iter(row.get("supported_entities") or []), None)
    if not isinstance(entity, str) or not entity:
        raise _wrong(path, f"{place}.supported_entity", "the name of an entity")
    patterns = [
        _pattern(path, f"{place}.patterns[{n}]", p)
        for n, p in enumerate(_list(path, place, row, "patterns"))
    ]
    deny = _list(path, place, row, "deny_list")
    if not patterns and not deny:
        raise _wrong(path, place, "patterns or deny_list")
    if not all(isinstance(word, str) and word for word in deny):
        raise _wrong(path, f"{place}.deny_list", "a list of words (quote numbers)")
    extra = ours.get(entity, {})
    declared = row.get("supported_languages") or content.get("supported_languages") or languages
    if row.get("supported_language"):
        declared = [row["supported_language"]]
    found = []
    entry: Any
    for entry in declared:
        nested = isinstance(entry, dict)
        language = entry.get("language") if nested else entry
        if language not in languages:
            continue
        words = [*_list(path, place, row, "context"), *(extra.get("context") or [])]
        words += (entry.get("context") or []) if nested else []
        arguments: dict[str, Any] = {
            "supported_entity": entity,
            "name": str(row.get("name") or entity),
            "supported_language": language,
            "patterns": list(patterns),
            "deny_list": list(deny) or None,
            "deny_list_score": float(row.get("deny_list_score", 1.0)),
        }
        where = f"{path}: {place}"
        declaration = _declare(entity, extra, tuple(map(str, words)), patterns, deny, where)
        found.append(CustomRecognizer(declaration, where, **arguments))
        if isinstance(row.get("score_thresholds"), dict):
            found[-1].score_thresholds = row["score_thresholds"]
    return found


def _list(path: Path, place: str, row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key) or []
    if not isinstance(value, list):
        raise _wrong(path, f"{place}.{key}", "a list")
    return value


def _pattern(path: Path, place: str, row: Any) -> Pattern:
    if not isinstance(row, dict) or not {"name", "regex", "score"} >= set(row) >= {
        "regex",
        "score",
    }:
        raise _wrong(path, place, "a map of name, regex and score")
    score = row["score"]
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise _wrong(path, f"{place}.score", "a number from 0 to 1")
    if not isinstance(row["regex"], str):
        raise _wrong(path, f"{place}.regex", "an expression in quotes")
    compile_bounded(row["regex"], f"{path}: {place}.regex")
    # Presidio compiles every expression itself as well; a syntax only RE2 knows would fail there.
    try:
        return Pattern(str(row.get("name", "pattern")), row["regex"], float(score))
    except (ValueError, regex.error):
        raise _wrong(path, f"{place}.regex", "an expression that Presidio reads") from None


def _declare(
    entity: str,
    extra: Mapping[str, Any],
    context: tuple[str, ...],
    patterns: Sequence[Pattern],
    deny: Sequence[str],
    where: str,
) -> Declaration:
    """A shape-only declaration; screened only when every expression is RE2's."""
    compiled = [compile_bounded(pattern.regex, where) for pattern in patterns]
    screenable = not any(isinstance(one, regex.Pattern) for one in compiled)
    words = {fold(word).casefold() for word in deny}
    # Anchored forms of the same expressions: a shorter alternative must not hide a whole match.
    anchored = [compile_bounded(rf"^(?:{pattern.regex})$", where) for pattern in patterns]

    def verify(values: Sequence[str]) -> Mask:
        mask = np.zeros(len(values), dtype=np.bool_)
        for row, value in enumerate(values):
            cell = fold(value).strip()
            mask[row] = cell.casefold() in words or any(
                (0, len(cell)) in _matches(one, cell, where) for one in anchored
            )
        return mask

    screen = "|".join(
        [f"(?ms:{pattern.regex})" for pattern in patterns]
        + [f"(?:{re2.escape(fold(word))})" for word in deny]
    )
    return Declaration(
        entity=entity,
        category=str(extra.get("category", "user.custom")),
        subtypes=(Subtype("custom", 0.0),),
        rank=45,
        checksum=False,
        screen=screened(screen) if screenable else None,
        full=None,
        needs_context=False,
        context=context,
        verify=verify,
    )
