"""What is drawn once for a whole shop: who its customers are and who ordered when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .draws import Integers, geometric, stream
from .people import People, draw_people
from .products import Product, catalogue
from .seeds import load_seeds
from .texts import Writer

CHUNK = 20_000  # rows a step; memory grows with it, the shop does not depend on it twice
FIRST_CUSTOMER_NO = 100_001
# A dense range inside the mobile ranges: every order number passes as a telephone number.
FIRST_ORDER_NO = 45_230_000
FIRST_INVOICE_NO = 1_200_000
OPENED = int(np.datetime64("2021-01-04T08:00:00", "s").astype(np.int64))
TODAY = int(np.datetime64("2026-01-01T00:00:00", "s").astype(np.int64))
ORDERS_PER_CUSTOMER = 2.5


@dataclass(frozen=True)
class Plan:
    """One shop, drawn but not yet written."""

    seed: int
    customers: People
    employees: People
    products: tuple[Product, ...]
    writer: Writer
    joined: Integers  # seconds since 1970, per customer, ascending
    shipping_id: Integers  # address id per customer, 0 where there is none
    objected: npt.NDArray[np.bool_]  # per customer: wants no marketing
    buyer: npt.NDArray[np.int32]  # customer per order, in order of time
    ordered: Integers  # seconds since 1970, per order, ascending


def customer_no(i: int) -> int:
    """The number that the customer knows; not the primary key."""
    return FIRST_CUSTOMER_NO + i


def moments(seconds: Integers) -> list[str]:
    """`2025-03-01 09:15:00` for each."""
    text = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="s")
    return [moment.replace("T", " ") for moment in text.tolist()]


def days(seconds: Integers) -> list[str]:
    """`2025-03-01` for each."""
    found: list[str] = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="D").tolist()
    return found


def chunks(count: int) -> list[range]:
    """Steps over `count` rows."""
    return [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]


def draw_plan(customers: int, seed: int) -> Plan:
    """Draw a shop of so many customers."""
    seeds = load_seeds()
    people = draw_people(seeds, seed, "customers", customers, companies=True)
    staff = draw_people(seeds, seed, "employees", min(max(customers // 12, 24), 2000), adults=True)
    products = catalogue()
    rng = stream(seed, "plan")
    joined = np.sort(OPENED + (rng.random(customers) ** 0.7 * (TODAY - OPENED)).astype(np.int64))
    ships = rng.random(customers) < 0.4
    shipping_id = np.where(ships, customers + np.cumsum(ships), 0).astype(np.int64)
    counts = geometric(rng, ORDERS_PER_CUSTOMER, 60, customers)
    buyer = np.repeat(np.arange(customers, dtype=np.int32), counts)
    start = joined[buyer]
    ordered = start + (rng.random(len(buyer)) * (TODAY - start)).astype(np.int64)
    by_time = np.argsort(ordered, kind="stable")
    agents = [staff.called(i) for i in range(min(len(staff), 12))]
    return Plan(
        seed=seed,
        customers=people,
        employees=staff,
        products=products,
        writer=Writer(seeds.texts, people, products, agents),
        joined=joined,
        shipping_id=shipping_id,
        objected=rng.random(customers) < 0.05,
        buyer=buyer[by_time],
        ordered=ordered[by_time],
    )
