"""One suite over every registered transform and every kind of array."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

import transforms
from sladd.errors import ConfigError
from sladd.keyring import MasterKey
from sladd.model import Span, StorageType, TransformSpec
from transforms import Context, Transform

S = StorageType
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
    "fake": [{"kind": "email"}, {"kind": "national_id"}, {"kind": "url", "language": "en"}],
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
    "round": [{"to": 10}],
    "top_code": [{"most": 100}, {"least": 0, "most": 7000}],
    "mask": [{}, {"keep_first": 1, "keep_last": 2, "length": 0}],
    "pseudonym": [{}, {"show_version": True, "bits": 96}],
    "redact_text": [{}, {"with": "pseudonym"}, {"with": "fake"}],
    "replace": [{}, {"value": "gone"}],
    "truncate_date": [{"to": unit} for unit in ("year", "quarter", "month", "week", "day")],
}
ARROW = {
    S.STRING: pa.types.is_string,
    S.DATE: pa.types.is_date32,
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


def _cases(only: Callable[[TransformSpec], bool] = lambda _: True) -> Iterator[Any]:
    for name, transform in REGISTRY.items():
        if not only(transform.SPEC):
            continue
        for parameters in PARAMETERS.get(name, [{}]):
            for data, (storage, _) in DATA.items():
                if _accepted(transform.SPEC, parameters, storage):
                    yield pytest.param(
                        transform, parameters, data, id=f"{name}-{parameters}-{data}"
                    )


def _accepted(spec: TransformSpec, parameters: dict[str, Any], storage: StorageType) -> bool:
    return storage in spec.accepts_to.get(parameters.get("to", ""), spec.accepts)


def _context(
    transform: Transform,
    parameters: dict[str, Any],
    storage: StorageType,
    master: MasterKey = MASTER,
    domain: str = "a",
) -> Context:
    return Context(
        parameters=parameters,
        storage=storage,
        as_of=dt.date(2026, 1, 1),
        key=master.derive(domain, "text") if transform.SPEC.keyed else None,
        derive=lambda kind: master.derive(domain, kind),
        find_spans=find_mail,
    )


def _values(array: pa.Array) -> list[Any]:
    """All scalars, those in lists too."""
    found: list[Any] = []
    for value in array.to_pylist():
        found.extend(value if isinstance(value, list) else [value])
    return found


def _runs(only: Callable[[TransformSpec], bool] = lambda _: True) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("transform", "parameters", "data"), list(_cases(only)))


every = _runs()
hiding = _runs(lambda spec: spec.iso20889 in {"masking", "pseudonymization"})
keyed = _runs(lambda spec: spec.keyed)


@every
def test_shape_type_and_nulls_are_as_declared(transform, parameters, data):
    """Length stays, the type is the declared one, null stays null; the output is plain."""
    storage, values = DATA[data]
    spec = transform.SPEC
    made = transform.apply(values, _context(transform, parameters, storage))
    assert len(made) == len(values)
    assert not pa.types.is_dictionary(made.type)
    kind = made.type
    if spec.output is not None:
        kind = kind.value_type if storage is S.LIST else kind
        assert ARROW[spec.output](kind)
    assert spec.keeps_null
    for before, after in zip(values.to_pylist(), made.to_pylist(), strict=True):
        assert before is not None or after is None
    if spec.name in {"keep", "mask", "replace", "pseudonym", "redact_text"}:
        assert made.null_count == values.null_count
        befores, afters = values.to_pylist(), made.to_pylist()
        assert [b == "" for b in befores] == [a == "" for a in afters]
    if spec.output_length and parameters == {}:
        assert {len(v) for v in _values(made) if v} <= {spec.output_length}
    made.validate(full=True)


@every
def test_the_input_is_not_changed_and_the_output_is_the_same_again(transform, parameters, data):
    """Determinism, and no writing into somebody else's buffers."""
    storage, values = DATA[data]
    before = pa.array(values.to_pylist(), values.type)
    context = _context(transform, parameters, storage)
    first = transform.apply(values, context)
    assert str(first) == str(transform.apply(values, context))
    assert str(values) == str(before)


@every
def test_output_does_not_depend_on_how_the_rows_come(transform, parameters, data):
    """Batches of one and three, slices, and the reverse order give the same rows."""
    storage, values = DATA[data]

    def run(some: pa.Array) -> list[str]:
        return [repr(v) for v in transform.apply(some, context).to_pylist()]

    context = _context(transform, parameters, storage)
    whole = run(values)
    for size in (1, 3):
        parts = [run(values.slice(n, size)) for n in range(0, len(values), size)]
        assert [row for part in parts for row in part] == whole
    padded = pa.concat_arrays([values, values, values]).slice(len(values), len(values))
    assert run(padded) == whole
    single = [values.slice(n, 1) for n in reversed(range(len(values)))]
    assert run(pa.concat_arrays(single) if single else values) == whole[::-1]


@hiding
def test_no_input_value_survives_masking_or_pseudonyms(transform, parameters, data):
    """Whole values are nowhere in the output of a transform that says it hides them."""
    storage, values = DATA[data]
    made = transform.apply(values, _context(transform, parameters, storage))
    out = {str(v) for v in _values(made) if v}
    assert not out & {str(v) for v in _values(values) if v not in (None, "")}


@keyed
def test_another_key_or_domain_changes_every_pseudonym(transform, parameters, data):
    """Not one output is shared between keys, or between domains."""
    storage, values = DATA[data]
    outputs = [
        {
            v
            for v in _values(
                transform.apply(values, _context(transform, parameters, storage, master, domain))
            )
            if v
        }
        for master, domain in ((MASTER, "a"), (OTHER, "a"), (MASTER, "b"))
    ]
    assert len(set().union(*outputs)) == sum(len(o) for o in outputs)


def test_a_keyed_transform_refuses_to_work_without_a_key():
    """No key, no pseudonym: never a plain hash."""
    from sladd.errors import TransformError

    for transform in REGISTRY.values():
        if transform.SPEC.keyed:
            context = replace(_context(transform, {}, S.STRING), key=None)
            with pytest.raises(TransformError) as caught:
                transform.apply(pa.array(["a"]), context)
            assert caught.value.code == 302


def test_every_declaration_is_complete():
    """A newcomer's transform says what it is before it runs."""
    for name, transform in REGISTRY.items():
        spec = transform.SPEC
        assert spec.name == name
        assert spec.accepts
        assert spec.summary.endswith(".")
        assert spec.iso20889
        for parameter in spec.parameters:
            assert parameter.help
            assert (parameter.kind in {"choice", "choices"}) == bool(parameter.choices)
            assert parameter.default is None or not parameter.required
        for choice, accepted in spec.accepts_to.items():
            to = next(p for p in spec.parameters if p.name == "to")
            assert choice in to.choices
            assert set(accepted) <= set(spec.accepts)
        assert any(
            _accepted(spec, p, s) for p in PARAMETERS.get(name, [{}]) for s, _ in DATA.values()
        )


def test_two_transforms_of_one_name_are_refused(monkeypatch):
    """A plug-in cannot take the place of one of ours."""
    monkeypatch.setattr(transforms, "TRANSFORMS", (*transforms.TRANSFORMS, transforms.keep))
    with pytest.raises(ConfigError) as caught:
        transforms.registry(entry_points=False)
    assert caught.value.code == 140
