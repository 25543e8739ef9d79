"""Two schemas whose keys nobody declared, with the truth: what inference is measured on.

`northwind` is an English trading company in a database without foreign keys, as MyISAM leaves
it; `erp` a Norwegian accounting system's export, a file a table, in the spelling of such files.
Both hold the traps of real ones: running numbers that are all included in each other, counts,
codes, years, and columns that end in `nr` and are no keys.
"""

from __future__ import annotations

import contextlib
import csv
import random
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[Any]]

NORTHWIND_TRUTH = frozenset(
    {
        "Customers.CompanyCountry -> Countries.Code",
        "CustomerDemographics.CustomerID -> Customers.CustomerID",
        "CustomerDemographics.TypeID -> CustomerTypes.TypeID",
        "EmployeeTerritories.EmployeeID -> Employees.EmployeeID",
        "EmployeeTerritories.TerritoryID -> Territories.TerritoryID",
        "Employees.ReportsTo -> Employees.EmployeeID",
        "OrderDetails.OrderID -> Orders.OrderID",
        "OrderDetails.ProductID -> Products.ProductID",
        "Orders.CustomerID -> Customers.CustomerID",
        "Orders.EmployeeID -> Employees.EmployeeID",
        "Orders.ShipVia -> Shippers.ShipperID",
        "Products.CategoryID -> Categories.CategoryID",
        "Products.SupplierID -> Suppliers.SupplierID",
        "ReturnLines.OrderID+ReturnLines.ProductID -> OrderDetails.OrderID+OrderDetails.ProductID",
        "ReturnLines.OrderID -> Orders.OrderID",
        "ReturnLines.ProductID -> Products.ProductID",
        "Reviews.customer -> Customers.CustomerID",
        "Reviews.product_ref -> Products.ProductID",
        "Territories.RegionID -> Regions.RegionID",
    }
)

ERP_TRUTH = frozenset(
    {
        "kontaktpersoner.kundenr -> kunder.kundenr",
        "ordre.kundenr -> kunder.kundenr",
        "ordre.selger -> ansatte.ansattnr",
        "ordre.prosjektnr -> prosjekter.prosjektnr",
        "ordrelinjer.ordrenr -> ordre.ordrenr",
        "ordrelinjer.varenr -> varer.varenr",
        "fakturaer.ordrenr -> ordre.ordrenr",
        "fakturaer.faktura_kunde -> kunder.kundenr",
        "innbetalinger.fakturanr -> fakturaer.fakturanr",
        "varer.leverandor_id -> leverandorer.id",
        "varer.varegruppe -> varegrupper.kode",
        "ansatte.avdeling_id -> avdelinger.id",
        "ansatte.naermeste_leder -> ansatte.ansattnr",
        "avdelinger.leder_ansattnr -> ansatte.ansattnr",
        "prosjekter.kunde -> kunder.kundenr",
        "reklamasjoner.ordrenr+reklamasjoner.linjenr -> ordrelinjer.ordrenr+ordrelinjer.linjenr",
        "reklamasjoner.ordrenr -> ordre.ordrenr",
        "timer.ansattnr -> ansatte.ansattnr",
        "timer.prosjektnr -> prosjekter.prosjektnr",
    }
)
ERP_NUMBERS = frozenset(
    {
        "innbetalinger.kid -> fakturaer.fakturanr",
        "fakturaer.kid -> fakturaer.fakturanr",
        "fakturaer.kid -> kunder.kundenr",
        "innbetalinger.kid -> kunder.kundenr",
    }
)


def northwind(path: Path, *, seed: int = 1, scale: int = 1) -> None:
    """Write the database: primary keys, no foreign ones."""
    draw = random.Random(seed)
    customers = ["".join(draw.choices("ABCDEFGHIJKLMNOPRSTUVW", k=5)) for _ in range(180 * scale)]
    customers = list(dict.fromkeys(customers))
    countries = ["NO", "SE", "DK", "FI", "DE", "FR", "ES", "IT", "GB", "US", "PL", "NL"]
    territories = [f"{n:05d}" for n in draw.sample(range(1000, 99999), 40)]
    orders = range(10248, 10248 + 800 * scale)
    details = [
        (
            order,
            product,
            round(draw.uniform(2, 90), 2),
            draw.randint(1, 40),
            draw.choice([0, 5, 10]),
        )
        for order in orders
        for product in draw.sample(range(1, 78), draw.randint(1, 4))
    ]
    with contextlib.closing(sqlite3.connect(path)) as db, db:

        def make(name: str, columns: str, rows: Rows) -> None:
            db.execute(f"CREATE TABLE {name} ({columns})")
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

        make(
            "Countries",
            "Code TEXT PRIMARY KEY, CountryName TEXT",
            [(c, f"Country {c}") for c in countries],
        )
        make(
            "Customers",
            "CustomerID TEXT PRIMARY KEY, CompanyName TEXT, ContactName TEXT, Email TEXT, CompanyCountry TEXT, CreditLimit INTEGER",
            [
                (
                    c,
                    f"{c.title()} Trading",
                    f"Kim {c.title()}",
                    f"{c.lower()}@example.com",
                    draw.choice(countries),
                    draw.choice([10, 20, 50]),
                )
                for c in customers
            ],
        )
        make(
            "CustomerTypes",
            "TypeID INTEGER PRIMARY KEY, Description TEXT",
            [(n, f"type {n}") for n in range(1, 6)],
        )
        make(
            "CustomerDemographics",
            "CustomerID TEXT, TypeID INTEGER",
            [(c, draw.randint(1, 5)) for c in draw.sample(customers, 120)],
        )
        make(
            "Employees",
            "EmployeeID INTEGER PRIMARY KEY, LastName TEXT, FirstName TEXT, HomePhone TEXT, ReportsTo INTEGER, Extension INTEGER",
            [
                (
                    n,
                    f"Lastname{n}",
                    f"First{n}",
                    f"555-01{n:02d}",
                    None if n == 1 else max(1, n // 3),
                    draw.randint(100, 999),
                )
                for n in range(1, 31)
            ],
        )
        make(
            "Regions",
            "RegionID INTEGER PRIMARY KEY, RegionDescription TEXT",
            [(n, f"region {n}") for n in range(1, 5)],
        )
        make(
            "Territories",
            "TerritoryID TEXT PRIMARY KEY, TerritoryDescription TEXT, RegionID INTEGER",
            [(t, f"territory {t}", draw.randint(1, 4)) for t in territories],
        )
        make(
            "EmployeeTerritories",
            "EmployeeID INTEGER, TerritoryID TEXT",
            [(draw.randint(1, 30), t) for t in territories for _ in range(2)],
        )
        make(
            "Categories",
            "CategoryID INTEGER PRIMARY KEY, CategoryName TEXT",
            [(n, f"category {n}") for n in range(1, 9)],
        )
        make(
            "Suppliers",
            "SupplierID INTEGER PRIMARY KEY, CompanyName TEXT, Phone TEXT",
            [(n, f"Supplier {n}", f"555-02{n:02d}") for n in range(1, 30)],
        )
        make(
            "Shippers",
            "ShipperID INTEGER PRIMARY KEY, CompanyName TEXT",
            [(n, f"Shipper {n}") for n in range(1, 7)],
        )
        make(
            "Products",
            "ProductID INTEGER PRIMARY KEY, ProductName TEXT, SupplierID INTEGER, CategoryID INTEGER, UnitPrice REAL, UnitsInStock INTEGER, UnitsOnOrder INTEGER, ReorderLevel INTEGER",
            [
                (
                    n,
                    f"Product {n}",
                    draw.randint(1, 29),
                    draw.randint(1, 8),
                    n * 1.5,
                    draw.randint(0, 120),
                    draw.randint(0, 70),
                    draw.choice([0, 5, 10, 25]),
                )
                for n in range(1, 78)
            ],
        )
        make(
            "Orders",
            "OrderID INTEGER PRIMARY KEY, CustomerID TEXT, EmployeeID INTEGER, OrderDate TEXT, ShipVia INTEGER, Freight REAL, Priority INTEGER",
            [
                (
                    o,
                    draw.choice(customers),
                    draw.randint(1, 30),
                    f"2024-{1 + o % 12:02d}-{1 + o % 28:02d}",
                    draw.randint(1, 6),
                    draw.randint(1, 500) / 10,
                    draw.randint(1, 5),
                )
                for o in orders
            ],
        )
        make(
            "OrderDetails",
            "OrderID INTEGER, ProductID INTEGER, UnitPrice REAL, Quantity INTEGER, Discount INTEGER, PRIMARY KEY (OrderID, ProductID)",
            details,
        )
        make("ReturnLines", "ReturnID INTEGER PRIMARY KEY, OrderID INTEGER, ProductID INTEGER, Quantity INTEGER, ReasonCode INTEGER",
             [(n, d[0], d[1], draw.randint(1, 3), draw.randint(1, 7)) for n, d in enumerate(draw.sample(details, 150), 1)])  # fmt: skip
        make("Reviews", "id INTEGER PRIMARY KEY, customer TEXT, product_ref INTEGER, stars INTEGER, helpful_votes INTEGER",
             [(n, draw.choice(customers), draw.randint(1, 77), draw.randint(1, 5), draw.randint(0, 60)) for n in range(1, 300)])  # fmt: skip
        make("AuditLog", "LogID INTEGER PRIMARY KEY, Level INTEGER, DurationMs INTEGER, BatchNo INTEGER",
             [(n, draw.randint(1, 5), draw.randint(1, 800), 1 + n // 40) for n in range(1, 1200)])  # fmt: skip


def luhn(body: str) -> str:
    """The body with its check digit (mod 10)."""
    total = 0
    for place, letter in enumerate(reversed(body)):
        digit = int(letter) * (2 - place % 2)
        total += digit - 9 if digit > 9 else digit
    return body + str(-total % 10)


def erp(folder: Path, *, seed: int = 2) -> None:
    """Write the export: a CSV file a table, semicolons, keys as a mixture of text and numbers."""
    draw = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)

    def make(name: str, columns: str, rows: Rows) -> None:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(columns.split())
            writer.writerows(rows)

    given = ["Kari", "Ola", "Ingrid", "Per", "Liv", "Nils", "Anne", "Lars", "Berit", "Jan"]
    family = ["Hansen", "Olsen", "Berg", "Haugen", "Moen", "Dahl", "Lund", "Vik"]
    kunder = draw.sample(range(10001, 12000), 400)
    varer = [f"{draw.choice('ABCK')}{n}" for n in draw.sample(range(1000, 9999), 120)]
    grupper = ["KRUS", "PENN", "TEKST", "PARA", "NOTAT", "USB", "REFL", "SEKK"]
    ansatte = list(range(101, 141))
    prosjekter = draw.sample(range(20240000, 20240900), 60)
    ordre = range(50001, 50701)
    kunde_av = {o: draw.choice(kunder) for o in ordre}
    linjer = [
        (o, line, draw.choice(varer), draw.randint(1, 50), draw.randint(10, 999))
        for o in ordre
        for line in range(1, draw.randint(2, 5))
    ]
    fakturert = draw.sample(list(ordre), 600)
    faktura = {90000 + n: o for n, o in enumerate(fakturert, 1)}

    def kid(number: int) -> str:
        return luhn(f"{kunde_av[faktura[number]]:06d}{number:07d}")

    make(
        "kunder", "kundenr navn adresse postnr poststed epost mobil kredittgrense kundegruppe",
        [(k, f"{draw.choice(given)} {draw.choice(family)}", f"Storgata {k % 90}", f"{draw.choice([151, 5003, 7010, 9008]):04d}", "Oslo",
          f"kunde{k}@example.no", f"4{draw.randint(1000000, 9999999)}", draw.choice([5000, 10000]), draw.randint(1, 4)) for k in kunder],
    )  # fmt: skip
    make("kontaktpersoner", "id kundenr fornavn etternavn telefon",
         [(n, draw.choice(kunder), draw.choice(given), draw.choice(family), f"9{draw.randint(1000000, 9999999)}") for n in range(1, 300)])  # fmt: skip
    make(
        "leverandorer",
        "id navn orgnr",
        [(n, f"Leverandør {n} AS", 910000000 + n * 37) for n in range(1, 26)],
    )
    make("varegrupper", "kode beskrivelse", [(g, f"Gruppe {g.title()}") for g in grupper])
    make("varer", "varenr beskrivelse varegruppe leverandor_id pris antall_lager",
         [(v, f"Vare {v}", draw.choice(grupper), draw.randint(1, 25), draw.randint(10, 900), draw.randint(0, 300)) for v in varer])  # fmt: skip
    make("avdelinger", "id navn leder_ansattnr kostnadssted",
         [(n, f"Avdeling {n}", draw.choice(ansatte), 100 * n) for n in range(1, 9)])  # fmt: skip
    make("ansatte", "ansattnr fornavn etternavn avdeling_id naermeste_leder stillingsprosent",
         [(a, draw.choice(given), draw.choice(family), draw.randint(1, 8), "" if a == 101 else 101 + (a - 101) // 4, draw.choice([50, 80, 100])) for a in ansatte])  # fmt: skip
    make("prosjekter", "prosjektnr navn kunde budsjett",
         [(p, f"Prosjekt {p % 1000}", draw.choice(kunder), draw.randint(1, 90) * 1000) for p in prosjekter])  # fmt: skip
    make("ordre", "ordrenr kundenr selger prosjektnr ordredato antall_linjer",
         [(o, kunde_av[o], draw.choice(ansatte), draw.choice(prosjekter) if o % 3 == 0 else "", f"2025-{1 + o % 12:02d}-{1 + o % 28:02d}",
           sum(1 for li in linjer if li[0] == o)) for o in ordre])  # fmt: skip
    make("ordrelinjer", "ordrenr linjenr varenr antall pris", linjer)
    make("fakturaer", "fakturanr ordrenr faktura_kunde kid belop forfall",
         [(n, o, kunde_av[o], kid(n), draw.randint(100, 9000), f"2025-{1 + n % 12:02d}-15") for n, o in faktura.items()])  # fmt: skip
    paid = draw.sample(list(faktura), 500)
    make("innbetalinger", "lopenr fakturanr kid belop dato",
         [(n, f, kid(f), draw.randint(100, 9000), f"2025-{1 + f % 12:02d}-20") for n, f in enumerate(paid, 1)])  # fmt: skip
    back = draw.sample(linjer, 80)
    make("reklamasjoner", "id ordrenr linjenr antall arsak",
         [(n, li[0], li[1], draw.randint(1, 5), draw.randint(1, 6)) for n, li in enumerate(back, 1)])  # fmt: skip
    make("timer", "ansattnr prosjektnr dato timer uke",
         [(draw.choice(ansatte), draw.choice(prosjekter), f"2025-{1 + n % 12:02d}-{1 + n % 28:02d}", draw.randint(1, 8), 1 + n % 52) for n in range(900)])  # fmt: skip
    make(
        "kontoplan",
        "kontonr kontonavn mva_kode",
        [(1000 + n * 10, f"Konto {n}", n % 4) for n in range(80)],
    )
