"""Employees with their pay, and suppliers."""

from __future__ import annotations

from collections.abc import Iterator

from .draws import stream
from .numbers import account_number, national_number, organisation_number
from .plan import OPENED, TODAY, Plan, days
from .products import Rows
from .seeds import fold

JOBS = (
    ("Lagermedarbeider", "Lager", 36_500), ("Selger", "Salg", 44_000),
    ("Kundebehandler", "Kundeservice", 38_000), ("Trykkoperatør", "Produksjon", 39_500),
    ("Grafisk designer", "Produksjon", 45_000), ("Regnskapsmedarbeider", "Økonomi", 46_500),
    ("Utvikler", "IT", 61_000), ("Butikkmedarbeider", "Butikk", 34_500),
    ("Avdelingsleder", "Salg", 58_000), ("HR-rådgiver", "Økonomi", 52_000),
)  # fmt: skip
_TRADES = ("Tekstil", "Emballasje", "Trykk", "Frakt", "Gaver", "Brodering", "Import", "Reklame")
_PLACES = ("Fjordby", "Lillevik", "Storvik", "Nordholm", "Sørheim", "Vestby", "Granvoll", "Elvran")
_MAILBOXES = ("post", "faktura", "ordre", "firmapost", "salg", "kundeservice", "info")
# Published examples of organisation numbers (the register's own among them): see SOURCES.md.
_PUBLISHED_NUMBERS = ("974760673", "974761076", "988077917")


def national_id(plan: Plan, i: int) -> str:
    """The synthetic national number of one employee; one in twenty has a D number."""
    staff = plan.employees
    return national_number(
        staff.birthday(i),
        int(staff.phone[i]) % 500,
        female=bool(staff.female[i]),
        temporary=int(staff.phone[i]) % 20 == 0,
    )


def work_email(plan: Plan, i: int) -> str:
    """An address at the shop."""
    staff = plan.employees
    surname = staff.family_name(i).split(" ")[-1]
    return f"{fold(staff.called(i))}.{fold(surname)}@butikken.example.no"


def staff_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Employees and two months of pay."""
    rng = stream(plan.seed, "staff")
    staff = plan.employees
    count = len(staff)
    hired = days(rng.integers(OPENED - 12 * 365 * 86_400, TODAY, count))
    union = (rng.random(count) < 0.45).tolist()
    jobs = rng.integers(0, len(JOBS), count).tolist()
    draws = rng.integers(0, 2**40, count).tolist()
    employees: Rows = []
    pay: Rows = []
    for i in range(count):
        title, department, salary = JOBS[jobs[i]]
        number = national_id(plan, i)
        employees.append(
            (
                i + 1,
                int(number),  # as many HR systems do, and lose the leading zero
                staff.given_name(i),
                staff.family_name(i),
                work_email(plan, i),
                staff.mobile(i),
                title,
                department,
                int(union[i]),
                hired[i],
                None if i < 3 else draws[i] % 3 + 1,
            )
        )
        monthly = salary + draws[i] % 160 * 100
        for month in ("2025-11", "2025-12"):
            pay.append(
                (
                    len(pay) + 1,
                    i + 1,
                    number,
                    account_number(draws[i] // 160),
                    monthly,
                    round(monthly * 0.31, 2),
                    month,
                )
            )
    yield "employees", employees
    yield "payroll", pay


def supplier_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Companies: their numbers, accounts and shared mailboxes are nobody's personal data."""
    rng = stream(plan.seed, "suppliers")
    draws = rng.integers(0, 2**40, 48).tolist()
    staff = plan.employees
    rows: Rows = []
    for i, draw in enumerate(draws):
        trade, place = _TRADES[i % 8], _PLACES[(i // 8 + i) % 8]
        domain = f"{fold(place)}-{fold(trade)}.example.no"
        number = _PUBLISHED_NUMBERS[i // 16] if i % 16 == 0 else organisation_number(draw)
        person = draw % len(staff)
        # A contact person of a supplier is no employee: names are mixed from two.
        given, other = staff.called(person), staff.family_name((person + i + 1) % len(staff))
        rows.append(
            (
                i + 1,
                f"{place} {trade} AS",
                number,
                f"{_MAILBOXES[i % len(_MAILBOXES)]}@{domain}",
                f"2{draw % 4 + 1} {draw // 7 % 90 + 10} {draw // 11 % 90 + 10} {draw // 13 % 90 + 10}",
                account_number(draw // 17),
                f"{given} {other}",
                f"{fold(given)}@{domain}",
                2 + draw % 28,
            )
        )
    yield "suppliers", rows
