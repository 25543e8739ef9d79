"""`sladd review` and `sladd audit` on the command line."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

import pytest

from sladd.catalog import open_catalog
from tests.commands import Project
from tests.services import free_port

LINK = re.compile(r"http://127\.0\.0\.1:(\d+)/first/([\w-]{43})$", re.MULTILINE)


@pytest.fixture
def commands(project) -> Project:
    """Commands in the scanned project."""
    return Project(project)


def test_the_desk_opens_with_a_first_login_and_closes_on_ctrl_c(project, tmp_path):
    """A process of its own: the link it prints opens a page; nothing is logged; it ends in peace."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from sladd.cli import main; main()", "review", "--port", str(port)],
        cwd=project, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        said = ""
        while not (link := LINK.search(said)):
            line = process.stdout.readline()
            assert line, process.stderr.read()
            said += line
        page = _get(link.group(0))
        assert 'name="again"' in page
        assert "for første gang" in page
    finally:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert "the desk is closed" in out
    assert link.group(2) not in out  # said once, before; no request is logged


def _get(url: str) -> str:
    for _ in range(600):
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError("the desk does not answer")


def test_a_port_in_use_is_one_line(commands):
    """With another port to try."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = commands.run("review", "--port", str(port))
    outcome.one_line(3, 904, f"port {port}", "sladd review --port")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "sladd.example.no"])
def test_it_is_not_opened_to_others_without_a_name(commands, host):
    """Whoever can reach it must be asked for by name, or any name would do."""
    commands.run("review", "--host", host).one_line(2, 903, "review: {hosts: [")


def test_accounts_are_made_listed_changed_and_taken_away(commands):
    """Each with a word on what happened."""
    added = commands.run("review", "user", "add", "kari", "--role", "dpo")
    assert LINK.search(added.out)
    commands.run("review", "user", "add", "kari", "--role", "dpo").one_line(2, 901, "kari")
    listed = json.loads(commands.run("review", "user", "list", "--json").out)
    assert listed == [{"name": "kari", "role": "dpo", "state": "invited", "last_login": ""}]
    assert "kari is reader now" in commands.run("review", "user", "role", "kari", "reader").out
    assert LINK.search(commands.run("review", "user", "reset", "kari").out)
    assert "kari\treader\tinvited" in commands.run("review", "user", "list").out
    assert commands.run("review", "user", "remove", "kari").code == 0
    assert "nobody yet" in commands.run("review", "user", "list").out
    for words in (("remove", "kari"), ("reset", "kari"), ("role", "kari", "dpo")):
        commands.run("review", "user", *words).one_line(2, 902, "kari")


def test_the_link_leads_to_where_people_open_the_desk(commands):
    """By what is said, or by the first name of the configuration."""
    at = commands.run(
        "review", "user", "add", "ola", "--role", "reader", "--url", "https://desk.example.no/"
    )
    assert "https://desk.example.no/first/" in at.out
    config = commands / "sladd.yaml"
    config.write_text(config.read_text("utf-8") + "review: {hosts: [sladd.example.no]}\n", "utf-8")
    assert "https://sladd.example.no/first/" in commands.run("review", "user", "reset", "ola").out


@pytest.mark.parametrize(
    "hosts", ["[https://sladd.example.no]", "['sladd.example.no:8400']", "['*']", "['']"]
)
def test_a_host_is_a_name_and_nothing_else(commands, hosts):
    """A wildcard would let any name in."""
    config = commands / "sladd.yaml"
    config.write_text(config.read_text("utf-8") + f"review: {{hosts: {hosts}}}\n", "utf-8")
    outcome = commands.run("review", "user", "list")
    assert (outcome.code, "SLADD-107" in outcome.err) == (2, True)


def test_a_whole_trail_is_said_to_be_whole(commands):
    """With the number of its entries."""
    assert commands.run("audit", "verify").out == "the trail of 4 entries is whole\n"


def test_heads_are_added_to_a_file_and_checked(commands, tmp_path):
    """Each export adds one; the same head is not added twice."""
    file = tmp_path / "heads.jsonl"
    assert commands.run("audit", "export", str(file)).code == 0
    assert commands.run("audit", "export", str(file)).code == 0
    commands.run("review", "user", "add", "kari", "--role", "dpo")
    assert commands.run("audit", "export", str(file)).code == 0
    heads = [json.loads(line) for line in file.read_text().splitlines()]
    assert [head["number"] for head in heads] == [4, 5]
    checked = commands.run("audit", "verify", "--heads", str(file), "--json")
    assert json.loads(checked.out)["heads_checked"] == 2
    assert "kari" not in file.read_text()


def _rewrite(project: Project) -> None:
    """What the owner of the database can do: a whole new chain in which another decided."""
    from sladd.catalog import audit

    with open_catalog("sqlite:///.sladd/catalog.db", root=project.folder) as catalog:
        entries = catalog.audit.entries()
    with closing(sqlite3.connect(project / ".sladd" / "catalog.db")) as raw, raw:
        for event in ("update", "delete"):
            raw.execute(f"DROP TRIGGER sladd_audit_no_{event}")
        previous = audit.FIRST
        for entry in entries:
            by = "somebody else" if entry.number == 2 else entry.by
            detail = json.dumps(entry.detail, sort_keys=True, separators=(",", ":"))
            hashed = audit._hash(
                entry.number, entry.at, by, entry.action, entry.subject, detail, previous
            )
            raw.execute(
                "UPDATE sladd_audit SET actor = ?, previous = ?, hash = ? WHERE number = ?",
                (by, previous, hashed, entry.number),
            )
            previous = hashed
        raw.execute("UPDATE sladd_audit_head SET hash = ?", (previous,))


def test_a_chain_that_its_owner_wrote_anew_is_seen_by_an_exported_head(commands, tmp_path):
    """Without the file it looks whole; with it, it does not, and nothing is added to the file."""
    file = tmp_path / "heads.jsonl"
    commands.run("audit", "export", str(file))
    _rewrite(commands)
    assert commands.run("audit", "verify").code == 0
    seen = commands.run("audit", "verify", "--heads", str(file))
    assert (seen.code, seen.out) == (1, "entry 4 is not the one that was exported\n")
    kept = file.read_text()
    commands.run("audit", "export", str(file)).one_line(1, 909, "entry 4")
    assert file.read_text() == kept


def test_a_trail_cut_short_is_seen_by_an_exported_head(commands, tmp_path):
    """An entry that was exported and is gone."""
    file = tmp_path / "heads.jsonl"
    file.write_text(json.dumps({"format": 1, "number": 99, "hash": "a" * 64}) + "\n")
    seen = commands.run("audit", "verify", "--heads", str(file))
    assert (seen.code, "entry 99 was exported" in seen.out) == (1, True)


@pytest.mark.parametrize(
    "text", ["no json", "[]", '{"format": 2, "number": 1, "hash": "a"}', '{"format":1}']
)
def test_a_file_that_holds_no_heads_is_one_line(commands, tmp_path, text):
    """Rather than a check of nothing."""
    file = tmp_path / "heads.jsonl"
    file.write_text(text)
    commands.run("audit", "verify", "--heads", str(file)).one_line(2, 908, "heads.jsonl")
    commands.run("audit", "verify", "--heads", str(tmp_path / "none")).one_line(2, 908)
    commands.run("audit", "export", str(tmp_path / "no" / "folder")).one_line(3, 911)
