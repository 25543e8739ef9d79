"""Orders in order of time, with their lines and invoices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .draws import Integers, geometric, stream, weighted
from .numbers import kid
from .plan import (
    FIRST_INVOICE_NO,
    FIRST_ORDER_NO,
    TODAY,
    Plan,
    chunks,
    customer_no,
    days,
    moments,
)
from .products import Rows

_STATUS = ("levert", "sendt", "behandles", "kansellert", "returnert")
_PAYMENT = ("vipps", "kort", "faktura", "klarna")
_DAY = 86_400


def sale_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Orders, order lines and invoices."""
    rng = stream(plan.seed, "sales")
    prices = np.asarray([product.price_ore for product in plan.products], dtype=np.int64)
    line_id = 0
    for step in chunks(len(plan.buyer)):
        size = len(step)
        lines = 1 + geometric(rng, 0.7, 8, size)
        order_of_line = np.repeat(np.arange(size), lines)
        product = rng.integers(0, len(prices), len(order_of_line))
        quantity = 1 + geometric(rng, 3.0, 250, len(order_of_line))
        amount = prices[product] * quantity
        totals = np.bincount(order_of_line, weights=amount, minlength=size).astype(np.int64)
        buyers: list[int] = plan.buyer[step.start : step.stop].tolist()
        status = weighted(rng, (80, 6, 5, 5, 4), size).tolist()
        yield "orders", _orders(plan, rng, step, buyers, status, totals)
        engraved = _texts(plan, rng, "engraving", [buyers[o] for o in order_of_line.tolist()], 0.3)
        rows: Rows = []
        for place, (order, item, count) in enumerate(
            zip(order_of_line.tolist(), product.tolist(), quantity.tolist(), strict=True)
        ):
            line_id += 1
            price = plan.products[item].price_ore / 100
            text = engraved.get(place)
            rows.append((line_id, step.start + order + 1, item + 1, count, price, text))
        yield "order_lines", rows
        yield "invoices", _invoices(plan, rng, step, buyers, status, totals)


def _texts(
    plan: Plan, rng: np.random.Generator, use: str, writers: list[int], share: float
) -> dict[int, str]:
    """Texts for a share of the rows, by row."""
    places = np.flatnonzero(rng.random(len(writers)) < share).tolist()
    written = plan.writer.write(rng, use, [writers[place] for place in places], FIRST_ORDER_NO)
    return {place: text for place, (_, text) in zip(places, written, strict=True)}


def _orders(
    plan: Plan,
    rng: np.random.Generator,
    step: range,
    buyers: list[int],
    status: list[int],
    totals: Integers,
) -> Rows:
    created = moments(plan.ordered[step.start : step.stop])
    payment = weighted(rng, (40, 25, 20, 15), len(step)).tolist()
    comments = _texts(plan, rng, "comment", buyers, 0.22)
    ships = plan.shipping_id[np.asarray(buyers, dtype=np.int64)].tolist()
    rows: Rows = []
    for place, (i, buyer, total) in enumerate(zip(step, buyers, totals.tolist(), strict=True)):
        rows.append(
            (
                i + 1,
                FIRST_ORDER_NO + i,
                buyer + 1,
                buyer + 1,
                ships[place] or None,
                created[place],
                _STATUS[status[place]],
                total / 100,
                total // 5 / 100,  # 25 % VAT is a fifth of the price that includes it
                "NOK",
                _PAYMENT[payment[place]],
                comments.get(place),
            )
        )
    return rows


def _invoices(
    plan: Plan,
    rng: np.random.Generator,
    step: range,
    buyers: list[int],
    status: list[int],
    totals: Integers,
) -> Rows:
    issued = plan.ordered[step.start : step.stop] + _DAY
    paid = issued + rng.integers(0, 30 * _DAY, len(step))
    issued_text, due_text, paid_text = days(issued), days(issued + 14 * _DAY), days(paid)
    late = (paid > TODAY).tolist()
    rows: Rows = []
    for place, (i, total) in enumerate(zip(step, totals.tolist(), strict=True)):
        if _STATUS[status[place]] == "kansellert":
            continue
        number = FIRST_INVOICE_NO + i
        rows.append(
            (
                i + 1,
                number,
                i + 1,
                kid(customer_no(buyers[place]), number),
                total / 100,
                issued_text[place],
                due_text[place],
                None if late[place] else paid_text[place],
            )
        )
    return rows
