"""A configuration, a key or a command line that is wrong: one line each, and nothing is moved."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.commands import LINE, Project
from tests.shop import CONFIG, build


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop that is not scanned; tests write other configurations beside its own."""
    return build(tmp_path_factory.mktemp("config") / "shop", wide=False)


def _with(project: Project, old: str, new: str) -> str:
    """A configuration with one thing changed; its file name."""
    assert old in CONFIG
    (project / "other.yaml").write_text(CONFIG.replace(old, new), encoding="utf-8")
    return "other.yaml"


# What is changed, into what → exit code, code, words that the line must hold.
WRONG = {
    "unknown key of a source": (
        "database: sqlite:///shop.db",
        "database: sqlite:///shop.db\n    inclde: [a]",
        (2, 106, "other.yaml, line 4", "inclde", "did you mean 'include'?"),
    ),
    "unknown key at the top": (
        "keys:",
        "langauges: [nb]\nkeys:",
        (2, 106, "other.yaml, line 6", "did you mean 'languages'?"),
    ),
    "missing variable": (
        "sqlite:///shop.db",
        "postgresql://u:${NO_SUCH_VARIABLE_7}@db.example.no/x",
        (2, 105, "NO_SUCH_VARIABLE_7", "line 3", "export NO_SUCH_VARIABLE_7=…"),
    ),
    "no YAML": ("domain: test", "domain: [test", (2, 103, "other.yaml, line")),
    "unknown source of a release": ("[shop, exports]", "[shp]", (2, 132, "did you mean 'shop'?")),
    "unknown transform": (
        "    to: releases",
        "    rules: [{category: user.name, transform: pseudonim}]\n    to: releases",
        (2, 135, "did you mean 'pseudonym'?"),
    ),
    "unknown category": (
        "    to: releases",
        "    rules: [{category: user.nam, transform: drop}]\n    to: releases",
        (2, 134, "did you mean 'user.name'?"),
    ),
    "unknown key of a release": (
        "domain: test",
        "domain: test\n    key: mian",
        (2, 133, "did you mean 'main'?"),
    ),
    "wrong type": ("domain: test", "domain: test\n    keep_versions: 0", (2, 107, "keep_versions")),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_configuration_is_one_line(project: Project, name: str) -> None:
    """File and line, and the nearest allowed name."""
    old, new, (exit_code, code, *words) = WRONG[name]
    path = _with(project, old, new)
    for command in (["discover"], ["plan", "analytics"], ["check"]):
        done = project.run("-c", path, *command)
        assert done.code == exit_code, done
        (line,) = done.lines
        assert line.startswith(f"SLADD-{code}: ")
        assert all(word in line for word in words), line
        assert done.out == ""


def test_thirty_faults_are_twenty_lines_and_a_count(project: Project) -> None:
    """Each fault on a line of its own, a screen of them at most."""
    extra = "".join(f"wrong{n}: 1\n" for n in range(30))
    (project / "many.yaml").write_text(CONFIG + extra, encoding="utf-8")
    done = project.run("--config", "many.yaml", "check")
    assert done.code == 2
    assert len(done.lines) == 21
    assert all(LINE.match(line) for line in done.lines[:20])
    assert done.lines[-1] == "… and 10 more"


def test_a_glob_that_matches_nothing_is_not_scanned(project: Project) -> None:
    """One line with its pattern; the other source is scanned; exit code 3 says that one failed."""
    path = _with(project, "data/*", "nowhere/*.csv")
    done = project.run("-c", path, "discover")
    line = done.one_line(3, 240, "not scanned · exports", "nowhere/*.csv")
    assert "relative to the folder of sladd.yaml" in line
    assert "shop: 5 tables scanned" in done.out
    assert "exports: not scanned" in done.out


def test_when_every_source_fails_each_has_its_line(project: Project) -> None:
    """The first failure does not hide the second."""
    text = CONFIG.replace("data/*", "nowhere/*").replace("sqlite:///shop.db", "sqlite:///no.db")
    (project / "none.yaml").write_text(text, encoding="utf-8")
    done = project.run("-c", "none.yaml", "discover")
    assert done.code == 3
    assert [line[:9] for line in done.lines] == ["SLADD-205", "SLADD-240"]
    assert not (project / "no.db").exists()


def test_an_unreachable_host_is_one_line(project: Project) -> None:
    """Port 1 of this machine refuses at once; the files are scanned all the same."""
    path = _with(project, "sqlite:///shop.db", "postgresql+psycopg://u:hemmelig@127.0.0.1:1/shop")
    done = project.run("-c", path, "discover")
    line = done.one_line(3, 201, "shop", "sladd doctor")
    assert "hemmelig" not in line
    assert "exports: " in done.out
    asked = project.run("-c", path, "check")
    assert asked.code == 1
    assert any(line.startswith("shop: ") for line in asked.out.splitlines())


def test_an_unknown_release_or_source_suggests(project: Project) -> None:
    """Names are compared with those of the configuration."""
    project.run("plan", "analytcs").one_line(2, 136, "did you mean 'analytics'?")
    project.run("discover", "shp").one_line(2, 130, "did you mean 'shop'?")
    project.run("findings", "--source", "shp").one_line(2, 130, "did you mean 'shop'?")
    project.run("query", "analytcs", "SELECT 1").one_line(2, 162, "analytcs")
    project.run("verify", "analytics").one_line(1, 600, "sladd publish")


def test_a_release_before_any_scan_says_what_to_run(project: Project) -> None:
    """Each source that was never scanned has its line."""
    (project / "fresh.yaml").write_text("catalog: sqlite:///fresh.db\n" + CONFIG, encoding="utf-8")
    for command in ("plan", "publish"):
        done = project.run("-c", "fresh.yaml", command, "analytics")
        assert done.code == 1
        assert [line[:9] for line in done.lines] == ["SLADD-309"] * 2
        assert done.lines[0].endswith("sladd discover shop")


def _key(project: Project, place: Path, mode: int = 0o600) -> str:
    key = project.folder.parent / "keys" / "main.key"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.parent.chmod(0o700)
    place.write_bytes(key.read_bytes())
    place.chmod(mode)
    return _with(project, "../keys/main.key", str(place))


def _published(project: Project) -> bool:
    return any((project / "releases").glob("**/*.parquet"))


def test_a_key_that_cannot_be_used_stops_the_publish(project: Project, tmp_path: Path) -> None:
    """Missing, readable by others, inside a release, inside a git work tree, no key at all."""
    assert project.run("discover").code == 0
    repository = tmp_path / "work"
    repository.mkdir()
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    cases = {
        "missing": (tmp_path / "none.key", 0o600, "sladd keys init"),
        "readable by others": (tmp_path / "a" / "k.key", 0o640, "chmod 600"),
        "inside a release": (project / "releases/analytics/k.key", 0o600, "mv "),
        "inside a git work tree": (repository / "k.key", 0o600, "git work tree"),
    }
    for name, (place, mode, words) in cases.items():
        if name == "missing":
            path = _with(project, "../keys/main.key", str(place))
        else:
            path = _key(project, place, mode)
        done = project.run("-c", path, "publish", "analytics")
        assert done.code == 3, (name, done)
        (line,) = done.lines
        assert line.startswith("SLADD-4"), (name, line)
        assert words in line, (name, line)
        assert not _published(project), name
        asked = project.run("-c", path, "doctor")
        assert asked.code == 1
        assert "FAIL key main" in asked.out, (name, asked.out)
    os.unlink(project / "releases/analytics/k.key")


def test_a_key_from_a_variable_that_is_missing(project: Project) -> None:
    """The variable is named, its content never."""
    path = _with(project, "{file: ../keys/main.key}", "{env: SLADD_NO_SUCH_KEY}")
    line = project.run("-c", path, "publish", "analytics").lines[0]
    assert line.startswith("SLADD-4")
    assert "SLADD_NO_SUCH_KEY" in line
    project.run("-c", path, "discover")
    wrong = project.run("-c", path, "publish", "analytics", SLADD_NO_SUCH_KEY="hemmelig-verdi")
    (line,) = wrong.lines
    assert (wrong.code, line[:7]) == (3, "SLADD-4")
    assert "hemmelig" not in line


def test_init_and_keys_never_overwrite(project: Project, tmp_path: Path) -> None:
    """What is there stays as it is; a key inside the project is refused."""
    key = project.folder.parent / "keys" / "main.key"
    before = key.read_bytes(), project.config
    assert project.run("keys", "init", str(key)).code == 3
    done = project.run("init", ".", "--key", str(key))
    assert done.code == 0
    assert (key.read_bytes(), project.config) == before
    assert done.out.count("kept") == 2
    project.run("init", str(tmp_path / "new"), "--key", str(tmp_path / "new" / "k")).one_line(
        2, 163, "--key"
    )
