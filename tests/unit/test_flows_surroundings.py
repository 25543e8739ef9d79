"""What stands around every flow, without a server: the border, keys of artifacts, the settings."""

from __future__ import annotations

import importlib.util
import re
import traceback
from pathlib import Path

import pytest
import yaml

from flows.surroundings import artifact_key, border, prepare
from sladd.errors import ManyErrors, SladdError, SourceError

ROOT = Path(__file__).resolve().parents[2]
CANARY = "kari.nordmann@example.no"


def crossing(fault: Exception) -> SladdError:
    """What comes out of the border when this is raised inside."""
    with pytest.raises(SladdError) as caught, border():
        raise fault from KeyError(CANARY)
    return caught.value


@pytest.mark.parametrize(
    "fault",
    [
        ValueError(CANARY),
        ExceptionGroup(CANARY, [ValueError(CANARY)]),
        SourceError("the table cannot be read", code=219),
        ManyErrors([SourceError("one", code=201), SourceError("two", code=202)]),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_no_text_of_a_foreign_exception_crosses(fault: Exception) -> None:
    """Neither the message nor the printed trace, which would tell the cause as well."""
    out = crossing(fault)
    assert CANARY not in str(out) + repr(out)
    assert CANARY not in "".join(traceback.format_exception(out))


def test_our_own_errors_cross_as_they_are() -> None:
    """The code and the exit code reach the command line."""
    fault = SourceError("the table cannot be read", code=219)
    assert crossing(fault) is fault
    assert crossing(ValueError(CANARY)).code == 999


def test_keys_of_artifacts_are_what_prefect_takes_and_stay_apart() -> None:
    """Lower case, digits and dashes; two sources never share an artifact."""
    names = ["shop", "Shop", "kjøp", "kjåp", "a_b", "a-b", "a b", "æ", "-a"]
    keys = [artifact_key("source", name) for name in names]
    assert keys[0] == "sladd-source-shop"
    assert len(set(keys)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


def test_settings_of_the_user_win(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says already is left alone, what it lacks is set."""
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    monkeypatch.setenv("DO_NOT_TRACK", "0")
    monkeypatch.delenv("DO_NOT_TRACK")
    prepare()
    import os

    assert os.environ["PREFECT_LOGGING_LEVEL"] == "DEBUG"
    assert os.environ["DO_NOT_TRACK"] == "1"


def test_every_deployment_names_a_module_that_is_there() -> None:
    """A worker imports the flow from the installed package, so it is no path of a checkout."""
    deployments = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))["deployments"]
    assert {each["name"] for each in deployments} == {
        "nightly",
        "full-monthly",
        "analytics-weekly",
        "weekly",
        "again",
    }
    for each in deployments:
        module, _, function = each["entrypoint"].rpartition(".")
        spec = importlib.util.find_spec(module)
        assert spec is not None, each["entrypoint"]
        assert spec.origin is not None
        assert f"def {function}(" in Path(spec.origin).read_text("utf-8")
