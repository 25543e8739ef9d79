"""Every registered transform with every kind of array that it accepts, and how to run it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import transforms
from sladd.keyring import MasterKey
from sladd.model import Needs, Span, StorageType, TransformSpec
from transforms import Context, Transform
from transforms.contract import TOKEN, Chunk, Rows, fitted, transformed

S = StorageType
Case = Callable[[Transform, dict[str, Any], str], None]
REGISTRY = transforms.registry()
MASTER = MasterKey(bytes(range(32)), name="main", version=1)
OTHER = MasterKey(bytes(range(1, 33)), name="main", version=1)

TEXTS = [
    "Kari Nordmann",
    "Åse Østgård",
    unicodedata.normalize("NFD", "Åse Østgård"),
    "kari@example.no",
    "Ring Ola: ola@example.com 🙂",
    "👩‍👧 emoji",
    "",
    None,
    "192.0.2.17",
    "17.05.1984",
    "2001-02-03",
    "0150",
    "540 000,50",
    "kari@example.no",
    " ",
]
DATA: dict[str, tuple[StorageType, pa.Array]] = {
    "text": (S.STRING, pa.array(TEXTS)),
    "large text": (S.STRING, pa.array(TEXTS, pa.large_string())),
    "text view": (S.STRING, pa.array(TEXTS, pa.string_view())),
    "dictionary": (S.STRING, pa.array(TEXTS).dictionary_encode()),
    "no rows": (S.STRING, pa.array([], pa.string())),
    "only nulls": (S.STRING, pa.nulls(3, pa.string())),
    "integers": (S.INTEGER, pa.array([1, -5, None, 1984, 0, 9_007_199_254_740_993])),
    "small integers": (S.INTEGER, pa.array([150, None, 9990], pa.int16())),
    "floats": (S.FLOAT, pa.array([1.5, None, -0.25, 7030.0, 1e20, float("nan")])),
    "decimals": (S.DECIMAL, pa.array([Decimal("1.50"), None, Decimal("-7030.00")])),
    "booleans": (S.BOOLEAN, pa.array([True, None, False])),
    "dates": (S.DATE, pa.array([dt.date(1984, 5, 17), None, dt.date(2024, 2, 29)])),
    "times": (
        S.TIMESTAMP,
        pa.array(
            [dt.datetime(1984, 5, 17, 23, 59, tzinfo=dt.UTC), None], pa.timestamp("us", "UTC")
        ),
    ),
    "uuids": (S.UUID, pa.array([str(uuid.UUID(int=7)).upper(), None])),
    "binary": (S.BINARY, pa.array([b"\x00\xff", None, b"abc"])),
    "lists": (S.LIST, pa.array([["kari@example.no", None, ""], [], None, ["0150", "1984-05-17"]])),
}

# What a transform must be told; and ways of telling it that are worth a run of their own.
PARAMETERS: dict[str, Sequence[dict[str, Any]]] = {
    "generalise": [
        {"to": "region"},
        {"to": "digits"},
        {"to": "network"},
        {"to": "age_band"},
        {"to": "band", "width": 10},
        {"to": "band", "edges": [0, 100, 1000]},
        {"to": "family"},
        {"to": "municipality"},
        {"to": "county", "of": "municipality_number"},
        {"to": "browser"},
        {"to": "system"},
        {"to": "hour"},
        {"to": "part_of_day"},
        {"to": "weekday"},
        {"to": "month_of_year"},
    ],
    "bucket": [{"width": 10}, {"edges": [0, 100, 1000]}],
    "encrypt": [{}, {"show_version": True}],
    "fake": [{"kind": "email"}, {"kind": "national_id"}, {"kind": "url", "language": "en"}],
    "round": [{"to": 10}],
    "top_code": [{"most": 100}, {"least": 0, "most": 7000}],
    "noise": [{"scale": 100}, {"scale": 0.1, "relative": True, "distribution": "gaussian"}],
    "shift_dates": [{}, {"time": "keep", "step_days": 7, "direction": "past"}],
    "surrogate": [{}, {"per": "version", "bits": 96}],
    "mask": [{}, {"keep_first": 1, "keep_last": 2, "length": 0}],
    "pseudonym": [{}, {"show_version": True, "bits": 96}],
    "redact_text": [{}, {"with": "pseudonym"}, {"with": "fake"}],
    "replace": [{}, {"value": "gone"}],
    "truncate_date": [{"to": unit} for unit in ("year", "quarter", "month", "week", "day")],
}
_EMAIL = re.compile(r"\w+@example\.\w+")


def find_mail(texts: Sequence[str]) -> list[list[Span]]:
    """A finder of example addresses."""
    return [
        [
            Span(m.start(), m.end(), "EMAIL_ADDRESS", 1.0, "user.contact.email")
            for m in _EMAIL.finditer(text)
        ]
        for text in texts
    ]


def cases(only: Callable[[TransformSpec], bool] = lambda _: True) -> Iterator[Any]:
    """(transform, parameters, names of the data) for everything that fits."""
    for name, transform in REGISTRY.items():
        if not only(transform.SPEC):
            continue
        for parameters in PARAMETERS.get(name, [{}]):
            fitting = [d for d, (s, _) in DATA.items() if accepted(transform.SPEC, parameters, s)]
            if fitting:
                yield pytest.param(transform, parameters, fitting, id=f"{name}-{parameters}")


def runs(only: Callable[[TransformSpec], bool] = lambda _: True) -> Callable[[Case], Any]:
    """One test for each transform with its parameters; it takes each kind of array in turn."""

    def decorate(test: Case) -> Any:
        def every_kind(
            transform: Transform, parameters: dict[str, Any], fitting: list[str]
        ) -> None:
            for data in fitting:
                test(transform, parameters, data)

        every_kind.__name__, every_kind.__doc__ = test.__name__, test.__doc__
        return pytest.mark.parametrize(("transform", "parameters", "fitting"), list(cases(only)))(
            every_kind
        )

    return decorate


def accepted(spec: TransformSpec, parameters: dict[str, Any], storage: StorageType) -> bool:
    """Whether the transform works on the type with these parameters."""
    return storage in spec.accepts_to.get(parameters.get("to", ""), spec.accepts)


def context_for(
    transform: Transform,
    parameters: dict[str, Any],
    storage: StorageType,
    master: MasterKey = MASTER,
    domain: str = "a",
) -> Context:
    """A context as the pipeline would make it."""
    return Context(
        parameters=parameters,
        storage=storage,
        as_of=dt.date(2026, 1, 1),
        key=master.derive(domain, "text") if transform.SPEC.keyed else None,
        derive=lambda kind: master.derive(domain, kind),
        find_spans=find_mail,
        column="shop/public.customers.column",
        release="analytics",
        fresh=bytes(range(32)),
    )


def tokens(context: Context, names: Sequence[str | None]) -> pa.Array:
    """Tokens of invented persons or rows, under the context's key where it has one."""
    key = context.key.reveal() if context.key is not None else b""
    return pa.array(
        [n if n is None else hashlib.blake2b(n.encode(), key=key, digest_size=16).digest()
         for n in names],
        TOKEN,
    )  # fmt: skip


def given_for(transform: Transform, context: Context, names: Sequence[str | None]) -> Any:
    """The third argument of `apply` for rows of these names; None where it has none."""
    needs = transform.SPEC.needs
    if needs is Needs.PERSON:
        return tokens(context, names)
    if needs is Needs.KEY:
        return Rows(tokens(context, [str(n) for n in range(len(names))]))
    return None


def made(
    transform: Transform,
    values: pa.Array,
    context: Context,
    names: Sequence[str | None] | None = None,
) -> pa.Array:
    """The whole column transformed, each row of a person and with a key of its own."""
    chosen = [str(n) for n in range(len(values))] if names is None else names
    given = given_for(transform, context, chosen)
    return transformed(transform, values, fitted(transform, [Chunk(values, given)], context), given)


def sliced(given: Any, start: int, length: int) -> Any:
    """The same rows of a third argument."""
    if isinstance(given, Rows):
        return Rows(
            given.keys.slice(start, length),
            {n: c.slice(start, length) for n, c in given.columns.items()},
        )
    return given if given is None else given.slice(start, length)


def scalars(array: pa.Array) -> list[Any]:
    """All scalars, those in lists too."""
    found: list[Any] = []
    for value in array.to_pylist():
        found.extend(value if isinstance(value, list) else [value])
    return found
