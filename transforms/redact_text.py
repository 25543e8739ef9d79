"""Rewrite what was found in free text; the rest stays.

ISO/IEC 20889 §8.4: suppression, or §8.5: pseudonymization, of parts of a text. The recall of
any finder is below 100 %, so the output is still free text about persons.

The spans come from the context and are rewritten by presidio-anonymizer with the operator of
this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
from presidio_anonymizer.operators import Operator, OperatorType

from sladd import canonical
from sladd.errors import TransformError
from sladd.model import Parameter, Span, StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Context, needs_key, parameter
from transforms.pseudonym import Pseudonymiser

BATCH_TEXTS = 256  # texts handed to the finder at once; research: the best size for NER

SPEC = TransformSpec(
    name="redact_text",
    accepts=(StorageType.STRING, StorageType.LIST),
    output=StorageType.STRING,
    iso20889="suppression",
    summary="Replace personal data within free text by labels or pseudonyms.",
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


def apply(values: pa.Array, context: Context) -> pa.Array:
    """Texts with every span rewritten; null stays null."""
    finder = context.find_spans
    if finder is None:
        raise TransformError(
            "redact_text has nothing that finds personal data in texts",
            code=303,
            mend="sladd doctor",
        )
    engine: Any = AnonymizerEngine()  # type: ignore[no-untyped-call]
    engine.add_anonymizer(SladdOperator)
    writers: dict[str, Write] = {}

    def rewrite(distinct: pa.Array) -> pa.Array:
        texts: list[str | None] = distinct.to_pylist()
        todo = [n for n, text in enumerate(texts) if text]
        for start in range(0, len(todo), BATCH_TEXTS):
            some = todo[start : start + BATCH_TEXTS]
            given = [texts[n] or "" for n in some]
            found = finder(given)
            if len(found) != len(given):
                raise TransformError(
                    "the finder answered for another number of texts than it was asked",
                    code=304,
                    mend="sladd doctor",
                )
            for n, text, spans in zip(some, given, found, strict=True):
                texts[n] = _redacted(engine, text, spans, writers, context)
        return pa.array(texts, pa.string())

    return arrays.elementwise(values, lambda flat: arrays.per_distinct(_strings(flat), rewrite))


def _strings(flat: pa.Array) -> pa.Array:
    return flat.cast(pa.string()) if pa.types.is_null(flat.type) else flat


def _redacted(
    engine: Any,
    text: str,
    spans: Sequence[Span],
    writers: dict[str, Write],
    context: Context,
) -> str:
    if not spans:
        return text
    for span in spans:
        if span.type not in writers:
            writers[span.type] = _writer(span, context)
    context.counts["redacted"] += len(spans)
    results = [
        RecognizerResult(entity_type=s.type, start=s.start, end=s.end, score=s.score) for s in spans
    ]
    operators = {s.type: OperatorConfig("sladd", {"write": writers[s.type]}) for s in spans}
    return str(engine.anonymize(text, results, operators).text)


def _writer(span: Span, context: Context) -> Write:
    label = _tag(context.labels.get(span.category, "") or span.type)
    if str(parameter(SPEC, context, "with")) == "label":
        return lambda _: f"<{label}>"
    if context.derive is None:
        raise needs_key(SPEC.name)
    kind = canonical.type_of(span.category)
    worker = Pseudonymiser(context.derive(canonical.key_type_of(span.category)), kind)
    return lambda found: f"<{label} {worker.one(found)}>"


def _tag(label: str) -> str:
    """A label in capitals that cannot break out of its brackets."""
    return re.sub(r"[<>\s]+", "_", label.strip()).upper()
