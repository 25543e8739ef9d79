"""A transform of another package: installed by entry point, told whose row it is, and fitted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.per_person import CONFIG, ORDERS, build, published, query

MODULE = '''
"""Give every person a code, and every price its rank among the column's tenths."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sladd.model import Needs, Parameter, StorageType, TransformSpec
from transforms.contract import Form
from transforms.draws import draw

SPEC = TransformSpec(
    name="person_code",
    accepts=(StorageType.DATE, StorageType.INTEGER, StorageType.STRING),
    output=StorageType.STRING,
    iso20889="pseudonymization",
    summary="Write a code of the person and how many values the column has.",
    needs=Needs.PERSON,
    keyed=True,
    nullable=True,
    emits="user.unique_id.pseudonymous",
    alphabet="0123456789",
    parameters=(Parameter("prefix", "string", "P", help="before the code"),),
)


def fit(chunks, context):
    """Values that are not null, of rows with a known person."""
    return sum(
        pc.sum(pc.and_(chunk.values.is_valid(), chunk.given.is_valid())).as_py() or 0
        for chunk in chunks
    )


def apply(values, context, persons):
    """Codes of ten digits; null stays null."""
    drawn = draw(context.key, context.column, persons)[:, 0] % np.uint64(10**6)
    prefix = context.parameters.get("prefix", "P")
    made = [f"{prefix}{n:06d}{context.state:04d}" for n in drawn.tolist()]
    return pc.if_else(values.is_valid(), pa.array(made, pa.string()), None)


def form(parameters, version):
    """The prefix and ten digits."""
    return Form(parameters.get("prefix", "P"), "0123456789", 10 + len(parameters.get("prefix", "P")))
'''

CLASH = MODULE.replace('name="person_code"', 'name="keep"')


def _install(folder: Path, module: str, name: str) -> Path:
    """What pip leaves of a small package: a module, and metadata with an entry point."""
    folder.mkdir()
    (folder / f"{name}.py").write_text(module, encoding="utf-8")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[sladd.transforms]\ncode = {name}\n")
    return folder


def test_a_transform_of_another_package_is_told_whose_row_it_is(tmp_path, monkeypatch):
    """Plan, fit, person over two tables, unknown persons, form and gate: as for one of ours."""
    monkeypatch.syspath_prepend(str(_install(tmp_path / "site", MODULE, "person_code_package")))
    rule = "      - {field: shop/lines.sent, transform: person_code, prefix: X}\n"
    config = CONFIG.replace("      - {field: shop/lines.sent, transform: shift_dates}\n", rule)
    project = build(tmp_path / "p", config)
    manifest = published(project)
    assert manifest["gate"]["passed"]
    assert manifest["counts"]["lines.sent: no_person"] == 2
    column = next(
        c
        for t in manifest["tables"]
        if t["name"] == "lines"
        for c in t["columns"]
        if c["name"] == "sent"
    )
    assert (column["prefix"], column["length"], column["alphabet"]) == ("X", 11, "0123456789")
    (row,) = query(
        project,
        "SELECT count(DISTINCT l.sent) codes, count(l.sent) n, max(k) most, max(right(l.sent, 4)) fit"
        " FROM lines l JOIN (SELECT o.customer_id, count(DISTINCT l.sent) k FROM lines l"
        " JOIN orders o ON l.order_id = o.id GROUP BY 1 HAVING count(o.customer_id) > 0) ON true",
    )
    assert row["most"] == 1
    assert int(row["fit"]) == 2 * ORDERS
    assert 50 <= row["codes"] <= 60
    mistaken = config.replace("prefix: X", "prefx: X")
    project.configure(mistaken)
    done = project.run("publish", "analytics")
    done.one_line(1, 312, "person_code", "prefix")


def test_a_plug_in_never_takes_the_name_of_one_of_ours(tmp_path, monkeypatch):
    """One line, with the package to uninstall."""
    monkeypatch.syspath_prepend(str(_install(tmp_path / "site", CLASH, "clash_package")))
    project = build(tmp_path / "p")
    project.run("discover").one_line(2, 140, "keep", "clash_package")


@pytest.mark.parametrize("module", ["", "raise RuntimeError('secret')", "SPEC = 1"])
def test_a_plug_in_that_is_no_transform_is_one_line(tmp_path, monkeypatch, module):
    """Whatever is wrong in it, its own words are not shown."""
    name = f"broken_{len(module)}_package"
    monkeypatch.syspath_prepend(str(_install(tmp_path / "site", module, name)))
    project = build(tmp_path / "p")
    line = project.run("discover").one_line(2, 141, name)
    assert "secret" not in line
