"""Errors that a person can act on: what is wrong, where, and the command that mends it.

A message never holds a cell value, a key or a connection string. The code (`SLADD-204`)
is stable, so that a reader can look it up in `docs/reference/errors.md`.

Codes: 1xx configuration, 2xx sources, 3xx transforms and plans, 4xx keys, vaults and
re-identification, 5xx catalog, 6xx gate and release, 7xx detection, 9xx the desk.
"""

from __future__ import annotations

from collections.abc import Sequence


class SladdError(Exception):
    """The root of every error that sladd raises on purpose.

    Args:
        what: what is wrong, in a few words, without personal data.
        code: number of the error, 100-999.
        where: file and line, source and table, or field.
        mend: the command or the change that mends it.
    """

    exit_code = 2

    def __init__(self, what: str, *, code: int, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.code = code
        self.where = where
        self.mend = mend

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(self.where)
        if self.mend:
            parts.append(self.mend)
        return f"SLADD-{self.code}: " + " · ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders; a keyword-only constructor needs help to be rebuilt.
        return (_rebuild, (type(self), self.what, self.code, self.where, self.mend))


def _rebuild(kind: type[SladdError], what: str, code: int, where: str, mend: str) -> SladdError:
    return kind(what, code=code, where=where, mend=mend)


class ConfigError(SladdError):
    """`sladd.yaml` or a command line is wrong (1xx)."""


class SourceError(SladdError):
    """A source or a target could not be used (2xx)."""

    exit_code = 3


class DetectionError(SladdError):
    """A recogniser, a language or a model is missing or wrong (7xx)."""


class PlanError(SladdError):
    """A release cannot be planned as asked (3xx)."""

    exit_code = 1


class TransformError(SladdError):
    """A transform was handed what it cannot work on (3xx)."""


class KeyringError(SladdError):
    """A key is missing, readable by others, or kept in an unsafe place (4xx)."""

    exit_code = 3


class VaultError(SladdError):
    """The vault of a release could not be used, or lies in an unsafe place (43x)."""

    exit_code = 3


class RevealError(SladdError):
    """Nobody may be led back to this way, or there is no way back (45x)."""

    exit_code = 1


class CatalogError(SladdError):
    """The catalog could not be read or written (5xx)."""

    exit_code = 3


class GateError(SladdError):
    """A check of a release said no (6xx)."""

    exit_code = 1


class ManyErrors(SladdError):
    """Several errors found in one pass, raised once.

    Its exit code is the highest of its parts.
    """

    def __init__(self, errors: Sequence[SladdError]) -> None:
        if not errors:
            raise ValueError("ManyErrors needs at least one error")
        first = errors[0]
        super().__init__(first.what, code=first.code, where=first.where, mend=first.mend)
        self.errors = tuple(errors)
        self.exit_code = max(error.exit_code for error in errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def __reduce__(self) -> tuple[object, ...]:
        return (ManyErrors, (self.errors,))


def raise_all(errors: Sequence[SladdError]) -> None:
    """Raise nothing, the one error, or all of them as `ManyErrors`."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise ManyErrors(errors)
