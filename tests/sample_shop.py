"""The shop that ships with sladd, scanned once a run: tests take a copy of folder and catalog."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands import Project

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


def configuration() -> str:
    """The `sladd.yaml` that ships, with a key beside the project's folder."""
    text = (SAMPLES / "sladd.yaml").read_text("utf-8")
    return text.replace("~/.config/sladd/keys/main.key", "../keys/main.key")


def scan(folder: Path) -> None:
    """Scan the database into `folder/shop`, with a key beside it."""
    project = Project(folder / "shop")
    project.folder.mkdir()
    shutil.copy2(SAMPLES / "shop.db", project / "shop.db")
    project.configure(configuration())
    for words in (("keys", "init", str(folder / "keys" / "main.key")), ("discover", "shop")):
        done = project.run(*words)
        assert done.code == 0, done.err + done.out


def copied(scanned: Path, folder: Path, config: str | None = None) -> Project:
    """A project of one's own: the database with its catalog, and the key beside it.

    Args:
        scanned: what `scan` filled.
        folder: where the copy goes; must not exist yet.
        config: another `sladd.yaml`. As long as it detects by the same rules, `sladd discover`
            reads nothing again.
    """
    shutil.copytree(scanned, folder)
    project = Project(folder / "shop")
    if config is not None:
        project.configure(config)
    return project
