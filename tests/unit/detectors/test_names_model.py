"""The names model that ships: what it finds, how it is loaded, and what a user can put in its place."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import spacy

from detectors import engine, ner
from detectors.language_models import OFF, OWN, missing_models, model_of
from detectors.ner import annotated
from detectors.ner.annotated import Annotated, Mention
from detectors.ner.scoring import Scores, score
from detectors.nlp import WordNlpEngine
from detectors.registry import build
from sladd.config import load_config
from sladd.errors import DetectionError, ManyErrors
from sladd.pipeline.bind import bind

SETS = Path(__file__).parents[3] / "benchmarks" / "ner_sets"
LANGUAGES = ("nb", "nn", "en")


def _found(texts: list[Annotated]) -> list[list[Mention]]:
    docs = ner.load().pipe([text.text for text in texts], batch_size=256)
    return [[Mention(e.start_char, e.end_char, e.label_) for e in doc.ents] for doc in docs]


def _scores(name: str, *, lower: bool = False) -> Scores:
    texts = annotated.read(SETS / f"{name}.txt")
    texts = [annotated.lowered(text) for text in texts] if lower else texts
    return score(texts, _found(texts))


@pytest.mark.parametrize(
    ("name", "lower", "f1", "coverage"),
    [
        ("mail", False, 0.90, 0.93),
        ("mail", True, 0.84, 0.88),
        ("foreign", False, 0.90, 0.93),
        ("foreign", True, 0.85, 0.90),
        ("english", False, 0.84, 0.88),
        ("english", True, 0.76, 0.80),
    ],
)
def test_persons_are_found_in_texts_of_every_kind(
    name: str, lower: bool, f1: float, coverage: float
) -> None:
    """F1 of persons and the share wholly covered stay near what the model card states."""
    scores = _scores(name, lower=lower)
    assert scores.f1("PER") >= f1
    assert scores.coverage >= coverage


def test_the_sets_hold_what_their_marks_say() -> None:
    """The counts of texts and persons that the model card names."""
    counts = {}
    for path in sorted(SETS.glob("*.txt")):
        texts = annotated.read(path)
        persons = sum(m.label == "PER" for text in texts for m in text.mentions)
        counts[path.stem] = (len(texts), persons)
        assert all(text.text[m.start : m.end].strip() for text in texts for m in text.mentions)
        assert not any("](" in text.text for text in texts)
    assert counts == {"english": (40, 35), "foreign": (60, 67), "mail": (60, 64)}


def test_no_training_template_is_in_the_sets() -> None:
    """What the model was taught with is not what it is examined with."""
    import re

    folder = Path(ner.__file__).parent / "training" / "messages"
    taught = {
        re.sub(r"\W+", " ", re.sub(r"\{\w+\}", "", line)).strip().lower()
        for path in folder.glob("*.toml")
        for line in path.read_text("utf-8").splitlines()
    }
    taught = {line for line in taught if len(line.split()) > 4}
    asked = [
        re.sub(r"\W+", " ", text.text).lower()
        for path in SETS.glob("*.txt")
        for text in annotated.read(path)
    ]
    assert len(taught) > 150
    assert not [line for line in taught if any(line in text for text in asked)]


def test_the_model_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading and reading work with every connection refused."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    nlp = ner.load.__wrapped__()
    assert [(e.text, e.label_) for e in nlp("Hilsen Kari Nordmann").ents] == [
        ("Kari Nordmann", "PER")
    ]


def test_the_same_text_gives_the_same_names() -> None:
    """Alone, in a batch, in another order and after a fresh load: one answer."""
    texts = [text.text for text in annotated.read(SETS / "mail.txt")]
    nlp, again = ner.load(), ner.load.__wrapped__()

    def names(docs: Any) -> list[list[tuple[str, str]]]:
        return [[(e.text, e.label_) for e in doc.ents] for doc in docs]

    batched = names(nlp.pipe(texts, batch_size=64))
    assert batched == names(map(nlp, texts))
    assert batched == names(again.pipe(texts[::-1], batch_size=7))[::-1]


def test_threads_share_the_model_without_harm() -> None:
    """Prefect judges tables in threads: each gets the names that it would get alone."""
    from concurrent.futures import ThreadPoolExecutor

    texts = [text for path in sorted(SETS.glob("*.txt")) for text in annotated.read(path)]
    parts = [texts[i::6] * 3 for i in range(6)]
    alone = [_found(part) for part in parts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(_found, parts)) == alone


def test_one_pipeline_serves_every_language() -> None:
    """nb, nn and en share one model in memory, and so do two engines."""
    one, other = (WordNlpEngine(LANGUAGES, {}) for _ in range(2))
    one.load()
    other.load()
    assert len({id(one.nlp[language]) for language in LANGUAGES}) == 1
    assert one.nlp["nb"] is other.nlp["en"]


def test_names_are_found_in_texts_without_configuration() -> None:
    """The engine marks persons and places in all three languages."""
    analyzer = engine.analyzer(build(LANGUAGES), LANGUAGES)
    for language, text, name in (
        ("nb", "Pakken ble hentet av Torunn Bakkemo i går.", "Torunn Bakkemo"),
        ("nn", "Eg heiter Leiv Magne Hove og bur i Førde.", "Leiv Magne Hove"),
        ("en", "My name is Rebecca Thornton, and I ordered ten mugs.", "Rebecca Thornton"),
    ):
        spans = engine.spans(analyzer, [text], language)[0]
        assert name in [text[s.start : s.end] for s in spans if s.type == "PERSON"]


def test_reading_is_fast_enough_for_a_scan() -> None:
    """3,000 words a second of CPU time at the least; the benchmark measures three times that."""
    texts = [text.text for text in annotated.read(SETS / "mail.txt")] * 20
    nlp = ner.load()
    list(nlp.pipe(texts[:100]))
    begun = time.process_time()
    list(nlp.pipe(texts, batch_size=256))
    spent = time.process_time() - begun
    assert sum(len(text.split()) for text in texts) / spent > 3_000


def test_training_code_is_not_imported_to_read() -> None:
    """Loading the model imports neither the training code nor floret."""
    code = (
        "import sys; from detectors import ner; ner.load(); "
        "print(any(m.startswith('detectors.ner.training') or m == 'floret' for m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_model_works_in_a_plain_presidio() -> None:
    """Presidio's own provider loads the folder, and its own recogniser finds the person."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    import detectors.ner.words  # noqa: F401 - makes the component known to spaCy

    made = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "nb", "model_name": str(ner.MODEL)}],
            "ner_model_configuration": {
                "model_to_presidio_entity_mapping": {"PER": "PERSON", "LOC": "LOCATION"},
                "labels_to_ignore": ["MISC"],
            },
        }
    ).create_engine()
    registry = RecognizerRegistry(
        [SpacyRecognizer(supported_language="nb")], supported_languages=["nb"]
    )
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=made, supported_languages=["nb"])
    text = "Jeg heter Ragnhild Solbakken."
    found = analyzer.analyze(text, language="nb", entities=["PERSON"])
    assert [text[r.start : r.end] for r in found] == ["Ragnhild Solbakken"]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A spaCy pipeline of someone else: it calls every Frodo a person."""
    nlp = spacy.blank("nb")
    ruler: Any = nlp.add_pipe("entity_ruler", name="ner")
    ruler.add_patterns([{"label": "PER", "pattern": "Frodo"}])
    nlp.to_disk(tmp_path / "tiny")
    return tmp_path / "tiny"


def test_a_model_of_the_configuration_is_used(tiny: Path) -> None:
    """Named for one language, it reads that language; ours reads the others."""
    analyzer = engine.analyzer(build(LANGUAGES), LANGUAGES, {"nb": str(tiny)})
    text = "Vi møtte Frodo. Vi møtte Ezraul Vokthamy der."

    def persons(language: str) -> list[str]:
        spans = engine.spans(analyzer, [text], language)[0]
        return [text[s.start : s.end] for s in spans if s.type == "PERSON"]

    assert persons("nb") == ["Frodo"]
    assert "Ezraul Vokthamy" in persons("nn")


def test_a_folder_is_sought_from_the_configuration(tiny: Path, tmp_path: Path) -> None:
    """A relative path starts where `sladd.yaml` lies, not where the command was started."""
    path = tmp_path / "sladd.yaml"
    path.write_text("languages: [nb]\ndetection:\n  spacy: {nb: tiny}\n", encoding="utf-8")
    spans = bind(path).find_spans(["Frodo kom"])[0]
    assert [span.type for span in spans] == ["PERSON"]


def test_names_can_be_turned_off(tmp_path: Path) -> None:
    """`off` leaves rules only, and YAML does not make a boolean of it."""
    path = tmp_path / "sladd.yaml"
    path.write_text("languages: [nb]\ndetection:\n  spacy: {nb: off}\n", encoding="utf-8")
    assert model_of("nb", load_config(path).detection.spacy) == OFF
    spans = bind(path).find_spans(["Vi møtte Ezraul Vokthamy der. Kari Nordmann, kari@example.no"])[
        0
    ]
    assert [span.type for span in spans] == ["PERSON", "EMAIL_ADDRESS"]


def test_without_configuration_our_model_reads_its_languages() -> None:
    """Languages that it was not made for are read by rules only."""
    assert [model_of(language, {}) for language in (*LANGUAGES, "de")] == [OWN, OWN, OWN, OFF]
    assert not list(missing_models({"nb": OWN, "nn": OFF}))


def test_a_missing_model_fails_loudly(tmp_path: Path) -> None:
    """One line with what mends it and exit code 2, before anything is read."""
    path = tmp_path / "sladd.yaml"
    path.write_text("detection:\n  spacy: {nb: nb_no_such_model}\n", encoding="utf-8")
    with pytest.raises(DetectionError) as caught:
        bind(path)
    assert (caught.value.code, caught.value.exit_code) == (712, 2)
    for part in ("nb_no_such_model", "spacy.nb", "python -m spacy download nb_no_such_model"):
        assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    path.write_text("detection:\n  spacy: {nb: no_model, en: none/here}\n", encoding="utf-8")
    with pytest.raises(ManyErrors, match="none/here"):
        bind(path)


def test_a_missing_model_is_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither spaCy's nor Presidio's download is reached when an engine is made by hand."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a download was started")

    monkeypatch.setattr("spacy.cli.download", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    with pytest.raises(DetectionError, match="SLADD-712"):
        engine.analyzer(build(["nb"]), ["nb"], {"nb": "nb_no_such_model"})


def test_a_folder_that_is_no_model_is_one_clear_line(tmp_path: Path) -> None:
    """Something else than a spaCy model says so, without a trace."""
    (tmp_path / "other").mkdir()
    with pytest.raises(DetectionError, match="SLADD-713") as caught:
        engine.analyzer(build(["nb"]), ["nb"], {"nb": str(tmp_path / "other")})
    assert "\n" not in str(caught.value)
