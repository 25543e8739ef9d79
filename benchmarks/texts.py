"""Free text read by rules, against Presidio's own engine with the same recognisers."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from benchmarks.data import SEED
from benchmarks.measure import cpu_seconds, in_turns
from benchmarks.result import Goal, Measure
from data.samples.generator.draws import stream
from data.samples.generator.people import draw_people
from data.samples.generator.seeds import load_seeds

MOST = 3_000
LANGUAGES = ("nb", "nn", "en")
FASTER = Goal(1.5, kind="at least")
_ABOUT_PERSONS = (
    "Hei, jeg heter {name} og venter på ordre {order}. Ring meg på {phone}. Mvh {given}",
    "Kan dere sende til {street}, {postcode} {city} i stedet? Hilsen {given} {order}",
    "Kunden {name} ({email}) ønsker ny faktura, nås på {phone} etter kl 16. Sak {order}.",
    "Fra: {name} <{email}>\nEmne: Korrektur {order}\n\nSer bra ut, kjør på.\n\n{given}",
)
_OTHERS = (
    "Leveres på døra, tur {order}. Sett pakken ved inngangen hvis ingen åpner.",
    "Krusene ble veldig fine, men fargen på logoen er mørkere enn på skissen. {order} stk.",
    "Trenger 40 hettegensere i str S til XXL innen 17. mai, trykk foran og bak. Pris? ({order})",
    "Please deliver before noon, the reception closes early on Fridays. Thanks {order}!",
)


def messages(count: int) -> list[str]:
    """Distinct messages of a shop, half of them about a person."""
    people = draw_people(load_seeds(), SEED, "benchmark/texts", count)
    rng = stream(SEED, "benchmark/texts")
    order = rng.permutation(900_000)[:count] + 100_000
    made = []
    for i in range(len(people)):
        templates = _ABOUT_PERSONS if i % 2 else _OTHERS
        made.append(
            templates[i // 2 % 4].format(
                name=people.name(i),
                given=people.given_name(i),
                email=people.email(i),
                phone=people.mobile(i),
                street=people.street_line(i),
                postcode=people.postal_code(i),
                city=people.city(i),
                order=order[i],
            )
        )
    return made


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - writes nothing
    """Texts a second of processor time: spans, and a whole redaction of a column."""
    from presidio_analyzer import BatchAnalyzerEngine

    from detectors import engine
    from detectors.registry import build
    from detectors.texts.known import with_known
    from sladd.model import StorageType
    from transforms import Context, redact_text

    texts = messages(min(rows, MOST))
    analyzer = engine.analyzer(build(LANGUAGES), LANGUAGES, dict.fromkeys(LANGUAGES, "off"))
    finder = engine.Finder(analyzer, LANGUAGES, model=False)
    batches = BatchAnalyzerEngine(analyzer)
    context = Context({}, StorageType.STRING, find_spans=finder, find_known=with_known)
    column = pa.array(texts)
    plain, ours, redacted = in_turns(
        3,
        lambda: cpu_seconds(lambda: batches.analyze_iterator(texts, language="nb", batch_size=256)),
        lambda: cpu_seconds(lambda: finder(texts)),
        lambda: cpu_seconds(lambda: redact_text.apply(column, context)),
    )
    count = len(texts)
    return (
        Measure(
            what=f"spans in {count:,} texts by rules",
            value=count / ours,
            unit="texts/s",
            floor=count / plain,
            floor_is="Presidio's engine, same recognisers",
            goal=FASTER,
        ),
        Measure(what="the same, redacted", value=count / redacted, unit="texts/s"),
    )
