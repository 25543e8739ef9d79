"""Customers, their addresses, and what is kept about them by key and value."""

from __future__ import annotations

from collections.abc import Iterator

from .draws import stream, weighted
from .numbers import organisation_number
from .people import PRIVATE_DOMAINS
from .plan import Plan, chunks, customer_no, days, moments
from .products import Rows

_LANGUAGES = ("nb", "nn", "en")
_SIZES = ("S", "M", "L", "XL", "XXL")


def customer_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Private persons and contact persons of firms."""
    people = plan.customers
    rng = stream(plan.seed, "customers")
    for step in chunks(len(people)):
        size = len(step)
        language = weighted(rng, (80, 12, 8), size).tolist()
        joined = moments(plan.joined[step.start : step.stop])
        rolls = rng.random((size, 5)).tolist()
        draws = rng.integers(0, 2**40, size).tolist()
        groups = weighted(rng, (60, 25, 10, 5), size).tolist()
        rows: Rows = []
        for place, i in enumerate(step):
            roll, draw = rolls[place], draws[place]
            firm = people.company[i]
            other = f"{people.called(i).lower()}{draw % 9973}@{PRIVATE_DOMAINS[draw % 6]}"
            rows.append(
                (
                    i + 1,
                    customer_no(i),
                    "bedrift" if firm else "privat",
                    people.company_name(i) if firm else people.name(i),
                    people.given_name(i),
                    people.family_name(i),
                    people.company_name(i) if firm else None,
                    organisation_number(draw) if firm else None,
                    people.email(i),
                    people.mobile(i) if roll[0] < 0.9 else None,
                    people.birthday(i).isoformat() if roll[1] < 0.45 and not firm else None,
                    ("K" if people.female[i] else "M") if roll[2] < 0.7 else None,
                    _LANGUAGES[language[place]],
                    _ascii(other) if roll[3] < 0.25 else None,
                    None,
                    groups[place],
                    float(5000 * (1 + draw % 10)) if firm else None,
                    int(roll[4] < 0.015),
                    int(plan.objected[i]),
                    joined[place],
                )
            )
        yield "customers", rows


def _ascii(address: str) -> str:
    """Most mail systems of the shop's customers know no æøå; a few do."""
    return address if "å" in address else address.replace("ø", "o").replace("æ", "ae")


def address_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """A billing address for everyone, a shipping address for two in five."""
    people = plan.customers
    rng = stream(plan.seed, "addresses")
    for step in chunks(len(people)):
        rolls = rng.random((len(step), 2)).tolist()
        others = rng.integers(0, len(people), len(step)).tolist()
        extras = rng.integers(0, 5, (len(step), 2)).tolist()
        billing: Rows = []
        shipping: Rows = []
        for place, i in enumerate(step):
            roll, other = rolls[place], others[place]
            second = None
            if roll[0] < 0.12:
                floor, door = extras[place]
                unit = f"H0{floor + 1}0{door + 1}"
                second = f"c/o {people.name(other)}" if roll[0] < 0.05 else unit
            name = people.company_name(i) if people.company[i] else people.name(i)
            home = (people.street_line(i), second, people.postal_code(i), people.city(i), "NO")
            billing.append((i + 1, i + 1, "faktura", name, *home))
            if plan.shipping_id[i]:
                # Half ship to themselves elsewhere, half to somebody else.
                to = people.name(other if roll[1] < 0.5 else i)
                away = (people.street_line(other), None, people.postal_code(other))
                where = (*away, people.city(other), "NO")
                shipping.append((int(plan.shipping_id[i]), i + 1, "levering", to, *where))
        yield "addresses", billing
        yield "addresses", shipping


def meta_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Key and value, as plug-ins of web shops store what has no column."""
    people = plan.customers
    rng = stream(plan.seed, "meta")
    row = 0
    for step in chunks(len(people)):
        rolls = rng.random((len(step), 6)).tolist()
        draws = rng.integers(0, 10**6, len(step)).tolist()
        rows: Rows = []
        for place, i in enumerate(step):
            roll, draw = rolls[place], draws[place]
            pairs: list[tuple[str, str | None]] = []
            if roll[0] < 0.5:
                pairs.append(("_billing_phone", people.mobile(i)))
            if roll[1] < 0.4:
                pairs.append(("_billing_email", people.email(i)))
            if roll[2] < 0.3:
                pairs.append(("_vipps_msisdn", f"47{people.phone[i]}"))
            if roll[3] < 0.2:
                pairs.append(("_customer_ip_address", f"198.51.100.{draw % 254 + 1}"))
            if roll[4] < 0.3:
                pairs.append(("t_skjorte_str", _SIZES[draw % 5]))
            if roll[5] < 0.6:
                pairs.append(("antall_innlogginger", str(draw % 300)))
            for key, value in pairs:
                row += 1
                rows.append((row, i + 1, key, value))
        yield "customer_meta", rows


def consent_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Newsletter consents, some withdrawn, and objections to marketing."""
    people = plan.customers
    rng = stream(plan.seed, "consents")
    consent = objection = 0
    for step in chunks(len(people)):
        size = len(step)
        rolls = rng.random((size, 3)).tolist()
        joined = plan.joined[step.start : step.stop]
        given = days(joined + rng.integers(0, 30 * 86400, size))
        withdrawn = days(joined + rng.integers(31 * 86400, 500 * 86400, size))
        source = rng.integers(0, 4, size).tolist()
        consents: Rows = []
        objections: Rows = []
        for place, i in enumerate(step):
            roll = rolls[place]
            if roll[0] < 0.6:
                consent += 1
                gone = withdrawn[place] if roll[1] < 0.18 else None
                known = i + 1 if roll[2] < 0.88 else None
                where = ("nettbutikk", "kasse", "messe", "import")[source[place]]
                consents.append(
                    (consent, known, people.email(i), int(gone is None), given[place], gone, where)
                )
            if plan.objected[i]:
                objection += 1
                channel = ("e-post", "sms", "post", "telefon")[source[place]]
                objections.append((objection, i + 1, channel, withdrawn[place]))
        yield "newsletter_consents", consents
        yield "marketing_objections", objections
