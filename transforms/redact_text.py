"""Rewrite what was found in free text; the rest stays.

ISO/IEC 20889 §8.4: suppression, or §8.5: pseudonymization, of parts of a text. The recall of
any finder is below 100 %, so the output is still free text about persons.

The spans come from the context and are rewritten by presidio-anonymizer with the operator of
this module. A text is read once however often it stands; then every row looks for its own
person's name, address and telephone, which are known from the columns beside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
from presidio_anonymizer.operators import Operator, OperatorType

from sladd import canonical
from sladd.errors import TransformError
from sladd.model import KnownValue, Needs, Parameter, Span, StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Beside, Context, needs_key, parameter
from transforms.pseudonym import Pseudonymiser
from transforms.vault import VaultPseudonymiser

BATCH_TEXTS = 256  # texts handed to the finder at once; research: the best size for NER

SPEC = TransformSpec(
    name="redact_text",
    accepts=(StorageType.STRING, StorageType.LIST),
    output=StorageType.STRING,
    iso20889="suppression",
    summary="Replace personal data within free text by labels or pseudonyms.",
    needs=Needs.ROW,
    emits="user.content.private",
    parameters=(
        Parameter(
            "with",
            "choice",
            "label",
            choices=("label", "pseudonym"),
            help="<NAVN>, or <NAVN k3f…> with the pseudonym that columns of that kind have",
        ),
    ),
)

Write = Callable[[str], str]


class SladdOperator(Operator):
    """A Presidio operator that writes what `write` makes of the text found."""

    def operate(self, text: str, params: dict[str, Any] | None = None) -> str:
        """The replacement."""
        write: Write = (params or {})["write"]
        return write(text)

    def validate(self, params: dict[str, Any] | None = None) -> None:
        """There must be a `write`."""
        if not callable((params or {}).get("write")):
            raise TypeError("the operator needs `write`")

    def operator_name(self) -> str:
        """The name in Presidio's registry."""
        return "sladd"

    def operator_type(self) -> OperatorType:
        """It anonymises."""
        return OperatorType.Anonymize


def apply(values: pa.Array, context: Context, beside: Sequence[Beside] = ()) -> pa.Array:
    """Texts with every span rewritten; null stays null.

    Args:
        values: shape (n,), string, or lists of strings.
        context: with the finder, and with the key where spans become pseudonyms.
        beside: columns of the same rows, shape (n,), whose values are looked for in the texts.
    """
    if arrays.is_list(values.type):
        owners = pc.list_parent_indices(values)
        inner = [Beside(each.category, each.values.take(owners)) for each in beside]
        return arrays.elementwise_list(values, lambda flat: apply(flat, context, inner))
    return _Redaction(context).column(_strings(arrays.plain(values)), beside)


def _strings(flat: pa.Array) -> pa.Array:
    return flat.cast(pa.string()) if pa.types.is_null(flat.type) else flat


class _Redaction:
    """The redaction of one column. Holds texts: never printed or pickled."""

    def __init__(self, context: Context) -> None:
        if context.find_spans is None:
            raise TransformError(
                "redact_text has nothing that finds personal data in texts",
                code=303,
                mend="sladd doctor",
            )
        self._find = context.find_spans
        self._context = context
        self._engine: Any = AnonymizerEngine()  # type: ignore[no-untyped-call]
        self._engine.add_anonymizer(SladdOperator)
        self._writers: dict[str, Write] = {}
        self._written = _written(context.labels.values())

    def __repr__(self) -> str:
        return "<Redaction>"

    def column(self, values: pa.Array, beside: Sequence[Beside]) -> pa.Array:
        """The redacted texts, shape (n,)."""
        encoded = values.dictionary_encode()
        texts: list[str | None] = encoded.dictionary.to_pylist()
        spans = self._spans(texts)
        once = [
            self._redacted(text, found) if text else text
            for text, found in zip(texts, spans, strict=True)
        ]
        if self._context.find_known is None or not beside:
            return pa.array(once, pa.string()).take(encoded.indices)
        rows: list[str | None] = []
        known = _known(beside)
        for row, place in enumerate(encoded.indices.to_pylist()):
            text = texts[place] if place is not None else None
            if place is None or not text:
                rows.append(text)
                continue
            found = self._context.find_known(text, spans[place], known(row))
            same = list(found) == list(spans[place])
            rows.append(once[place] if same else self._redacted(text, self._unwritten(text, found)))
        return pa.array(rows, pa.string())

    def _spans(self, texts: Sequence[str | None]) -> list[Sequence[Span]]:
        """What is found in each distinct text."""
        found: list[Sequence[Span]] = [() for _ in texts]
        todo = [n for n, text in enumerate(texts) if text]
        for start in range(0, len(todo), BATCH_TEXTS):
            some = todo[start : start + BATCH_TEXTS]
            given = [texts[n] or "" for n in some]
            answers = self._find(given)
            if len(answers) != len(given):
                raise TransformError(
                    "the finder answered for another number of texts than it was asked",
                    code=304,
                    mend="sladd doctor",
                )
            for n, text, spans in zip(some, given, answers, strict=True):
                found[n] = self._unwritten(text, spans)
        return found

    def _unwritten(self, text: str, spans: Sequence[Span]) -> Sequence[Span]:
        """The spans but those in what an earlier redaction wrote."""
        if "<" not in text:
            return spans
        written = [match.span() for match in self._written.finditer(text)]
        return [s for s in spans if all(s.end <= a or s.start >= b for a, b in written)]

    def _redacted(self, text: str, spans: Sequence[Span]) -> str:
        if not spans:
            return text
        kinds = [f"{span.type} {span.category}" for span in spans]
        for kind, span in zip(kinds, spans, strict=True):
            if kind not in self._writers:
                self._writers[kind] = _writer(span, self._context)
        self._context.counts["redacted"] += len(spans)
        results = [
            RecognizerResult(entity_type=kind, start=s.start, end=s.end, score=s.score)
            for kind, s in zip(kinds, spans, strict=True)
        ]
        operators = {
            kind: OperatorConfig("sladd", {"write": self._writers[kind]}) for kind in kinds
        }
        return str(self._engine.anonymize(text, results, operators).text)


def _known(beside: Sequence[Beside]) -> Callable[[int], list[KnownValue]]:
    """Row → what its other columns say of the person."""
    columns = [(each.category, each.texts()) for each in beside]

    def row_of(row: int) -> list[KnownValue]:
        return [KnownValue(category, cell) for category, cells in columns if (cell := cells[row])]

    return row_of


def _writer(span: Span, context: Context) -> Write:
    label = _tag(context.labels.get(span.category, "") or span.type)
    if str(parameter(SPEC, context, "with")) == "label":
        return lambda _: f"<{label}>"
    if context.derive is None:
        raise needs_key(SPEC.name)
    kind = canonical.type_of(span.category)
    key_type = canonical.key_type_of(span.category)
    worker = (
        VaultPseudonymiser(context.vault, key_type, kind)
        if context.vault is not None
        else Pseudonymiser(context.derive(key_type), kind)
    )
    return lambda found: f"<{label} {worker.one(found)}>"


def _tag(label: str) -> str:
    """A label in capitals that cannot break out of its brackets."""
    return re.sub(r"[<>\s]+", "_", label.strip()).upper()


def _written(labels: Iterable[str]) -> re.Pattern[str]:
    """What this transform writes: one of its own labels, with or without a pseudonym."""
    tags = sorted({_tag(label) for label in labels if label}, key=len, reverse=True)
    return re.compile(rf"<(?:{'|'.join(map(re.escape, tags)) or '(?!)'})(?: [a-z2-7]{{20,52}})?>")
