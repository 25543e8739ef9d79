"""The spreadsheet: employees on one sheet, a price list without people on the other."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl

from .draws import stream
from .numbers import account_number, ean
from .plan import Plan
from .staff import JOBS, work_email

_CREATED = datetime(2026, 1, 6, 8, 0, 0)  # noqa: DTZ001 - a fixed date, for equal files


def write_workbook(path: Path, plan: Plan) -> None:
    """Write `ansatte.xlsx`."""
    staff = plan.employees
    rng = stream(plan.seed, "exports/ansatte")
    draws = rng.integers(0, 2**40, len(staff)).tolist()
    book = openpyxl.Workbook()
    del book["Sheet"]
    people = book.create_sheet("Ansatte")
    people.append(
        ["Ansattnr", "Navn", "Født", "Stilling", "Mobil", "E-post", "Månedslønn", "Kontonr"]
    )
    for i, draw in enumerate(draws):
        job, _, salary = JOBS[draw % len(JOBS)]
        pay = salary + draw % 160 * 100
        people.append(
            [
                i + 1,
                staff.name(i),
                staff.birthday(i),
                job,
                staff.mobile(i, 50),
                work_email(plan, i),
                pay,
                account_number(draw // 160),
            ]
        )
    prices = book.create_sheet("Prisliste")
    prices.append(["Varenr", "Navn", "Kode", "Pris", "Sesong", "Antall", "EAN"])
    for product in plan.products:
        draw = int(rng.integers(0, 10**9))
        prices.append(
            [
                300000 + product.id * 7,
                product.name,
                product.sku,
                product.price_ore / 100,
                2019 + draw % 8,
                draw % 500,
                ean(draw),
            ]
        )
    book.properties.created = book.properties.modified = _CREATED
    _save_without_time(book, path)


def _save_without_time(book: openpyxl.Workbook, path: Path) -> None:
    """Save so that equal rows give equal bytes: XLSX is a ZIP, and that holds file times."""
    memory = io.BytesIO()
    book.save(memory)
    with zipfile.ZipFile(memory) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            info = zipfile.ZipInfo(entry.filename, _CREATED.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                # openpyxl sets `modified` to now when it saves, whatever it was told.
                content = _fixed_modified(content)
            target.writestr(info, content)


def _fixed_modified(content: bytes) -> bytes:
    before, _, rest = content.partition(b"<dcterms:modified")
    start, _, after = rest.partition(b">")
    _, _, end = after.partition(b"</dcterms:modified>")
    stamp = f"{_CREATED:%Y-%m-%dT%H:%M:%SZ}".encode()
    return b"".join((before, b"<dcterms:modified", start, b">", stamp, b"</dcterms:modified>", end))
