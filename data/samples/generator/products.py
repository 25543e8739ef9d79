"""What the shop sells and does not know anyone by: the hard negatives.

Product names that are names, SKUs like number plates, seasons that are postcodes, `fnr` that is
a festenummer, ledger accounts, shops named after streets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .draws import stream
from .numbers import ean

Rows = list[tuple[Any, ...]]

_LINES = {
    "Kari Traa": ("Klær", "Rose ulltrøye|Voss genser|Nora jakke|Tikse bukse|Ragnhild lue", 899),
    "Bergans": ("Klær", "Oslo dunjakke|Senja anorakk|Bergan ryggsekk|Hareid fleece|Romsdal", 1799),
    "Helly Hansen": ("Klær", "Odin skalljakke|Loke regnjakke|Daybreaker fleece|Lifa base", 1299),
    "Stormberg": ("Klær", "Liv softshell|Bjørnar vest|Lovund turbukse|Torsnes jakke|Sol T", 699),
    "Dale": ("Klær", "Marius genser|Olav kofte|Ingrid lue|Christiania votter|St. Moritz", 1499),
    "Hansen & Co": ("Kontor", "Penn Ibsen|Notatbok Undset|Mappe Wergeland|Kalender Bjørnson", 49),
    "Porsgrund": ("Kopper", "Krus Hedda|Krus Nora|Termokopp Oslo|Termokopp Bergen|Fat Maud", 149),
    "Stelton": ("Kopper", "Emma termokanne|Erik flaske|Theo kopp|Sophie mugge|Norman foodbox", 399),
    "Stadssalg": ("Effekter", "Paraply Tromsø|Handlenett Ålesund|Refleks Bodø|Nøkkelring Moss", 29),
    "Mester Grønn": ("Gaver", "Gavekurv Kari|Bukett Solveig|Gaveeske Per|Sjokolade Anna", 349),
}
_COLOURS = ("Sort", "Hvit", "Marine", "Rød")
_PLAIN = ("Kari Traa", "Bergans", "Helly Hansen", "Stormberg", "Oslo", "Marius", "Ingrid", "Odin")
_PLATE_LETTERS = "ABCDEFHJKLNPRSTUVXYZ"  # no number plate has G I M O Q W
_ACCOUNTS = (
    (1500, "Kundefordringer"), (1920, "Bankinnskudd"), (2400, "Leverandørgjeld"),
    (2700, "Utgående merverdiavgift"), (3000, "Salgsinntekt, avgiftspliktig"),
    (4300, "Varekjøp"), (5000, "Lønn til ansatte"), (5400, "Arbeidsgiveravgift"),
    (6300, "Leie lokale"), (6800, "Kontorrekvisita"), (7140, "Reisekostnad"),
    (7320, "Reklamekostnad"), (7770, "Bank- og kortgebyrer"), (8050, "Renteinntekt"),
)  # fmt: skip
_SHOPS = (
    "Storgata", "Karl Johan", "Torggata Oslo", "Strandgaten Bergen", "Nordre Trondheim",
    "Kirkegata Stavanger", "Markens Kristiansand", "Haakon VII", "Elvegata", "Lager Alnabru",
)  # fmt: skip


@dataclass(frozen=True)
class Product:
    """One thing for sale."""

    id: int
    sku: str
    name: str
    brand: str
    price_ore: int


def catalogue() -> tuple[Product, ...]:
    """The same products in every shop, whatever its size and seed."""
    rng = stream(0, "products")
    found: list[tuple[str, str, int]] = [(name, name, 499) for name in _PLAIN]
    for brand, (_, items, price) in _LINES.items():
        for item in items.split("|"):
            found += [(f"{brand} {item} {colour}", brand, price) for colour in _COLOURS]
    letters = rng.integers(0, len(_PLATE_LETTERS), (len(found), 2)).tolist()
    digits = rng.permutation(90_000)[: len(found)].tolist()
    return tuple(
        Product(
            id=place + 1,
            sku=f"{_PLATE_LETTERS[pair[0]]}{_PLATE_LETTERS[pair[1]]}{10_000 + tail}",
            name=name,
            brand=brand,
            price_ore=(price + place % 7 * 20) * 100,
        )
        for place, ((name, brand, price), pair, tail) in enumerate(
            zip(found, letters, digits, strict=True)
        )
    )


def product_rows(products: tuple[Product, ...]) -> Iterator[tuple[str, Rows]]:
    """Products, their statistics, and the tables about plots, accounts and shops."""
    rng = stream(0, "product rows")
    rows: Rows = []
    stats: Rows = []
    for product in products:
        kind = _LINES.get(product.brand, ("Klær", "", 0))[0]
        season = int(rng.integers(2019, 2027))
        text = f"{product.name} fra sesongen {season}. Kan leveres med trykk eller brodering."
        code = ean(int(rng.integers(0, 10**11)))
        stock = int(rng.integers(0, 900))
        rows.append(
            (
                product.id,
                product.sku,
                300000 + product.id * 7,
                product.name,
                product.brand,
                kind,
                season,
                code,
                product.price_ore / 100,
                stock,
                text,
                None,
            )
        )
        for week in range(1, 7):
            views, margin = int(rng.integers(0, 9000)), int(rng.integers(-99_999_999, 99_999_999))
            change = round(float(rng.random()) * 80 - 45, 2)
            stats.append((product.id, 2025, week, views, change, margin))
    yield "products", rows
    yield "products_stats", stats
    plots: Rows = []
    for place in range(60):
        number = [int(x) for x in rng.integers((1, 1, 0, 0), (400, 900, 40, 12))]
        plots.append(
            (place + 1, ("0301", "4601", "5001", "1103")[place % 4], *number, place * 37.5)
        )
    yield "tomter", plots
    yield "kontoplan", [(account, name, account % 7) for account, name in _ACCOUNTS]
    yield "butikker", [(i + 1, name, 1988 + i * 3) for i, name in enumerate(_SHOPS)]
