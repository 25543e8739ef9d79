"""Rewrite what was found in free text; the rest stays.

ISO/IEC 20889 §8.4: suppression, or §8.5: pseudonymization, of parts of a text. The recall of
any finder is below 100 %, so the output is still free text about persons.

The spans come from the context and are rewritten by presidio-anonymizer with the operator of
this module. A text is read once however often it stands; then every row looks for its own
person's name, address and telephone, which are known from the columns beside.

A limit on the residual risk leaves out texts whole (`WITHHELD`). Every mention that was found is
a sign of others: if the finder misses the share m of a category, and found n mentions of it, it
has found them all with the probability (1 - m)^n (binomial misses, prior 1/N for the number of
mentions). The risk is that some category has more. A text in which nothing was found gives no
sign and has the risk 0; the plan and the report say what is missed over all texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import prod
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult
from presidio_anonymizer.operators import Operator, OperatorType

from sladd.errors import TransformError
from sladd.model import KnownValue, Needs, Parameter, Span, StorageType, TransformSpec
from transforms import arrays
from transforms.contract import Beside, Context, Form, parameter
from transforms.fakes import LANGUAGES
from transforms.fakes.persons import Persons, is_name, persons_of
from transforms.spans import WAYS, Write, Writers, pieces, tag

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
            "choices",
            "label",
            choices=WAYS,
            help="<NAVN>, <NAVN k3f…> with the pseudonym that columns of that kind have, or their"
            " fake; also category → one of these, and a label for the rest",
        ),
        Parameter(
            "language", "choice", "nb", choices=LANGUAGES, help="of the words that fakes consist of"
        ),
        Parameter(
            "max_residual_risk",
            "number",
            help="a text is left out whole where the risk that personal data remains in it is above",
            minimum=0,
            maximum=1,
        ),
    ),
)

_ROUNDING = 1e-9  # a limit of exactly n mentions lets n mentions pass
WITHHELD = {"nb": "<UTELATT>", "en": "<WITHHELD>"}
"""What stands for a text that is left out whole."""


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


def form(parameters: Mapping[str, Any], version: int) -> Form:  # noqa: ARG001 - as the contract has it
    """What is invented in texts with these parameters; the rest of them is as it was."""
    language = str(parameters.get("language", "nb"))
    return Form(pieces=pieces(parameters.get("with", "label"), language))


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
        told = parameter(SPEC, context, "with")
        language = str(parameter(SPEC, context, "language"))
        self._writers = Writers(context, told, language, SPEC.name)
        self._limit: float | None = parameter(SPEC, context, "max_residual_risk")
        self._withheld = WITHHELD.get(context.language, WITHHELD["en"])
        self._written = _written(context.labels.values())

    def __repr__(self) -> str:
        return "<Redaction>"

    def column(self, values: pa.Array, beside: Sequence[Beside]) -> pa.Array:
        """The redacted texts, shape (n,)."""
        encoded = values.dictionary_encode()
        texts: list[str | None] = encoded.dictionary.to_pylist()
        spans = self._spans(texts)
        known = _known(beside) if self._context.find_known is not None and beside else None
        once: dict[int, str] = {}  # texts of which no row says more than they do themselves
        rows: list[str | None] = []
        for row, place in enumerate(encoded.indices.to_pylist()):
            text = texts[place] if place is not None else None
            if place is None or not text:
                rows.append(text)
                continue
            found, persons = spans[place], Persons()
            if known is not None:
                found, persons = self._of_row(text, found, known(row))
            if found is not spans[place] or persons.names:
                rows.append(self._redacted(text, found, persons))
            else:
                if place not in once:
                    once[place] = self._redacted(text, found, persons)
                rows.append(once[place])
            if rows[-1] == self._withheld:
                self._context.counts["withheld"] += 1
            else:
                self._context.counts["redacted"] += len(found)
        return pa.array(rows, pa.string())

    def _of_row(
        self, text: str, spans: Sequence[Span], known: list[KnownValue]
    ) -> tuple[Sequence[Span], Persons]:
        """What the text holds for the person of its row, and whom its names may mean."""
        assert self._context.find_known is not None  # noqa: S101 - `column` has looked
        found: Sequence[Span] = self._context.find_known(text, spans, known)
        found = spans if list(found) == list(spans) else self._unwritten(text, found)
        if self._writers.personal and _names(found):
            return found, persons_of(known)
        return found, Persons()

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

    def _redacted(self, text: str, spans: Sequence[Span], persons: Persons) -> str:
        if not spans:
            return text
        if self._limit is not None and _risk(spans, self._context.missed) > self._limit + _ROUNDING:
            return self._withheld
        if self._writers.personal:
            persons = persons.and_of(text[s.start : s.end] for s in _names(spans))
        kinds = [f"{span.type} {span.category}" for span in spans]
        writers: dict[str, Write] = {
            kind: self._writers.writer(span, persons)
            for kind, span in zip(kinds, spans, strict=True)
        }
        results = [
            RecognizerResult(entity_type=kind, start=s.start, end=s.end, score=s.score)
            for kind, s in zip(kinds, spans, strict=True)
        ]
        operators = {
            kind: OperatorConfig("sladd", {"write": write}) for kind, write in writers.items()
        }
        return str(self._engine.anonymize(text, results, operators).text)


def _names(spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if is_name(span.category)]


def _risk(spans: Sequence[Span], missed: Mapping[str, float]) -> float:
    """The probability that a text holds more than was found in it, 0-1.

    Args:
        spans: found in it, not all of one category.
        missed: category or prefix → share that the finder misses; what was not measured counts
            as the worst that was, and where nothing was, as always missed.
    """
    worst = max(missed.values(), default=1.0)

    def share(span: Span) -> float:
        covering = [c for c in missed if f"{span.category}.".startswith(c + ".")]
        return missed[max(covering, key=len)] if covering else worst

    return 1 - prod(1 - share(span) for span in spans)


def _known(beside: Sequence[Beside]) -> Callable[[int], list[KnownValue]]:
    """Row → what its other columns say of the person."""
    columns = [(each.category, each.texts()) for each in beside]

    def row_of(row: int) -> list[KnownValue]:
        return [KnownValue(category, cell) for category, cells in columns if (cell := cells[row])]

    return row_of


def _written(labels: Iterable[str]) -> re.Pattern[str]:
    """What this transform writes: one of its own labels, with or without a pseudonym."""
    tags = sorted({tag(label) for label in labels if label}, key=len, reverse=True)
    return re.compile(
        rf"{'|'.join(WITHHELD.values())}"
        rf"|<(?:{'|'.join(map(re.escape, tags)) or '(?!)'})(?: [a-z2-7]{{20,52}})?>"
    )
