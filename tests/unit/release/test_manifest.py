"""The manifest: one canonical form, and nothing hostile gets through."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from sladd.errors import GateError
from sladd.release import (
    Manifest,
    current_version,
    dump_public_key,
    dumps,
    fingerprint,
    label,
    load_public_key,
    loads,
    read_manifest,
    resolve,
    sign,
    verify,
    version_id,
)
from sladd.release.paths import is_safe, table_folder

GOLDEN = Path(__file__).parents[2] / "golden" / "manifest.json"


def golden() -> dict:
    return json.loads(GOLDEN.read_bytes())


def test_golden_manifest_reads_and_writes_to_the_same_bytes():
    """The format is a promise: the file of an earlier build gives back its own bytes."""
    assert dumps(loads(GOLDEN.read_bytes())) == GOLDEN.read_bytes()


def test_golden_manifest_holds_every_key_of_the_contract():
    """DESIGN §5 names the keys that others read."""
    raw = golden()
    top = (
        "format release version kind label created as_of domain purpose recipients policy_sha256"
        " key_id snapshot tables left_out dropped risk gate expires sladd_version consistency"
        " foreign_keys counts"
    )
    assert set(top.split()) <= set(raw)
    table = raw["tables"][0]
    assert {"name", "rows_in", "rows_out", "files", "columns"} <= set(table)
    assert {"path", "sha256"} <= set(table["files"][0])
    assert {"name", "type", "category", "transform", "parameters"} <= set(table["columns"][0])


def test_order_of_free_mappings_does_not_reach_the_bytes():
    """Two callers that fill the same parameters in another order sign the same bytes."""
    one, other = golden(), golden()
    one["tables"][0]["columns"][0]["parameters"] = {"b": {"y": 1, "x": [2]}, "a": 2}
    other["tables"][0]["columns"][0]["parameters"] = {"a": 2, "b": {"x": [2], "y": 1}}
    assert dumps(Manifest(**one)) == dumps(Manifest(**other))


def test_time_zone_of_created_is_utc_in_the_file():
    """`Z` stands in the file, so that two readers see one time."""
    assert b'"created": "2026-11-22T10:11:12Z"' in dumps(Manifest(**golden()))


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("orders/part-00.parquet", True),
        ("bestillinger%20æøå/part-00.parquet", True),
        ("/etc/passwd", False),
        ("../other/file", False),
        ("orders/../../x", False),
        ("orders//x", False),
        ("./x", False),
        ("a\\b", False),
        ("C:x", False),
        ("a\nb", False),
        ("a*", False),
        ("", False),
    ],
)
def test_paths_that_leave_the_release_are_refused(path, safe):
    """A manifest is input: it names files inside its own folder or is not read."""
    raw = golden()
    raw["tables"][0]["files"][0]["path"] = path
    assert is_safe(path) is safe
    if safe:
        assert loads(json.dumps(raw).encode()).tables[0].files[0].path == path
    else:
        with pytest.raises(GateError) as error:
            loads(json.dumps(raw).encode())
        assert error.value.code == 603
        assert "passwd" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", 601),
        (b"[]", 601),
        (b"\xff\xfe", 601),
        (b"[" * 100_000, 601),
        (b"{}", 602),
        (b'{"format": 2}', 602),
        (b'{"format": true}', 602),
        (b'{"format": "1"}', 602),
        (b'{"format": 1}', 603),
    ],
)
def test_what_is_no_manifest_is_one_error(data, code):
    """Each kind of wrong file has its code and its advice."""
    with pytest.raises(GateError) as error:
        loads(data)
    assert error.value.code == code
    assert error.value.mend
    assert "\n" not in str(error.value)


def test_keys_of_a_later_version_are_passed_over():
    """A key added within format 1 does not stop an older reader."""
    assert loads(json.dumps({**golden(), "later": 1}).encode()).release == golden()["release"]


def test_signature_holds_for_exactly_these_bytes_and_this_key(builder):
    """One changed byte, another key or a mangled signature is no signature."""
    data, key = b"manifest", builder.KEY
    public = load_public_key(dump_public_key(key.public_key()))
    other = builder.Ed25519PrivateKey.generate()
    assert verify(data, sign(data, key), public)
    assert not verify(data + b" ", sign(data, key), public)
    assert not verify(data, sign(data, other), public)
    assert not verify(data, b"not base64!", public)
    assert not verify(data, b"", public)
    assert fingerprint(public) == fingerprint(key.public_key()) != fingerprint(other.public_key())


def test_public_key_that_is_none_is_an_error():
    """A file that is no key is told, not passed on to a library's trace."""
    with pytest.raises(GateError) as error:
        load_public_key(b"-----BEGIN NOTHING-----")
    assert error.value.code == 604


def test_version_ids_sort_by_time_and_are_utc():
    """Sorting the folders by name sorts them by time, whatever zone the caller is in."""
    start = datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)
    oslo = start.astimezone(timezone(timedelta(hours=1)))
    ids = [version_id(start + timedelta(seconds=s), "ab12") for s in (0, 1, 60, 86_400)]
    assert ids == sorted(ids)
    assert version_id(oslo, "ab12") == "20261122T101112Z-ab12"
    assert version_id(start) != version_id(start)
    with pytest.raises(ValueError, match="zone"):
        version_id(datetime(2026, 1, 1))


def test_labels_say_what_the_law_says():
    """Pseudonymised data are personal data; nothing is called anonymised on its own."""
    assert "still personal data" in label("pseudonymised")
    assert "fortsatt personopplysninger" in label("pseudonymised", "nb")
    assert "candidate" in label("anonymised")


def test_table_folders_are_safe_and_never_shared():
    """Whatever a table is called, its folder is a plain name of its own."""
    names = ["orders", "a b", "a_b", "a%20b", "../x", "", ".", "..", '"><script>', "æøå", "a/b",
             "manifest.json", "x" * 300, "x" * 299 + "y", "ø" * 300]  # fmt: skip
    folders = [table_folder(name) for name in names]
    assert len(set(folders)) == len(names)
    assert all(is_safe(f) and "/" not in f and len(f.encode()) <= 220 for f in folders)


def test_latest_that_leads_elsewhere_is_refused(tmp_path, builder):
    """A link out of the target is not followed."""
    builder.publish(tmp_path / "r")
    (tmp_path / "r" / "latest").unlink()
    (tmp_path / "r" / "latest").symlink_to("/etc")
    with pytest.raises(GateError) as error:
        read_manifest(tmp_path / "r")
    assert error.value.code == 603


@pytest.mark.parametrize("content", ["{}", "no json", '{"version": "../x"}', '{"version": 3}'])
def test_latest_file_that_leads_elsewhere_is_refused(tmp_path, content):
    """The file that stands in for the link is checked like the link."""
    (tmp_path / "latest.json").write_text(content)
    with pytest.raises(GateError) as error:
        current_version(tmp_path)
    assert error.value.code == 603


def test_release_is_found_from_any_of_its_names(tmp_path, builder):
    """Folder, link, version and manifest lead to the same place; nothing leads to advice."""
    folder = builder.publish(tmp_path / "r")
    for path in (folder, folder / "manifest.json", tmp_path / "r", tmp_path / "r" / "latest"):
        assert resolve(path).resolve() == folder.resolve()
    with pytest.raises(GateError) as error:
        resolve(tmp_path)
    assert error.value.code == 600
