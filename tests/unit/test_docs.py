"""The documentation tells what the code does: its pages, links, examples and error codes."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from docs import generate
from docs.pages import codes, configuration, errors
from sladd.config import load_config

DOCS = Path(generate.__file__).resolve().parent
ROOT = DOCS.parent
HAND_WRITTEN = [path for path in sorted(DOCS.rglob("*.md")) if path.name not in generate.PAGES]


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def coded() -> list[codes.Coded]:
    """Everything in the source with a code."""
    return codes.collect()


@pytest.fixture(scope="module")
def pages(coded: list[codes.Coded]) -> dict[str, Callable[[], str]]:
    """The generated pages, each made once, and the source read once for all."""
    made = dict(generate.PAGES) | {"errors.md": partial(errors.page, coded)}
    return {name: cache(page) for name, page in made.items()}


@pytest.mark.parametrize("name", generate.PAGES)
def test_reference_page_is_what_the_code_says(
    name: str, pages: dict[str, Callable[[], str]]
) -> None:
    """A page that differs was not generated after the last change: python -m docs.generate."""
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == pages[name]()


def test_check_tells_a_stale_page(tmp_path: Path, pages: dict[str, Callable[[], str]]) -> None:
    """The check finds a page that someone edited, and one that is missing."""
    generate.write(tmp_path, pages)
    assert generate.stale(tmp_path, pages) == []
    (tmp_path / "commands.md").write_text("edited", encoding="utf-8")
    (tmp_path / "policy.md").unlink()
    assert generate.stale(tmp_path, pages) == ["commands.md", "policy.md"]


def test_every_code_has_one_meaning(coded: list[codes.Coded]) -> None:
    """Two folders, or two classes of error, do not share a code."""
    assert codes.clashes(coded) == {}


def test_clash_of_codes_is_seen(tmp_path: Path) -> None:
    """One code for two things in two folders is told, with both."""
    for folder, text in (("sladd/one", "the door is shut"), ("sladd/two", "the lamp is off")):
        module = tmp_path / folder / "module.py"
        module.parent.mkdir(parents=True)
        module.write_text(f'raise SourceError("{text}", code=299)', encoding="utf-8")
    (tmp_path / "sladd" / "errors.py").write_text(
        "class SladdError(Exception): ...\nclass SourceError(SladdError): ...", encoding="utf-8"
    )
    clashes = codes.clashes(codes.collect(tmp_path))
    assert [entry.what for entry in clashes[299]] == ["the door is shut", "the lamp is off"]


def test_every_code_in_the_source_is_collected(coded: list[codes.Coded]) -> None:
    """A code that is written down anywhere in the packages stands in errors.md."""
    known = {each.code for each in coded}
    for package in codes.PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            written = {int(code) for code in re.findall(r"(?:\bcode=|SLADD-)(\d{3})\b", text)}
            assert written <= known, path.relative_to(ROOT)


def test_complete_example_of_the_configuration_loads(tmp_path: Path) -> None:
    """The annotated example is a configuration that sladd accepts."""
    path = tmp_path / "sladd.yaml"
    path.write_bytes(configuration.EXAMPLE.read_bytes())
    config = load_config(
        path, secret=lambda name: "x" if name in {"SHOP_PASSWORD", "VAULT_PASSWORD"} else None
    )
    assert config.releases["analytics"].expires_days == 90
    assert config.releases["analytics"].from_ == ["shop", "exports"]


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=lambda path: str(path.relative_to(DOCS)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and every file named in the code's folders exists."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (page.parent / target).exists(), target
    made_up = {"detectors/norway/member_number.py", "transforms/initial.py"}
    named = set(
        re.findall(r"`((?:sladd|detectors|transforms|flows|tests|data)/[\w/.]+\.py)`", text)
    )
    assert [name for name in sorted(named - made_up) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=lambda path: str(path.relative_to(DOCS)))
def test_named_functions_exist(page: Path) -> None:
    """`function` in `file.py` of the hand-written pages names something of that file."""
    text = page.read_text(encoding="utf-8")
    for name, path in re.findall(r"`(\w+)` \(`([\w/]+\.py)`\)", text):
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b", source, re.MULTILINE), name


def _commands() -> dict[str, set[str]]:
    """Every command with its options, `-h` aside."""
    from typer.main import get_command

    from sladd.cli import app

    found: dict[str, set[str]] = {}

    def walk(group: Any, path: str) -> None:
        for name, command in group.commands.items():
            found[f"{path}{name}"] = {
                option for p in command.params for option in (*p.opts, *p.secondary_opts)
            }
            if hasattr(command, "commands"):
                walk(command, f"{path}{name} ")

    walk(get_command(app), "")
    return found


def _shown() -> Iterator[tuple[Path, str]]:
    """Every `sladd …` of the hand-written pages, in code blocks and between backquotes."""
    for page in HAND_WRITTEN:
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            for line in block.splitlines():
                for part in re.split(r"&&|\||;", line.split("  #")[0]):
                    if part.strip().startswith("sladd "):
                        yield page, part.strip()
        prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
        yield from ((page, found) for found in re.findall(r"`(sladd [^`]+)`", prose))


def test_shown_commands_and_options_exist() -> None:
    """No guide shows a command, or an option of one, that the command line does not have."""
    known = _commands()
    wrong = []
    for page, line in _shown():
        words = line.split()[1:]
        while words and words[0] in {"--debug", "--config", "-c", "--version", "--help"}:
            words = words[2:] if words[0] in {"--config", "-c"} else words[1:]
        if not words:
            continue
        name = next(
            (n for n in (" ".join(words[:3]), " ".join(words[:2]), words[0]) if n in known), None
        )
        options = {w.split("=")[0] for w in words if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", w)}
        if name is None or not options <= known[name] | {"--help", "--debug"}:
            wrong.append(f"{page.name}: {line}")
    assert wrong == []


def _module(name: str, source: str) -> types.ModuleType:
    module = types.ModuleType(name)
    sys.modules[name] = module  # Presidio and dataclasses look a class's module up
    exec(compile(source, name, "exec"), module.__dict__)
    return module


def test_example_recogniser_finds_what_it_says() -> None:
    """The recogniser of extending.md finds numbers with the right check digit only."""
    source = next(b for b in blocks("extending.md", "python") if "MemberNumber" in b)
    module = _module("docs_member_number", source)
    recognizer = module.MemberNumberRecognizer("nb")
    text = "Medlem M-123455 og M-123456."
    found = recognizer.analyze(text, [module.DECLARATION.entity])
    assert [text[r.start : r.end] for r in found] == ["M-123455"]
    assert module.DECLARATION.verify(["M-123455", "M-123456", "x"]).tolist() == [True, False, False]


def test_example_yaml_recogniser_loads(tmp_path: Path) -> None:
    """The YAML of extending.md is one that sladd reads."""
    from detectors.registry import build

    path = tmp_path / "members.yaml"
    path.write_text(blocks("extending.md", "yaml")[0], encoding="utf-8")
    found = build(["nb", "en"], custom=[path]).declarations
    assert [d.category for d in found if d.entity == "MEMBER_NUMBER"] == ["user.unique_id"]


def test_example_transform_does_what_it_says() -> None:
    """The transform of extending.md satisfies the contract and keeps null."""
    from sladd.model import StorageType
    from transforms.contract import Context, Transform

    source = next(b for b in blocks("extending.md", "python") if 'name="initial"' in b)
    module = _module("docs_initial", source)
    assert isinstance(module, Transform)
    context = Context(parameters={}, storage=StorageType.STRING)
    given = pa.array(["Ærlig", None, ""])
    assert module.apply(given, context).to_pylist() == ["Æ", None, ""]


def test_example_transform_by_person_says_the_same_of_one_person() -> None:
    """The second transform of extending.md moves a person's equal ratings alike."""
    from sladd.model import StorageType
    from tests.transform_cases import context_for, made

    source = next(b for b in blocks("extending.md", "python") if 'name="blur"' in b)
    module = _module("docs_blur", source)
    context = context_for(module, {}, StorageType.INTEGER)
    people = [str(n // 2) for n in range(100)]
    out = made(module, pa.array([3] * 100), context, people).to_pylist()
    assert set(out) == {2, 3, 4}
    assert out[::2] == out[1::2]
    assert made(module, pa.array([3, None]), context, [None, "a"]).to_pylist() == [None, None]


@pytest.mark.slow
def test_notebook_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The notebook runs from top to bottom against the samples."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "\n".join(blocks("notebook-pandas.md", "python"))
    namespace: dict[str, Any] = {}
    exec(compile(code, "notebook-pandas.md", "exec"), namespace)
    assert namespace["published"].shape[0] > 0
