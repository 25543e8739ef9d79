"""Does a table's first row name its columns, or is it already data?

Which error is worse: a person taken for a header becomes a column *name*, and names are
printed. A header taken for data costs one odd row. So in doubt the row is data.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from sladd.sources.files.naming import NameJudge

_NAME = re.compile(r"[*#$(\[]?[^\W\d][^@;\n\r]{0,79}")  # `*ContactName` must be filled in
_COUNTED = re.compile(r"\d{1,4}[.\s\-_]*(?=[^\W\d])[^@;\n\r]{0,79}")
_PLAIN = re.compile(r"[^\W\d]\w*(?:[.\-:/]\w+)*")
_MARKED = re.compile(
    r"@[a-z]\w*(?:[.\-:]\w+)*"
)  # `@timestamp` of Elasticsearch, `@type` of JSON-LD
_ROW_NUMBER = "#"  # heads the numbers of rows in exports of forms
_STRANGE = 3.0  # one row of data in a thousand would be as new in all its columns
_LONG_DIGITS = re.compile(r"\d{5,}")
_SHAPES = (
    ("number", re.compile(r"[+\-−]?\d[\d \u00a0.,']*%?")),
    ("date", re.compile(r"\d{1,4}[./\-]\d{1,2}[./\-]\d{1,4}([T ].*)?")),
    ("mail", re.compile(r"\S+@\S+")),
    ("address", re.compile(r"(https?://|www\.)\S+|[0-9a-fA-F:.]{7,39}")),
    ("code", re.compile(r"(?=.*\d)[\w+\-/=.#]{6,}")),
)
# Words that head columns in Norwegian and English exports, matched as whole parts of a name.
# fmt: off
_WORDS = frozenset((
    "id", "nr", "no", "num", "number", "nummer", "navn", "name", "fornavn", "etternavn",
    "mellomnavn", "fullname", "firstname", "lastname", "first", "last", "given", "family",
    "surname", "epost", "mail", "email", "e", "telefon", "tlf", "phone", "mobil", "mobile",
    "adresse", "address", "gate", "street", "vei", "postnr", "postnummer", "poststed",
    "postkode", "zip", "postal", "city", "by", "sted", "kommune", "fylke", "land", "country",
    "dato", "date", "tid", "time", "tidspunkt", "opprettet", "created", "endret", "updated",
    "født", "fodt", "fodselsdato", "fødselsdato", "birth", "birthdate", "dob", "alder", "age",
    "kjønn", "kjonn", "gender", "sex", "fnr", "fødselsnummer", "fodselsnummer", "personnummer",
    "ssn", "orgnr", "organisasjonsnummer", "konto", "kontonummer", "account", "iban", "kunde",
    "kundenr", "kundenummer", "customer", "ordre", "ordrenr", "order", "vare", "varenr",
    "varenavn", "produkt", "product", "sku", "pris", "price", "beløp", "belop", "amount", "sum",
    "total", "antall", "quantity", "qty", "mva", "vat", "status", "type", "kode", "code",
    "kategori", "category", "merke", "brand", "farge", "color", "colour", "størrelse",
    "storrelse", "size", "vekt", "weight", "beskrivelse", "description", "kommentar", "comment",
    "notat", "note", "tekst", "text", "tittel", "title", "url", "ip", "key", "nøkkel", "verdi",
    "value", "lønn", "lonn", "salary", "stilling", "avdeling", "department", "firma", "company",
    "selskap", "bedrift", "ansatt", "employee", "user", "bruker", "brukernavn", "username",
    "passord", "password", "session", "lager", "stock", "enhet", "unit", "valuta", "currency",
    "språk", "sprak", "language", "rolle", "role", "gruppe", "group", "måned", "maned", "month",
    "år", "ar", "year", "dag", "day", "uke", "week", "samtykke", "consent", "aktiv", "active",
    "score", "rating", "vurdering", "felt", "kolonne", "kontakt", "contact", "person",
    "merknad", "rabatt", "discount", "betaling", "payment", "levering", "delivery", "faktura",
    "invoice", "butikk", "shop", "store", "referanse", "reference", "ref", "kilde", "source",
    "version", "versjon", "lokasjon", "location", "region", "label", "navn1", "adresse1",
    "adresse2",
))
# fmt: on
_PARTS = re.compile(r"[^\W\d_]+")
_CAMEL = re.compile(r"(?<=[a-zæøå])(?=[A-ZÆØÅ])")


def is_header(first: Sequence[str], rows: Sequence[Sequence[str]], judge: NameJudge) -> bool:
    """Whether `first` names the columns of which `rows` are the values.

    Args:
        first: cells of the first row.
        rows: the rows after it, as many as are at hand; may be empty.
        judge: whether a name is personal; one such cell makes the row data.
    """
    # Spreadsheets break the lines of long headers.
    cells = [" ".join(c.split()) if _names_a_column(c) else c.strip() for c in first]
    given = [cell for cell in cells if cell]
    known = sum(_names_a_column(cell) for cell in given)
    mostly_known = known * 2 >= len(given)
    if not given or any(_is_data(cell, counted=mostly_known) or judge(cell) for cell in given):
        return False
    evidence, unseen = 0, []
    for place, cell in enumerate(cells):
        values = [row[place].strip() for row in rows if place < len(row) and row[place].strip()]
        if not cell or not values:
            continue
        folded = cell.casefold()
        if any(value.casefold() == folded for value in values):
            evidence -= 2  # the cell is one of the column's own values
        elif _shape_of(values) and not _shape(cell):
            evidence += 2
        else:
            unseen.append([row[place].strip() if place < len(row) else "" for row in rows])
    if mostly_known:
        evidence += 2
    elif known or all(_is_identifier(cell) for cell in given):
        evidence += 1
    return evidence + (_newness(unseen) >= _STRANGE) > 0


def column_names(cells: Sequence[str]) -> list[str]:
    """Unique, non-empty column names from a header row."""
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(cells, start=1):
        wanted = " ".join(cell.split()) or f"c{place}"
        name, number = wanted, 1
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name)
        names.append(name)
    return names


def numbered_names(width: int) -> list[str]:
    """`c1…cN`, for a table without a header."""
    return [f"c{place}" for place in range(1, width + 1)]


def _is_data(cell: str, *, counted: bool) -> bool:
    """Whether a cell can be no column's name.

    Args:
        cell: of the first row.
        counted: most of the row is known to name columns; then a name may begin with a small
            number or with `@`, which else begins somebody's handle.
    """
    if cell == _ROW_NUMBER or (counted and _MARKED.fullmatch(cell)):
        return False
    named = _NAME.fullmatch(cell) or (counted and _COUNTED.fullmatch(cell))
    if "@" in cell or _LONG_DIGITS.search(cell) or not named:
        return True
    return any(p.fullmatch(cell) for kind, p in _SHAPES if kind in {"number", "date", "mail"})


def _newness(columns: Sequence[Sequence[str]]) -> float:
    """How odd it is that one more row has none of the columns' values, in powers of ten.

    Of the next cell, the share that is new is about that of the values seen once (Good 1953,
    "The population frequencies of species", Biometrika 40: 237-264). A column that follows from
    one before it, as a county from its town, is as new as that one and says nothing more.

    Args:
        columns: shape (columns, rows), row by row beside each other; "" for an empty cell.
    """
    odd, counted = 0.0, list[Sequence[str]]()
    for column in columns:
        times = Counter(cell for cell in column if cell)
        if any(_follows(column, other) or _follows(other, column) for other in counted):
            continue
        once = sum(number == 1 for number in times.values())
        odd += math.log10((times.total() + 1) / (once + 1))
        counted.append(column)
    return odd


def _follows(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each cell of `other` has one and the same cell of `one` beside it."""
    return len(set(zip(one, other, strict=True))) == len(set(other)) and len(set(one)) > 1


def _is_identifier(cell: str) -> bool:
    return bool(_PLAIN.fullmatch(cell)) and (cell.islower() or cell.isupper())


def _shape(cell: str) -> str:
    return next((kind for kind, pattern in _SHAPES if pattern.fullmatch(cell)), "")


def _shape_of(values: Sequence[str]) -> str:
    """The shape that nearly all values share."""
    for kind, pattern in _SHAPES:
        if sum(bool(pattern.fullmatch(value)) for value in values) >= 0.9 * len(values):
            return kind
    return ""


def _names_a_column(cell: str) -> bool:
    parts = [part.casefold() for part in _PARTS.findall(_CAMEL.sub(" ", cell))]
    return any(part in _WORDS for part in parts)
