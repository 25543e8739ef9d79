"""`config.meta.sladd` in dbt's property files: comments, order and everything else stay."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sladd.errors import ExportError
from sladd.exports.dbt import dbt
from sladd.exports.tags import ColumnTag
from sladd.model import How, TableRef

SCHEMA = """\
version: 2

# Raw tables; ask Liv before adding one.
sources:
    - name: shop
      schema: public   # of the shop
      tables:
        - name: kunder
          identifier: customers
          columns:
            - name: epost
              description: "Where to write: {{ doc('epost') }}"
              tests: [not_null,   unique]
            # A surrogate key.
            - name: id
              meta: {owner: liv}
        - name: products

models:
    - name: orders
      config: {materialized: table}
      columns:
          - name: customer_id
"""
CUSTOMERS = TableRef("shop", "customers", "public")
ORDERS = TableRef("dwh", "orders", "analytics")
TAGS = {
    CUSTOMERS: {
        "id": ColumnTag("id"),
        "epost": ColumnTag("epost", ("user.contact.email",), ("contact",), How.IS, "confirmed"),
        "navn": ColumnTag("navn", ("user.name",), ("contact",), How.IS),
    },
    ORDERS: {
        "customer_id": ColumnTag("customer_id", ("user.link_key",), ("link",), How.LINKED),
        "{{ evil }}": ColumnTag("{{ evil }}", ("user.name",), ("contact",), How.IS),
    },
}


def project(folder: Path, text: str = SCHEMA) -> Path:
    (folder / "models" / "staging").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text("name: shop\nmodel-paths: [models]\n", "utf-8")
    (folder / "models" / "staging" / "schema.yml").write_bytes(text.encode())
    return folder


def write(folder: Path, tags=TAGS, **options) -> str:
    for change in dbt(folder, tags, **options).changes:
        change.path.write_bytes(change.after.encode())
    return (folder / "models" / "staging" / "schema.yml").read_bytes().decode()


def column(text: str, name: str) -> dict:
    data = yaml.safe_load(text)
    columns = [
        *data["sources"][0]["tables"][0].get("columns", ()),
        *data["models"][0].get("columns", ()),
    ]
    return next(c for c in columns if c["name"] == name)


def test_only_lines_are_added(tmp_path):
    """Every line that stood there stands there still, in its order, comments included."""
    text = write(project(tmp_path))
    left = iter(text.splitlines())
    assert all(line in left for line in SCHEMA.splitlines())
    assert column(text, "epost")["config"]["meta"] == {
        "sladd": {
            "categories": ["user.contact.email"],
            "legal_classes": ["contact"],
            "how": "is",
            "decided": "confirmed",
        }
    }


def test_a_second_run_changes_nothing(tmp_path):
    """The export can run every night."""
    folder = project(tmp_path)
    write(folder)
    assert dbt(folder, TAGS).changes == []


def test_a_column_that_is_not_listed_is_added_with_its_tag(tmp_path):
    """Personal data that nobody described is described; a column without any is not."""
    text = write(project(tmp_path))
    assert column(text, "navn")["config"]["meta"]["sladd"]["decided"] == "undecided"
    assert "meta" not in column(text, "id").get("config", {})


def test_a_tag_that_no_longer_holds_goes_and_other_meta_stays(tmp_path):
    """A rejected finding leaves no trace; what others wrote under meta is theirs."""
    text = SCHEMA.replace(
        "- name: customer_id\n", "- name: customer_id\n            config: {meta: {owner: per}}\n"
    )
    folder = project(tmp_path, text)
    write(folder)
    rejected = {
        CUSTOMERS: {"epost": ColumnTag("epost")},
        ORDERS: {"customer_id": ColumnTag("customer_id")},
    }
    after = write(folder, rejected)
    assert "config" not in column(after, "epost")
    assert column(after, "customer_id")["config"]["meta"] == {"owner": "per"}
    assert column(after, "id")["meta"] == {"owner": "liv"}


def test_an_older_dbt_gets_meta_beside_the_name(tmp_path):
    """And moving on to a newer one moves the tag; nothing is said twice."""
    folder = project(tmp_path)
    old = column(write(folder, legacy=True), "epost")
    assert "sladd" in old["meta"]
    assert "config" not in old
    new = column(write(folder), "epost")
    assert "meta" not in new
    assert "sladd" in new["config"]["meta"]


def test_a_name_that_dbt_would_run_is_left_out(tmp_path):
    """Dbt renders Jinja in these files, so a hostile column name would be code."""
    assert "evil" not in write(project(tmp_path))


def test_a_model_is_not_the_source_of_the_same_name(tmp_path):
    """`models: customers` builds another table than the source `customers` that it reads."""
    text = SCHEMA.replace("- name: orders", "- name: customers")
    found = dbt(project(tmp_path, text), TAGS)
    assert found.matched == {CUSTOMERS}
    assert found.unmatched == [ORDERS]


def test_two_tables_of_one_name_are_left_alone(tmp_path):
    """Where the project does not say which is meant, nothing is guessed."""
    other = TableRef("crm", "orders", "sales")
    found = dbt(project(tmp_path), {**TAGS, other: TAGS[ORDERS]})
    assert found.ambiguous == ["orders"]
    assert ORDERS not in found.matched


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("dashes", [0, 2, 4])
def test_the_style_of_a_file_stays(tmp_path, dashes, ending):
    """Indented lists or not, Windows or not: only the new lines are new."""
    pad = " " * dashes
    text = (
        f"models:\n{pad}- name: orders\n{pad}  columns:\n{pad}  {pad}- name: customer_id\n"
        f"{pad}  {pad}  tests:  ['not_null']   # odd spaces\n"
    ).replace("\n", ending)
    folder = project(tmp_path, text)
    after = write(folder)
    assert "meta" in after
    kept = iter(after.split(ending))
    assert all(line in kept for line in text.split(ending))
    assert ("\r" in after) == ("\r" in ending)
    assert after.count("\n") == after.count(ending)


def test_a_file_that_is_no_yaml_is_left_and_named(tmp_path):
    """One broken file does not keep the others from being tagged."""
    folder = project(tmp_path)
    (folder / "models" / "broken.yml").write_text("a: [1", "utf-8")
    found = dbt(folder, TAGS)
    assert [place for place, _ in found.skipped] == ["models/broken.yml"]
    assert len(found.changes) == 1


def test_no_link_leads_out_of_the_project(tmp_path):
    """A file elsewhere is not changed because a link points at it."""
    folder = project(tmp_path / "project")
    outside = tmp_path / "outside.yml"
    outside.write_text(SCHEMA, "utf-8")
    (folder / "models" / "link.yml").symlink_to(outside)
    assert [c.path.name for c in dbt(folder, TAGS).changes] == ["schema.yml"]


def test_without_a_project_there_is_an_error(tmp_path):
    """The folder is named, not searched for."""
    with pytest.raises(ExportError) as refused:
        dbt(tmp_path, TAGS)
    assert refused.value.code == 956


@pytest.mark.parametrize(
    "columns",
    [
        "",
        "columns:",
        "columns: []",
        "columns: [{name: customer_id}]",
        "columns: # none yet",
        "columns:\n      - name: customer_id\n        config:",
        "columns:\n      - {name: customer_id, config: {meta: }}",
        "columns:\n      -\n        name: customer_id",
    ],
)
def test_rare_ways_to_write_a_list_are_tagged_or_left_alone(tmp_path, columns):
    """What comes out says what went in and the tag, or the file is named and not touched."""
    text = f"models:\n  - name: orders\n    {columns}\n    # the end\n"
    found = dbt(project(tmp_path, text), TAGS)
    if found.changes:
        (change,) = found.changes
        (told,) = yaml.safe_load(change.after)["models"][0]["columns"]
        assert told["config"]["meta"]["sladd"]["how"] == "linked"
        assert "# the end" in change.after
        assert found.skipped == []
    else:
        assert [place for place, _ in found.skipped] == ["models/staging/schema.yml"]
    assert found.changes or columns.endswith("# none yet")
