"""A table from the pseudonyms of one key version to the next: right, closed, and destroyed."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sladd.pipeline import translation
from sladd.pipeline.bind import bind
from tests import shop
from tests.commands import Outcome, Project

RULES = """\
    rules:
      - {field: shop/customers.id, transform: encrypt}
      - {field: shop/orders.customer_id, transform: encrypt}
      - {field: shop/customers.epost, transform: pseudonym, show_version: true}
"""


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[dict[str, str]]]:
    """A shop whose key was rotated after its first publish, and what that one held."""
    folder = tmp_path_factory.mktemp("translate")
    made = shop.build(folder / "p", wide=False)
    made.configure(shop.CONFIG + RULES)
    for words in (("discover",), ("publish", "analytics")):
        assert made.run(*words).code == 0
    before = _customers(made)
    assert made.run("keys", "rotate").code == 0
    assert made.run("publish", "analytics").code == 0
    (folder / "safe").mkdir(mode=0o700)
    return made, before


@pytest.fixture
def project(rotated: tuple[Project, list[dict[str, str]]]) -> Project:
    """The shop."""
    return rotated[0]


def _customers(project: Project) -> list[dict[str, str]]:
    done = project.run("query", "analytics", "SELECT * FROM customers", "--format", "json")
    found: list[dict[str, str]] = json.loads(done.out)
    return found


def _safe(project: Project, name: str = "t.parquet") -> Path:
    return project.folder.parent / "safe" / name


def _translate(project: Project, path: Path, *words: str) -> Outcome:
    return project.run(
        "keys", "translate", "analytics", "--from", "1", "--to", "2", "--reason", "nytt domene",
        "-o", str(path), *words,
    )  # fmt: skip


def _destroy(project: Project, path: Path) -> Outcome:
    return project.run("keys", "translate", "--destroy", str(path))


def test_old_rows_become_the_new_ones(rotated: tuple[Project, list[dict[str, str]]]) -> None:
    """Every pseudonym and ciphertext of the first publish is found, and is what it is now."""
    project, before = rotated
    path = _safe(project)
    done = _translate(project, path, "--json")
    assert done.code == 0, done.err
    rows = pq.read_table(path).to_pylist()
    assert json.loads(done.out)["rows"] == len(rows)
    table = {(r["type"], r["old"]): r["new"] for r in rows}
    assert len(table) == len(rows)
    translated = [
        (table["shop/customers.id", r["id"]], table["email", r["epost"]], table["name", r["navn"]])
        for r in before
    ]
    now = [(r["id"], r["epost"], r["navn"]) for r in _customers(project)]
    assert sorted(translated) == sorted(now)
    assert {r["columns"] for r in rows if r["type"] == "email"} == {"customers.epost"}
    assert _destroy(project, path).code == 0


def test_the_table_is_closed_and_holds_no_value(project: Project) -> None:
    """Mode 0600 whatever the umask; nothing else is left beside it."""
    path = _safe(project)
    mask = os.umask(0)
    try:
        assert _translate(project, path).code == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]
    assert "kunde" not in str(pq.read_table(path).to_pydict())
    assert _destroy(project, path).code == 0
    assert os.listdir(path.parent) == []


def test_it_is_made_once_and_destroyed(project: Project) -> None:
    """A second one is refused while there is a first; both ends stand in the audit trail."""
    path, second = _safe(project), _safe(project, "again.parquet")
    assert _translate(project, path).code == 0
    _translate(project, second).one_line(3, 420, "--destroy")
    assert not second.exists()
    kept = path.with_name("second name")
    os.link(path, kept)  # what an undeleted block would still show
    before = kept.read_bytes()
    assert _destroy(project, path).code == 0
    assert not path.exists()
    assert not set(before.split()) & set(kept.read_bytes().split())
    assert kept.read_bytes() == b""
    kept.unlink()
    _destroy(project, path).one_line(3, 421)
    with bind(project / "sladd.yaml").catalog as catalog:
        made, gone = catalog.audit.entries()[-2:]
    assert (made.action, made.subject) == (translation.MADE, "analytics")
    assert made.detail["from"], made.detail["to"] == (1, 2)
    assert made.detail["reason"] == "nytt domene"
    assert (gone.action, gone.detail["path"]) == (translation.DESTROYED, str(path))


def test_what_is_overwritten_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes themselves are replaced before the file is cut and removed."""
    path = tmp_path / "t"
    path.write_bytes(b"pseudonym" * 1000)
    seen: list[bytes] = []
    truncate = os.fsync
    monkeypatch.setattr(os, "fsync", lambda fd: (seen.append(path.read_bytes()), truncate(fd)))
    translation.shred(path)
    assert len(seen[0]) == 9000
    assert b"pseudonym" not in seen[0]
    assert not path.exists()


def test_doctor_reminds_of_a_table_that_should_be_gone(project: Project) -> None:
    """From the day on, until it is destroyed; nothing before."""
    path = _safe(project)
    assert _translate(project, path).code == 0
    assert "translation table" not in project.run("doctor").out
    assert _destroy(project, path).code == 0
    bound = bind(project / "sladd.yaml")
    long_ago = datetime.now(UTC) - timedelta(days=31)
    translation.translate(
        bound, "analytics", old=1, new=2, path=path, by="kari", reason="x", now=long_ago
    )
    told = project.run("doctor")
    assert told.code == 0
    assert "warn translation table of analytics: was to be destroyed by" in told.out
    assert str(path) in told.out
    assert _destroy(project, path).code == 0
    assert "translation table" not in project.run("doctor").out


@pytest.mark.parametrize(
    ("folder", "code"), [("releases/analytics", 405), ("git", 406), ("open", 407)]
)
def test_an_unsafe_place_is_refused(project: Project, folder: str, code: int) -> None:
    """Where it would travel with data or code, or be swapped; nothing is left there."""
    place = project / folder
    place.mkdir(parents=True, exist_ok=True)
    if folder == "git":
        (place / ".git").mkdir(exist_ok=True)
    if folder == "open":
        place.chmod(0o777)
    before = sorted(os.listdir(place))
    _translate(project, place / "t.parquet").one_line(3, code, "translation table")
    assert sorted(os.listdir(place)) == before


def test_a_file_that_is_there_is_not_replaced(project: Project) -> None:
    """Nor is any other file destroyed than a table."""
    path = _safe(project)
    path.write_text("mine")
    _translate(project, path).one_line(3, 422)
    _destroy(project, path).one_line(3, 421)
    assert path.read_text() == "mine"
    path.unlink()


def test_wrong_command_lines_are_one_line(project: Project) -> None:
    """What is missing, what does not go together, a version that is not there."""
    path = str(_safe(project))
    project.run("keys", "translate", "analytics").one_line(2, 177)
    project.run("keys", "translate", "analytics", "--destroy", path).one_line(2, 176)
    words = ["keys", "translate", "analytics", "--reason", "x", "-o", path]
    project.run(*words, "--from", "2", "--to", "2").one_line(2, 176)
    project.run(*words, "--from", "1", "--to", "9").one_line(3, 411)
    assert os.listdir(_safe(project).parent) == []


def test_tokens_of_a_vault_need_no_table(tmp_path: Path) -> None:
    """They stay as they are when a key is rotated."""
    made = shop.build(tmp_path / "p", wide=False)
    made.configure(f'{shop.CONFIG}    vault: {{store: "sqlite:///{tmp_path}/vault/v.db"}}\n')
    assert made.run("discover").code == 0
    made.run("keys", "rotate")
    (tmp_path / "safe").mkdir(mode=0o700)
    _translate(made, tmp_path / "safe" / "t.parquet").one_line(1, 345)
