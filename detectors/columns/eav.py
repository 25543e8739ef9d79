"""Tables of keys and values (`meta_key`, `meta_value`): each key is a field of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.names import name_is_personal
from detectors.columns.spelling import folded
from sladd.model import Sample

_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (folded(key), folded(value))
    for key, value in (
        ("meta_key", "meta_value"), ("key", "value"), ("attribute", "value"),
        ("attribute_code", "value"), ("attribute_name", "attribute_value"),
        ("option_name", "option_value"), ("field", "value"), ("field_name", "field_value"),
        ("config_key", "config_value"), ("setting_key", "setting_value"), ("pref_key", "pref_value"),
        ("preference", "value"), ("setting", "value"), ("property", "value"), ("property_name", "property_value"), ("name", "value"),
        ("nøkkel", "verdi"), ("felt", "verdi"), ("feltnavn", "verdi"), ("egenskap", "verdi"),
        ("attributt", "verdi"), ("navn", "verdi"), ("namn", "verdi"), ("nykel", "verdi"),
    )
)  # fmt: skip
_KEYS, _VALUES = ("key", "nokkel", "nykel"), ("value", "verdi")  # `profile_key`, `profile_value`
_MOST_COLUMNS = 6  # a wider table says more of its rows than a key and a value
_MOST_KEYS = 500
_REPEATS = 3  # a key seen less often on average is data itself


def pair_of(sample: Sample, configured: Mapping[str, list[str]]) -> tuple[str, str] | None:
    """Key column and value column of a table, or None.

    Args:
        sample: of the table.
        configured: table name → key column and value column; wins over the names.
    """
    columns = [f.ref.column for f in sample.fields if not f.ref.path]
    ref = sample.table.ref
    for name in (ref.name, f"{ref.schema}.{ref.name}", str(ref)):
        chosen = configured.get(name)
        if chosen and len(chosen) == 2 and set(chosen) <= set(columns):
            return chosen[0], chosen[1]
    by_word = {folded(column): column for column in columns}
    if len(columns) > _MOST_COLUMNS:
        return None
    for key, value in (*_PAIRS, *_of_one_word(by_word)):
        if key in by_word and value in by_word:
            return by_word[key], by_word[value]
    return None


def _of_one_word(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """`profile_key` and `profile_value`: key and value of whatever one word names."""
    for word in words:
        for ending in _KEYS:
            if word.endswith(ending):
                of = word.removesuffix(ending)
                yield from ((word, of + value) for value in _VALUES)


def split(keys: pa.Array, values: pa.Array) -> Iterator[tuple[str, pa.Array]]:
    """The values of each key; keys that are personal data come together as `*`.

    Args:
        keys: shape (n,).
        values: shape (n,), row by row beside them.
    """
    keys = pc.cast(keys, pa.string())
    known = pc.unique(keys.drop_null()).to_pylist()
    if not known or len(known) > _MOST_KEYS or len(known) * _REPEATS > len(keys):
        return
    personal = [key for key in known if name_is_personal(key)]
    for key in sorted(set(known) - set(personal)):
        yield key, values.filter(pc.equal(keys, key))
    if personal:
        yield "*", values.filter(pc.is_in(keys, value_set=pa.array(personal, pa.string())))
