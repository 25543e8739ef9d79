"""`sladd.yaml`: each fault is one line with file, line and what mends it."""

import os
from pathlib import Path

import pytest

from sladd.config import load_config
from sladd.errors import ConfigError, ManyErrors

GOOD = """
sources:
  shop:
    database: sqlite:///shop.db
keys:
  main: {file: main.key}
releases:
  analytics:
    domain: produktanalyse
    from: [shop]
    expires: 90d
    to: releases/analytics
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "sladd.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_small_configuration_gets_its_defaults(tmp_path):
    """What is not said has a sensible default."""
    config = load_config(write(tmp_path, GOOD))
    release = config.releases["analytics"]
    assert config.languages == ["nb", "nn", "en"]
    assert release.kind == "pseudonymised"
    assert release.leave_out == ["restricted", "objected", "consent_withdrawn"]
    assert release.expires_days == 90
    assert config.path("releases") == tmp_path / "releases"


@pytest.mark.parametrize(
    ("text", "code", "line", "mend"),
    [
        (GOOD.replace("database:", "databse:"), 106, 4, "database"),
        (GOOD.replace("expires: 90d", "expires: soon"), 107, 8, ""),
        (GOOD.replace("releases:", "relases:"), 106, 7, "releases"),
        (GOOD.replace("kind", "kind") + "    kind: anonymous\n", 107, 13, ""),
        ("sources: [", 103, 1, ""),
        ("sources: {}\nsources: {}\n", 104, 2, "keep one"),
        (GOOD.replace("sqlite:///shop.db", "${SLADD_NOT_SET}"), 105, 4, "export SLADD_NOT_SET"),
    ],
)
def test_a_fault_names_line_and_mend(tmp_path, text, code, line, mend):
    """Unknown keys, wrong values and broken YAML point at their line."""
    with pytest.raises(ConfigError) as fault:
        load_config(write(tmp_path, text))
    assert fault.value.code == code
    assert f"line {line}" in fault.value.where
    assert mend in fault.value.mend


def test_many_faults_come_together(tmp_path):
    """A person mends them in one go."""
    text = GOOD.replace("database:", "databse:").replace("domain:", "domane:")
    with pytest.raises(ManyErrors) as fault:
        load_config(write(tmp_path, text))
    assert len(fault.value.errors) >= 3


def test_a_missing_file_says_how_to_begin(tmp_path):
    """`sladd init` is the way out."""
    with pytest.raises(ConfigError, match=r"SLADD-101.*sladd init"):
        load_config(tmp_path / "sladd.yaml")


def test_a_password_with_special_letters_survives_in_a_url(tmp_path, monkeypatch):
    """`@` and `/` in a password are percent-encoded inside the URL."""
    monkeypatch.setenv("SHOP_PASSWORD", "p@ss/w:rd")
    text = GOOD.replace(
        "sqlite:///shop.db", "postgresql+psycopg://reader:${SHOP_PASSWORD}@db.example.org/shop"
    )
    config = load_config(write(tmp_path, text))
    assert "p%40ss%2Fw%3Ard@db.example.org" in str(config.sources["shop"].database)


def test_a_password_of_a_target_survives_in_its_url(tmp_path, monkeypatch):
    """Only the login of a database is encoded: a folder or bucket keeps its slashes."""
    monkeypatch.setenv("SECRET", "p@ss/w:rd")
    for to, wanted in (
        ("postgresql://w:${SECRET}@db.example.org/x\n    schema: s", "w:p%40ss%2Fw%3Ard@db"),
        ("out/${SECRET}/x", "out/p@ss/w:rd/x"),
    ):
        text = GOOD.replace("to: releases/analytics", f"to: {to}")
        release = next(iter(load_config(write(tmp_path, text)).releases.values()))
        assert wanted in release.to


def test_neither_repr_nor_error_shows_a_secret(tmp_path, monkeypatch):
    """A configuration that is printed, or fails, keeps its passwords."""
    monkeypatch.setenv("SHOP_PASSWORD", "hemmelig-canary")
    text = GOOD.replace("sqlite:///shop.db", "postgresql://r:${SHOP_PASSWORD}@db/shop")
    config = load_config(write(tmp_path, text))
    assert "hemmelig-canary" not in repr(config)
    broken = text.replace("    database:", "    views: ${SHOP_PASSWORD}\n    database:")
    with pytest.raises(ConfigError) as fault:
        load_config(write(tmp_path, broken))
    assert "hemmelig-canary" not in str(fault.value)


def test_secrets_are_asked_before_the_environment(tmp_path):
    """A secret store wins over the environment."""
    text = GOOD.replace("sqlite:///shop.db", "${SHOP_URL}")
    asked: list[str] = []

    def secret(name: str) -> str:
        asked.append(name)
        return "sqlite:///from-store.db"

    config = load_config(write(tmp_path, text), secret)
    assert asked == ["SHOP_URL"]
    assert config.sources["shop"].database == "sqlite:///from-store.db"
    assert "SHOP_URL" not in os.environ


def test_a_source_has_exactly_one_kind(tmp_path):
    """Database and files together are refused."""
    text = GOOD.replace("database: sqlite:///shop.db", "database: sqlite:///a\n    files: '*.csv'")
    with pytest.raises(ConfigError, match="exactly one of database, files, documents"):
        load_config(write(tmp_path, text))


def test_norway_is_no_boolean(tmp_path):
    """`region: NO` is a country, as in YAML 1.2."""
    config = load_config(write(tmp_path, GOOD + "region: NO\ncatalog: sqlite:///c.db\n"))
    assert config.region == "NO"
