"""A key is never seen: not by printing, logging, pickling, a trace with locals, or `ps`."""

from __future__ import annotations

import base64
import copy
import io
import logging
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pyarrow as pa
import pytest

from sladd.config import KeyConfig, load_config
from sladd.errors import KeyringError, SladdError
from sladd.keyring import (
    Keyring,
    MasterKey,
    add_version,
    backup,
    confirm,
    create_key_file,
    providers,
    retire_version,
)
from sladd.keyring.keys import Secret
from sladd.model import StorageType
from transforms import encrypt, format_preserving, pseudonym
from transforms.contract import Context

SECRET = bytes(range(100, 132))
ENCODED = base64.b64encode(SECRET).decode()
MASTER = MasterKey(SECRET, name="main", version=1)
DERIVED = MASTER.derive("d", "email")


def _shown(text: str, *secrets: bytes) -> list[str]:
    """Spellings of the secrets that stand in a text."""
    every = [s for secret in (SECRET, *secrets) for s in _spellings(secret)]
    return [spelling for spelling in every if spelling in text]


def _spellings(secret: bytes) -> Iterator[str]:
    yield secret.hex()
    yield base64.b64encode(secret).decode()
    yield base64.b64encode(secret).decode()[:20]
    yield repr(secret)[2:-1]
    yield str(list(secret))
    yield str(int.from_bytes(secret, "big"))


HOLDERS = [MASTER, DERIVED, MASTER.lookup_key("d", "email"), Secret(SECRET)]


@pytest.mark.parametrize("key", HOLDERS, ids=lambda key: type(key).__name__)
def test_a_key_is_not_printed(key: Secret) -> None:
    """repr, str, f-strings of every kind, and inside of containers."""
    text = f"{key} {key!r} {key!s} {[key]} { {'k': key} } " + "%s %r" % (key, key)  # noqa: UP031
    assert _shown(text, key.reveal()) == []


@pytest.mark.parametrize("key", HOLDERS, ids=lambda key: type(key).__name__)
def test_a_key_is_not_serialised(key: Secret) -> None:
    """Neither by any protocol of pickle, nor by a copy."""
    attempts: list[Callable[[], object]] = [
        *(lambda n=n: pickle.dumps(key, n) for n in range(pickle.HIGHEST_PROTOCOL + 1)),
        lambda: copy.copy(key),
        lambda: copy.deepcopy({"k": key}),
    ]
    for attempt in attempts:
        with pytest.raises(TypeError) as caught:
            attempt()
        assert _shown(str(caught.value), key.reveal()) == []


@pytest.mark.parametrize("key", HOLDERS, ids=lambda key: type(key).__name__)
def test_a_key_is_not_logged(key: Secret) -> None:
    """By arguments, by `extra`, by a formatter that writes every attribute of the record."""
    stream = io.StringIO()
    logger = logging.getLogger("sladd.test.secrets")
    logger.propagate = False
    handler = logging.StreamHandler(stream)
    handler.format = lambda record: str(record.__dict__) + record.getMessage()  # type: ignore[method-assign]
    logger.addHandler(handler)
    logger.warning("key %s %r", key, key, extra={"key": key})
    logger.removeHandler(handler)
    assert stream.getvalue()
    assert _shown(stream.getvalue(), key.reveal()) == []


def _trace(fault: BaseException) -> str:
    """A trace as error trackers send it: with the local variables of every frame."""
    told = traceback.TracebackException.from_exception(fault, capture_locals=True)
    held = []
    chain: BaseException | None = fault
    while chain is not None:
        held.append(f"{chain!r} {vars(chain)}")
        chain = chain.__cause__ or chain.__context__
    return "".join(told.format()) + str(held)


BAD_FILES = {
    "no base64 behind": f"v1 {ENCODED}\nv2 nonsense\n",
    "too long": f"v1 {ENCODED}\nv2 {ENCODED}{ENCODED}\n",
    "one byte short": "v1 " + base64.b64encode(SECRET[:31]).decode() + "\n",
    "a version twice": f"v1 {ENCODED}\nv1 {ENCODED}\n",
    "no line of a key": f"{ENCODED}\n",
    "no text": f"v1 {ENCODED}\n\udcff",
    "whole": f"v1 {ENCODED}\n",
}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key file with the secret."""
    path = tmp_path / "keys" / "main.key"
    create_key_file(path)
    path.write_text(f"v1 {ENCODED}\n")
    return path


@pytest.mark.parametrize("bad", BAD_FILES)
def test_a_trace_with_locals_holds_no_key(key: Path, bad: str, tmp_path: Path) -> None:
    """Whatever is wrong with the file, and whatever was asked of it."""
    key.write_bytes(BAD_FILES[bad].encode("utf-8", "surrogateescape"))
    keyring = Keyring({"main": KeyConfig(file=str(key))}, root=tmp_path)
    copied = tmp_path / "copy.key"
    copied.write_text(f"v1 {base64.b64encode(SECRET[::-1]).decode()}\n")
    asked: list[Callable[[], object]] = [
        lambda: keyring.master("main", 7),
        lambda: keyring.versions("main") if bad != "whole" else keyring.master("main", 9),
        lambda: retire_version(key, 9),
        lambda: retire_version(key, 1),
        lambda: confirm(key, copied, None),  # type: ignore[arg-type]
        lambda: confirm(copied, key, None),  # type: ignore[arg-type]
    ]
    if bad != "whole":
        asked += [lambda: add_version(key)]
    for each in asked:
        with pytest.raises(KeyringError) as caught:
            each()
        assert _shown(_trace(caught.value), SECRET[::-1], SECRET[:31]) == []


def test_a_full_disk_while_a_key_is_written_shows_nothing(
    key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of the whole file is in memory then."""

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    for work in (lambda: add_version(key), lambda: create_key_file(key.with_name("other.key"))):
        with pytest.raises((KeyringError, OSError)) as caught:
            work()
        assert _shown(_trace(caught.value)) == []
    (key.parent / "main.key.backup.json").write_text("{}")
    assert backup(key) is None


BAD_VALUES = (ENCODED + "x", ENCODED[:-4], ENCODED * 2)


@pytest.mark.parametrize("number", range(len(BAD_VALUES)))
def test_an_environment_variable_that_is_no_key_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """It may be nearly one."""
    keyring = Keyring({"main": KeyConfig(env="SLADD_T_KEY")}, root=tmp_path)
    monkeypatch.setenv("SLADD_T_KEY", BAD_VALUES[number])
    with pytest.raises(KeyringError) as caught:
        keyring.master("main")
    assert _shown(_trace(caught.value)) == []


def _entry(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    point = EntryPoint(name, f"{__name__}:{name}", providers.ENTRY_POINTS)
    monkeypatch.setattr(providers, "entry_points", lambda group: [point])
    sys.modules.setdefault(__name__, sys.modules[__name__])


def failing(options: dict[str, str]) -> dict[int, bytes]:
    """A provider whose client quotes what it fetched."""
    secret = SECRET
    raise RuntimeError(f"bad response {secret!r} for {options}")


def giving(options: dict[str, str]) -> dict[int, bytes]:
    """A provider that works."""
    return {1: SECRET, 2: SECRET[::-1]}


def short(options: dict[str, str]) -> dict[int, bytes]:
    """A provider that gives one good version and one that is none."""
    return {1: SECRET, 2: SECRET[:31]}


@pytest.mark.parametrize("provider", ["failing", "short"])
def test_a_provider_that_fails_leaves_no_key_in_the_trace(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, provider: str
) -> None:
    """Its own frames and its own words are left behind."""
    _entry(monkeypatch, provider)
    keyring = Keyring(
        {"main": KeyConfig(provider=provider, options={"token": "t0k3n"})}, root=tmp_path
    )
    with pytest.raises(KeyringError) as caught:
        keyring.master("main")
    assert _shown(_trace(caught.value), SECRET[:31]) == []


def test_a_provider_gives_every_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Also through the shield."""
    _entry(monkeypatch, "giving")
    keyring = Keyring({"main": KeyConfig(provider="giving")}, root=tmp_path)
    assert keyring.versions("main") == (1, 2)
    assert keyring.master("main", 1).reveal() == SECRET


@pytest.mark.parametrize(
    "transform", [pseudonym, encrypt, format_preserving], ids=lambda t: t.SPEC.name
)
def test_a_transform_that_fails_shows_no_key(transform: object) -> None:
    """A trace with locals through `apply`, where the key is at hand."""
    context = Context(
        parameters={"bits": "no number"},
        storage=StorageType.STRING,
        key=DERIVED,
        canonical="no such",
    )
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any fault will do
        transform.apply(pa.array(["kari@example.no"]), context)  # type: ignore[attr-defined]
    assert _shown(_trace(caught.value), DERIVED.reveal()) == []


def test_the_configuration_holds_places_and_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what is printed of it nor what is dumped, which is what flows and plug-ins see."""
    monkeypatch.setenv("SLADD_T_KEY", ENCODED)
    monkeypatch.setenv("SLADD_T_TOKEN", "t0k3n-of-the-kms")
    path = tmp_path / "sladd.yaml"
    path.write_text(
        "keys:\n  main: {env: SLADD_T_KEY}\n"
        "  kms: {provider: x, options: {token: '${SLADD_T_TOKEN}'}}\n"
        "sources: {s: {files: x.csv}}\n"
        "releases:\n  r: {domain: d, from: [s], to: out,"
        " vault: {store: 'postgresql://v:${SLADD_T_TOKEN}@h/v'}}\n"
    )
    config = load_config(path)
    assert _shown(f"{config!r} {config.model_dump()} {config.model_dump_json()}") == []
    assert "t0k3n-of-the-kms" not in repr(config)


def test_an_error_crosses_a_process_border_without_a_key(key: Path, tmp_path: Path) -> None:
    """What Prefect and Dask pickle of it."""
    keyring = Keyring({"main": KeyConfig(file=str(key))}, root=tmp_path)
    with pytest.raises(SladdError) as caught:
        keyring.master("main", 3)
    sent = pickle.dumps(caught.value)
    assert SECRET not in sent
    assert ENCODED.encode() not in sent
