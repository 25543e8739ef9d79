"""From patterns to files: braces, `**`, any fsspec address."""

from __future__ import annotations

import contextlib
import glob
import posixpath
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sladd.errors import SourceError
from sladd.model import NotScanned
from sladd.sources.files.entry import FileEntry, stamp_of
from sladd.sources.files.naming import NameJudge, shown_path, stem_of

_BRACES = re.compile(r"\{([^{}]*)\}")
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")
# Spark, Hive and Arrow leave these beside the data.
BESIDE_DATA = re.compile(r"(^|/)[._][^/]*$|\.crc$")


def expand_braces(pattern: str) -> list[str]:
    """`a.{csv,jsonl}` → `a.csv`, `a.jsonl`; nested braces are expanded inside out.

    >>> expand_braces("x/*.{csv,json{,l}}")
    ['x/*.csv', 'x/*.json', 'x/*.jsonl']
    """
    found = _BRACES.search(pattern)
    if not found:
        return [pattern]
    head, tail = pattern[: found.start()], pattern[found.end() :]
    expanded: dict[str, None] = {}
    for choice in found.group(1).split(","):
        expanded.update(dict.fromkeys(expand_braces(head + choice + tail)))
    return list(expanded)


def shown_pattern(pattern: str) -> str:
    """A pattern without the credentials that a URL may carry."""
    return _CREDENTIALS.sub("", pattern)


def find_files(
    source: str,
    patterns: Sequence[str],
    root: Path,
    judge: NameJudge,
    *,
    beside: re.Pattern[str] = BESIDE_DATA,
) -> tuple[list[FileEntry], list[NotScanned]]:
    """List what the patterns match, in the order of their paths, but for what `beside` matches.

    Raises:
        SourceError: no pattern matches anything (SLADD-240), or a place cannot be listed (241).
    """
    files: dict[str, FileEntry] = {}
    failed: list[NotScanned] = []
    empty: list[SourceError] = []
    for pattern in patterns:
        matched = 0
        for one in expand_braces(pattern):
            for found in _matches(source, one, root, judge, beside):
                matched += 1
                if isinstance(found, NotScanned):
                    failed.append(found)
                    continue
                key = f"{found.fs.protocol}:{found.path}"
                # Patterns may name a file and the folder it lies in: the folder wins.
                if found.folder or key not in files:
                    files[key] = found
        if not matched:
            empty.append(_nothing(source, pattern))
    if not files and not failed and empty:
        raise empty[0]
    failed += [
        NotScanned(error.where, f"{error.what} · {error.mend}", error.code) for error in empty
    ]
    return sorted(files.values(), key=lambda f: f.relative), failed


def _nothing(source: str, pattern: str) -> SourceError:
    where = f"source {source}, pattern {shown_pattern(pattern)}"
    mend = "correct the pattern in sladd.yaml"
    if "://" not in pattern and not Path(pattern).is_absolute():
        mend += "; it is relative to the folder of sladd.yaml"
    return SourceError("the pattern matches no file", code=240, where=where, mend=mend)


def _matches(
    source: str, pattern: str, root: Path, judge: NameJudge, beside: re.Pattern[str]
) -> Iterator[FileEntry | NotScanned]:
    from fsspec.core import url_to_fs

    local = "://" not in pattern
    home = Path(root).expanduser().absolute().as_posix()
    try:
        if local:
            given = Path(pattern).expanduser()
            full = given.as_posix() if given.is_absolute() else f"{glob.escape(home)}/{pattern}"
            fs, _ = url_to_fs(home)
            target = posixpath.normpath(full)
        else:
            fs, target = url_to_fs(pattern)
        found: dict[str, dict[str, Any]] = fs.glob(target, detail=True)
    except ImportError:
        raise SourceError(
            "the file system of this address is not installed",
            code=241,
            where=f"source {source}, pattern {shown_pattern(pattern)}",
            mend="install the fsspec package for it, for example s3fs, gcsfs or adlfs",
        ) from None
    except Exception as error:
        raise SourceError(
            f"the place could not be listed ({type(error).__name__})",
            code=241,
            where=f"source {source}, pattern {shown_pattern(pattern)}",
            mend="check the address and the credentials in the environment",
        ) from None
    base = home if local and target.startswith(glob.escape(home) + "/") else _static(target)
    for path, info in sorted(found.items()):
        if beside.search(path):
            continue
        if info.get("type") == "directory":
            yield from _directory(source, fs, path, base, judge, beside)
            continue
        yield _entry(fs, path, info, base, judge)


def _directory(
    source: str, fs: Any, path: str, base: str, judge: NameJudge, beside: re.Pattern[str]
) -> Iterator[FileEntry | NotScanned]:
    name = posixpath.basename(path.rstrip("/"))
    if stem_of(name) == name:
        return  # a plain folder that a wide pattern happened to match
    inside = [
        (inner, info)
        for inner, info in sorted(fs.find(path, detail=True).items())
        if not beside.search(inner)
    ]
    if not inside:
        shown = shown_path(_relative(path, base), judge)
        reason = "is a directory without files, not a file · take it out of the pattern"
        yield NotScanned(f"{source}/{shown}", reason, 242)
    for inner, info in inside:
        yield _entry(fs, inner, info, base, judge, folder=_relative(path, base))


def _entry(
    fs: Any, path: str, info: dict[str, Any], base: str, judge: NameJudge, folder: str = ""
) -> FileEntry:
    relative = _relative(path, base)
    if not isinstance(fs.protocol, tuple) or "file" not in fs.protocol:
        # A listing may spell times otherwise than the question about one file, asked later.
        with contextlib.suppress(Exception):
            info = fs.info(path)
    return FileEntry(
        fs=fs,
        path=path,
        relative=relative,
        shown=shown_path(relative, judge),
        folder=folder,
        size=int(info.get("size") or 0),
        stamp=stamp_of(info),
    )


def _relative(path: str, base: str) -> str:
    found = path[len(base) :].lstrip("/") if path.startswith(base) else path.lstrip("/")
    # A name of bytes that are no UTF-8 has to be stored and shown all the same.
    return found.encode("utf-8", "backslashreplace").decode()


def _static(target: str) -> str:
    """The folder in front of the first wildcard."""
    head = re.split(r"[*?\[]", target, maxsplit=1)[0]
    return head[: head.rfind("/") + 1]
