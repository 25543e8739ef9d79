"""One suite over every registered transform and every kind of array."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

import transforms
from sladd.errors import ConfigError, TransformError
from sladd.model import Needs, StorageType
from tests.transform_cases import (
    DATA,
    MASTER,
    OTHER,
    PARAMETERS,
    REGISTRY,
    accepted,
    context_for,
    given_for,
    made,
    runs,
    scalars,
    sliced,
)
from transforms.contract import Chunk, fitted, transformed

S = StorageType
ARROW = {
    S.STRING: pa.types.is_string,
    S.DATE: pa.types.is_date32,
}
every = runs()
hiding = runs(lambda spec: spec.iso20889 in {"masking", "pseudonymization"})
keyed = runs(lambda spec: spec.keyed and spec.emits == "user.unique_id.pseudonymous")


@every
def test_shape_type_and_nulls_are_as_declared(transform, parameters, data):
    """Length stays, the type is the declared one, null stays null; the output is plain."""
    storage, values = DATA[data]
    spec = transform.SPEC
    out = made(transform, values, context_for(transform, parameters, storage))
    assert len(out) == len(values)
    assert not pa.types.is_dictionary(out.type)
    kind = out.type
    if spec.output is not None:
        kind = kind.value_type if storage is S.LIST else kind
        assert ARROW[spec.output](kind)
    assert spec.keeps_null
    for before, after in zip(values.to_pylist(), out.to_pylist(), strict=True):
        assert before is not None or after is None
    if spec.name in {"keep", "mask", "replace", "pseudonym", "redact_text"}:
        assert out.null_count == values.null_count
        befores, afters = values.to_pylist(), out.to_pylist()
        assert [b == "" for b in befores] == [a == "" for a in afters]
    if spec.output_length and parameters == {}:
        assert {len(v) for v in scalars(out) if v} <= {spec.output_length}
    out.validate(full=True)


@every
def test_the_input_is_not_changed_and_the_output_is_the_same_again(transform, parameters, data):
    """Determinism, and no writing into somebody else's buffers."""
    storage, values = DATA[data]
    before = pa.array(values.to_pylist(), values.type)
    context = context_for(transform, parameters, storage)
    first = made(transform, values, context)
    assert str(first) == str(made(transform, values, context))
    assert str(values) == str(before)


@every
def test_output_does_not_depend_on_how_the_rows_come(transform, parameters, data):
    """Batches of one and three, slices, and the reverse order give the same rows."""
    storage, values = DATA[data]
    size = len(values)
    context = context_for(transform, parameters, storage)
    given = given_for(transform, context, [str(n) for n in range(size)])
    chunks = [Chunk(values.slice(n, 3), sliced(given, n, 3)) for n in range(0, size, 3)]
    fit = fitted(transform, chunks[::-1], context)

    def run(some: pa.Array, start: int) -> list[str]:
        rows = sliced(given, start, len(some))
        return [repr(v) for v in transformed(transform, some, fit, rows).to_pylist()]

    whole = [repr(v) for v in made(transform, values, context).to_pylist()]
    for length in (1, 3):
        parts = [run(values.slice(n, length), n) for n in range(0, size, length)]
        assert [row for part in parts for row in part] == whole
    padded = pa.concat_arrays([values, values, values]).slice(size, size)
    assert run(padded, 0) == whole


@hiding
def test_no_input_value_survives_masking_or_pseudonyms(transform, parameters, data):
    """Whole values are nowhere in the output of a transform that says it hides them."""
    storage, values = DATA[data]
    done = made(transform, values, context_for(transform, parameters, storage))
    out = {str(v) for v in scalars(done) if v}
    assert not out & {str(v) for v in scalars(values) if v not in (None, "")}


@keyed
def test_another_key_or_domain_changes_every_pseudonym(transform, parameters, data):
    """Not one output is shared between keys, or between domains."""
    storage, values = DATA[data]
    outputs = [
        {
            v
            for v in scalars(
                made(transform, values, context_for(transform, parameters, storage, master, domain))
            )
            if v
        }
        for master, domain in ((MASTER, "a"), (OTHER, "a"), (MASTER, "b"))
    ]
    assert len(set().union(*outputs)) == sum(len(o) for o in outputs)


def test_a_keyed_transform_refuses_to_work_without_a_key():
    """No key, no pseudonym: never a plain hash."""
    for name, transform in REGISTRY.items():
        if transform.SPEC.keyed:
            storage, values = next(DATA[d] for d in DATA if DATA[d][0] in transform.SPEC.accepts)
            full = context_for(transform, PARAMETERS.get(name, [{}])[0], storage)
            with pytest.raises(TransformError) as caught:
                made(transform, values, replace(full, key=None, derive=None))
            assert caught.value.code == 302


def test_every_declaration_is_complete():
    """A newcomer's transform says what it is before it runs."""
    for name, transform in REGISTRY.items():
        spec = transform.SPEC
        assert spec.name == name
        assert spec.accepts
        assert spec.summary.endswith(".")
        assert spec.iso20889
        assert not spec.nullable or not spec.drops
        assert spec.keyed or spec.needs is not Needs.PERSON
        for parameter in spec.parameters:
            assert parameter.help
            assert (parameter.kind in {"choice", "choices"}) == bool(parameter.choices)
            assert parameter.default is None or not parameter.required
        for choice, types in spec.accepts_to.items():
            to = next(p for p in spec.parameters if p.name == "to")
            assert choice in to.choices
            assert set(types) <= set(spec.accepts)
        assert any(
            accepted(spec, p, s) for p in PARAMETERS.get(name, [{}]) for s, _ in DATA.values()
        )


def test_two_transforms_of_one_name_are_refused(monkeypatch):
    """A plug-in cannot take the place of one of ours."""
    monkeypatch.setattr(transforms, "TRANSFORMS", (*transforms.TRANSFORMS, transforms.keep))
    with pytest.raises(ConfigError) as caught:
        transforms.registry(entry_points=False)
    assert caught.value.code == 140
