"""A thousand mails: read by the children, scanned in full, scanned again, published redacted.

The texts repeat nothing, so that no answer is remembered. No language model is named.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from benchmarks import project
from benchmarks.result import Measure

MAILS = 1_000
_SENTENCES = (
    "Hei, pakken er ikke kommet, og jeg har ventet i to uker.",
    "Kan dere ringe meg på {phone} i løpet av dagen?",
    "Fakturaen skal sendes til {email}, ikke til meg.",
    "Fargen på koppene er en annen enn på bildet.",
    "Vi skal ha sommerfest, så det haster litt med trykket.",
)


def run(rows: int, folder: Path) -> tuple[Measure, ...]:  # noqa: ARG001 - mails, not rows
    """Mails a second of wall time; the children and this process share the cores."""
    from sladd.pipeline.discover import discover
    from sladd.pipeline.publish import publish

    mails = [_mail(number) for number in range(MAILS)]
    post = folder / "project" / "post"
    post.mkdir(parents=True)
    for number, mail in enumerate(mails):
        (post / f"{number}.eml").write_bytes(mail)
    settings = {
        "sources": {"mail": {"documents": "post/*.eml"}},
        "releases": {
            "redacted": {
                "domain": "benchmark",
                "from": ["mail"],
                "rules": [{"field": "mail/post.text", "transform": "redact_text"}],
                "to": "releases/redacted",
            }
        },
    }
    bound = project.ready(project.make(folder / "project", settings))
    discover(bound, full=True)  # warms up Presidio
    (plain,) = _rates(lambda: [message_from_bytes(m).get_payload(decode=True) for m in mails])
    reading, scan, again, made = _rates(
        lambda: _read(folder / "project"),
        lambda: discover(bound, full=True),
        lambda: discover(bound),
        lambda: publish(bound, "redacted"),
    )
    return (
        Measure(
            "mails read in child processes", reading, "mails/s", plain, "parsed in this process"
        ),
        Measure("mails scanned, every text", scan, "mails/s"),
        Measure("mails looked at again, unchanged", again, "mails/s"),
        Measure("mails published redacted, gate included", made, "mails/s"),
    )


def _rates(*jobs: Callable[[], object]) -> list[float]:
    found = []
    for job in jobs:
        begun = time.perf_counter()
        job()
        found.append(MAILS / (time.perf_counter() - begun))
    return found


def _read(root: Path) -> None:
    from contextlib import closing

    from sladd.sources.documents.source import DocumentsSource

    with closing(DocumentsSource("mail", ["post/*.eml"], root=root)) as source:
        source.sample(source.tables()[0], rows=0)


def _mail(number: int) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"] = f"Kunde Nr {number} <kunde{number}@example.no>"
    made["To"] = "Kundeservice <post@butikk.example.no>"
    made["Subject"] = f"Ordre {45_230_000 + number}"
    made["Date"] = "Mon, 03 Nov 2025 09:12:00 +0100"
    slots = {"phone": f"4{number:07d}", "email": f"regnskap{number}@example.org"}
    lines = [f"Ordre {number}."]
    lines += [_SENTENCES[(number + i) % 5].format(**slots) for i in range(5 + number % 20)]
    made.set_content("\n".join(lines) + "\n")
    return made.as_bytes()
