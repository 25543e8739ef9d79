"""Downloads: a fixed list, made on request, and nothing besides."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest

from sladd.review.context import Role
from sladd.review.pages.downloads import FILES

OUTSIDE = [
    "../sladd.yaml",
    "..%2fsladd.yaml",
    "%2e%2e%2fsladd.yaml",
    "....//sladd.yaml",
    "record-nb.xlsx%00.html",
    "record-nb.exe",
    "/etc/passwd",
    "record-sv.xlsx",
    "C:%5Cx",
]


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_on_the_list_is_made_and_sent_as_a_download(client, name):
    """With a type and its name, for whoever may read."""
    answer = client(Role.READER).get(f"/downloads/{name}")
    assert answer.status_code == 200
    kept = re.fullmatch(
        r'attachment; filename="[a-z-]+-\d{4}-\d\d-\d\d\.(\w+)"',
        answer.headers["content-disposition"],
    )
    assert kept
    assert name.endswith(f".{kept.group(1)}")
    assert len(answer.content) > 200
    if name.endswith("xlsx"):
        assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    if name.endswith(("json", "jsonld")):
        assert json.loads(answer.content)


@pytest.mark.parametrize("name", OUTSIDE)
def test_no_other_name_is_ever_a_path(client, name):
    """Not found, whatever is tried."""
    answer = client(Role.DPO).get(f"/downloads/{name}")
    assert answer.status_code in {404, 400}
    assert "sources:" not in answer.text


@pytest.mark.parametrize(
    "path", ["/downloads", "/downloads/record-nb.xlsx", "/gaps", "/activities"]
)
def test_nobody_reads_without_logging_in(client, path):
    """The login comes first."""
    answer = client().get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
