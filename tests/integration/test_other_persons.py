"""Tables of other persons in the sample shop: said in the plan and the release, or refused."""

from __future__ import annotations

import json

import pytest

from sladd.release import read_manifest
from tests.commands import Project
from tests.sample_shop import configuration, copied

SAID = """\
data_subjects:
  customer: [shop/customers]
  employee: [shop/employees]
  supplier: [shop/suppliers]
"""


def shop(data_subjects: str) -> str:
    """The configuration that ships, without documents and texts and with other groups."""
    text = configuration()
    start = text.index("data_subjects:")
    text = text[:start] + data_subjects + text[text.index("keys:", start) :]
    lines = text.replace("from: [shop, exports, mail]", "from: [shop]").splitlines(keepends=True)
    return "".join(line for line in lines if "redact_text" not in line)


@pytest.fixture(scope="module")
def project(tmp_path_factory, scanned_shop) -> Project:
    """The shop, scanned, with employees and suppliers said to be no customers."""
    return copied(scanned_shop, tmp_path_factory.mktemp("others") / "p", shop(SAID))


def test_the_plan_says_who_else_the_tables_hold(project):
    """One line for each, payroll among them by its key; no warning of any of them is left."""
    done = project.run("plan", "analytics")
    said = [line for line in done.out.splitlines() if "holds other persons" in line]
    assert [line.partition(" holds")[0] for line in said] == [
        "shop/employees",
        "shop/payroll",
        "shop/suppliers",
    ]
    assert "(employees), as sladd.yaml says" in said[1]
    assert "nobody is left out of it" not in done.err
    plain = json.loads(project.run("plan", "analytics", "--json").out)
    assert plain["other_persons"] == {
        "shop/employees": "employee",
        "shop/payroll": "employee",
        "shop/suppliers": "supplier",
    }


def test_without_the_line_each_of_them_is_warned_of(project):
    """The note names what to write."""
    project.configure(shop("data_subjects: {customer: [shop/customers]}\n"))
    notes = json.loads(project.run("plan", "analytics", "--json").out)["notes"]
    project.configure(shop(SAID))
    (note,) = [line for line in notes if line.startswith("shop/employees: nobody is left out")]
    assert note.endswith("if it holds others: data_subjects: in sladd.yaml, with shop/employees")


def test_the_release_says_it_in_both_languages(project):
    """Manifest and report; and employees leave whole, customers who objected do not."""
    done = project.run("publish", "analytics")
    assert done.code == 0, done.err
    manifest = read_manifest(project / "releases" / "analytics")
    assert "left_in" not in manifest.risk
    told = manifest.risk["other_persons"]
    assert told["tables"] == {
        "employees": "employee",
        "payroll": "employee",
        "suppliers": "supplier",
    }
    assert "employees (ansatte), payroll (ansatte)" in told["statement"]["nb"]
    assert "suppliers (contacts at suppliers), which holds" in told["statement"]["en"]
    report = (project.folder / "releases/analytics/latest/REPORT.html").read_text("utf-8")
    assert told["statement"]["nb"] in report
    assert told["statement"]["en"] in report
    rows = {table.name: (table.rows_in, table.rows_out) for table in manifest.tables}
    assert rows["employees"][0] == rows["employees"][1]
    assert rows["customers"][0] > rows["customers"][1]


def test_a_key_that_makes_both_the_same_persons_is_refused(project):
    """Orders lead to customers, so they cannot be of employees."""
    project.configure(shop(SAID.replace("[shop/employees]", "[shop/employees, shop/orders]")))
    done = project.run("plan", "analytics")
    project.configure(shop(SAID))
    done.one_line(2, 390, "shop/orders", "'employee'", "by the key shop/orders.customer_id")
