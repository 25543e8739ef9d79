"""The distinct values of a column made ready to be looked at: tidied, filled, and in one order.

Look-alikes are folded, what stands for nothing is left out, and the order is that of a hash, so that
no row decides which values come first.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from detectors.columns.encoded import Codes
from detectors.columns.hashes import crc32_of
from detectors.columns.patterns import matches
from detectors.folding import FOLDED, fold

Counted = tuple[pa.StringArray, Codes]
"""Distinct values, shape (n,), and how many cells hold each."""

_LONGEST = 4096  # characters of a cell that are looked at; recognisers are bounded by it
# What people and systems write where there is nothing to write.
_PLACEHOLDER = (
    r"(?i)^\s*(?:[-–—_.?x*]{1,3}|n/?a|null|none|nil|nan|ukjent|ukjend|unknown|ingen|ikke oppgitt|"
    r"ikkje oppgitt|not set|not given|ikke aktuelt|mangler|manglar|tom|empty|test|tbd|undefined)\s*$"
)
_MARKED = 0.8  # share of the values from which an apostrophe before each is a mark
_SCIENTIFIC = r"^\s*\d(?:[.,]\d+)?[eE]\+?\d{1,2}\s*$|^\s*\d+[.]0\s*$"


def without_blanks(values: pa.Array, counts: Codes) -> Counted:
    """Without cells of nothing but blanks."""
    if not len(values):
        return values, counts
    filled = matches(values, r"\S")
    if pc.all(filled).as_py():
        return values, counts
    return values.filter(filled), counts[filled.to_numpy(zero_copy_only=False)]


def without_placeholders(values: pa.StringArray, counts: Codes) -> Counted:
    """Without what stands for nothing, unless the column holds little else."""
    short = pc.less_equal(pc.binary_length(values), 16)
    if not len(values) or not pc.any(short).as_py():
        return values, counts
    places = pc.indices_nonzero(short)
    empty = pc.indices_nonzero(matches(values.take(places), _PLACEHOLDER))
    if not len(empty):
        return values, counts
    kept = np.ones(len(values), dtype=np.bool_)
    kept[places.take(empty).to_numpy()] = False
    if 2 * counts[kept].sum() < counts.sum():  # by cells: of few values half may stand for nothing
        return values, counts
    return values.filter(pa.array(kept)), counts[kept]


def unmarked(values: pa.StringArray) -> pa.StringArray:
    """Without the apostrophe that marks cells as text for a spreadsheet: `'0150`."""
    if not len(values):
        return values
    marked = pc.starts_with(values, "'")
    if pc.mean(marked).as_py() < _MARKED:
        return values
    return pc.if_else(marked, pc.utf8_slice_codeunits(values, 1), values)


def by_hash(values: pa.StringArray, counts: Codes) -> Counted:
    """In the order of their CRC-32."""
    if len(values) < 2:
        return values, counts
    hashes = crc32_of(values)
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    if (alike := ordered[1:] == ordered[:-1]).any():
        order = _settled(order, alike, values)
    return values.take(pa.array(order)), counts[order]


def _settled(
    order: npt.NDArray[np.intp], alike: npt.NDArray[np.bool_], values: pa.StringArray
) -> npt.NDArray[np.intp]:
    """Values of one hash in their own order, so that no row decides which comes first."""
    order = order.copy()
    first = np.flatnonzero(alike & ~np.concatenate(([False], alike[:-1])))
    last = np.flatnonzero(alike & ~np.concatenate((alike[1:], [False]))) + 2
    for begin, end in zip(first.tolist(), last.tolist(), strict=True):
        places = order[begin:end].tolist()
        order[begin:end] = sorted(places, key=lambda place: values[place].as_py())
    return order


def tidy(values: pa.StringArray) -> pa.StringArray:
    """Cut monsters, fold look-alikes, write out what a spreadsheet abbreviated."""
    if not len(values):
        return values
    lengths = pc.utf8_length(values)
    if pc.max(lengths).as_py() > _LONGEST:
        values = pc.utf8_slice_codeunits(values, 0, _LONGEST)
    folded = matches(values, FOLDED)
    numbers = matches(values, _SCIENTIFIC)
    odd = pc.or_(folded, numbers)
    if not pc.any(odd).as_py():
        return values
    changed = [_written_out(fold(cell)) for cell in values.filter(odd).to_pylist()]
    return pc.replace_with_mask(values, odd, pa.array(changed, pa.string()))


def _written_out(cell: str) -> str:
    """`1.3097248022E10` as `13097248022`, and `42.0` as `42`; anything else as it is."""
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        return cell
    if not number.is_integer() or abs(number) >= 2**53:
        return cell
    return str(int(number)) if any(c in cell for c in "eE.") else cell
