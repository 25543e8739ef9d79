"""What was not read is told in the reader's language, part by part."""

from __future__ import annotations

from collections import Counter

import pytest

from sladd.model import NotScanned
from sladd.reports.language import language
from sladd.reports.missed import fault, place
from sladd.sources.documents.troubles import WORDS, missed, missed_inside
from sladd.sources.files.part import _WORDS, Losses

NB, EN = language("nb"), language("en")


def english(text: str) -> bool:
    """Whether a line still has words that no Norwegian line has."""
    return bool({"the", "it", "is", "not", "read", "were", "left", "of"} & set(text.split()))


@pytest.mark.parametrize("what", WORDS)
def test_a_document_that_was_not_read_is_told_in_norwegian(what):
    """Reason and remedy of each kind, and a detail that stands beside it."""
    said = missed(what, "mail/mail/file#7f3a.doc", "DOC")
    reason, mend = fault(said, NB)
    assert not english(f"{reason} {mend}")
    assert reason.endswith(" (DOC)") and mend
    assert fault(said, EN)[0] == f"{WORDS[what][1]} (DOC)"


def test_parts_of_documents_are_counted_in_norwegian():
    """One page, and thousands of attachments; the place says that it is parts."""
    lines = list(
        missed_inside("mail/mail", Counter({("scanned", ""): 1, ("kind", "image/x-dwg"): 1234}))
    )
    assert [place(line.where, NB) for line in lines] == [
        "mail/mail · deler av dokumenter (image/x-dwg)",
        "mail/mail · deler av dokumenter",
    ]
    many, one = (fault(line, NB)[0] for line in lines)
    assert many.startswith("1\u00a0234 vedlegg, sider eller pakkede filer: dokumenter av dette")
    assert one == "1 vedlegg, side eller pakket fil: siden er et bilde uten tekst"


@pytest.mark.parametrize("kind", _WORDS)
def test_rows_and_cells_left_out_keep_their_counts(kind):
    """Not the sentence of the code, which several kinds share."""
    losses = Losses()
    losses.add(kind, 1234, row=7)
    reason, mend = fault(losses.warnings("exports/a")[kind], NB)
    assert reason.startswith("1 234 ") and reason.endswith(" (rad 7, …)")
    assert not english(reason) and mend


def test_what_nobody_translated_stays_as_it_was_said():
    """Never nothing: an unknown line of an unknown code is shown in English."""
    item = NotScanned("shop", "the moon is not read · wait", 9999)
    assert fault(item, NB) == ("the moon is not read", "wait")
    assert place("shop · keys between tables", NB) == "shop · nøkler mellom tabellene"
