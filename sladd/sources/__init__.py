"""Sources: where tables come from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the child processes that read documents start without Arrow and Pydantic
    from sladd.config import SourceConfig
    from sladd.model import Source


def never(_name: str) -> bool:
    """Judge no name personal."""
    return False


def open_source(
    name: str,
    config: SourceConfig,
    *,
    root: Path,
    name_is_personal: Callable[[str], bool] = never,
    credentials: None = None,
) -> Source:
    """Open a source of the configuration; nothing is read yet.

    Args:
        name: name of the source.
        config: what `sladd.yaml` says about it.
        root: folder of `sladd.yaml`; relative paths start there.
        name_is_personal: says whether the name of a column, table, key or file is personal.
        credentials: reserved.

    Raises:
        SourceError: the address cannot be understood (SLADD-213).
    """
    del credentials
    if config.database is not None:
        from sladd.sources.database import DatabaseSource

        return DatabaseSource(
            name,
            config.database,
            root=root,
            include=config.include,
            exclude=config.exclude,
            views=config.views,
            statement_timeout_s=config.statement_timeout_s,
            name_is_personal=name_is_personal,
        )
    if config.files is not None:
        from sladd.sources.files import FilesSource

        patterns = [config.files] if isinstance(config.files, str) else config.files
        return FilesSource(
            name,
            patterns,
            root=root,
            include=config.include,
            exclude=config.exclude,
            name_is_personal=name_is_personal,
        )
    from sladd.sources.documents.source import DocumentsSource

    named = config.documents or []
    return DocumentsSource(
        name,
        [named] if isinstance(named, str) else named,
        root=root,
        include=config.include,
        exclude=config.exclude,
        name_is_personal=name_is_personal,
    )
