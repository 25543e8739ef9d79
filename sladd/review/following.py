"""The configuration as its file has it now: a desk stays open while engineers change rules."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sladd.errors import ConfigError, SladdError
from sladd.pipeline.bind import Bound, bind

_BY_CONFIG = ("transforms", "hierarchies", "keyring", "ruleset")
_BY_DETECTION = ("detectors", "text_finders")
"""Parts of a `Bound` that are made anew when what they are made of has changed."""


class Following:
    """A configuration that is read again when its file changes.

    Without that an officer would be shown, and would approve, the plan by rules of yesterday,
    while `sladd publish` asks for one by those of today.

    Args:
        bound: as the desk was opened with; its catalog stays open.
        path: of the file; None to follow none.
    """

    def __init__(self, bound: Bound, path: Path | None) -> None:
        self._bound = bound
        self._path = path
        self._lock = Lock()
        self._seen = self._stamp()
        self.fault = ""
        """Why the file as it is now cannot be used; "" where it can."""

    def now(self) -> Bound:
        """The configuration as it is now; as it was last where the file cannot be used."""
        stamp = self._stamp()
        if stamp == self._seen or self._path is None:
            return self._bound
        with self._lock:
            if stamp != self._seen:
                self._seen = stamp
                try:
                    fresh = bind(self._path)
                    self._require_same_doors(fresh)
                    self._renew(fresh)
                    self.fault = ""
                except SladdError as fault:
                    self.fault = str(fault)
        return self._bound

    def _require_same_doors(self, fresh: Bound) -> None:
        """Who may come in, and what is written to, stays as the desk was opened.

        Raises:
            ConfigError: the file names another catalog, or lets others in (SLADD-962).
        """
        before, after = self._bound.config, fresh.config
        if (before.catalog, before.review) != (after.catalog, after.review):
            raise ConfigError(
                "the desk was opened with another catalog: or review:",
                code=962,
                where=str(self._path),
                mend="start sladd review again",
            )

    def _renew(self, fresh: Bound) -> None:
        before, after = self._bound.config, fresh.config
        parts = list(_BY_CONFIG)
        if (before.languages, before.region, before.detection) != (
            after.languages,
            after.region,
            after.detection,
        ):
            parts += _BY_DETECTION
        self._bound.config = after
        for part in parts:
            vars(self._bound).pop(part, None)

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            told = self._path.stat() if self._path is not None else None
        except OSError:
            return None
        return (told.st_mtime_ns, told.st_size, told.st_ino) if told is not None else None
