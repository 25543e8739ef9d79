"""Fits `detectors/columns/calibration.toml`: `python tests/unit/columns/calibrate.py`.

Schemas are made here: headers in the manner of WooCommerce, Magento, Shopify, Tripletex and
Visma, and obscured ones (`felt17`), over synthetic values of this folder's generator; columns of
products, codes and counters are the negatives. Nothing of `data/samples` is read. Every candidate
of every column is one observation: its sums by family, and whether its category is the true one.
A logistic regression with a small ridge towards slope 1 is fitted by Newton's method.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from conftest import Made, make_sample

from detectors import registry
from detectors.columns.evidence import Surroundings
from detectors.columns.headers import lexicon
from detectors.columns.judgement import judge, settle_mailboxes
from detectors.columns.neighbours import add_keys, add_neighbours, add_places, rows_of
from detectors.columns.options import ScanOptions
from detectors.columns.profile import profile
from detectors.columns.recognition import Recognition
from detectors.columns.tables import kind_of_table
from detectors.columns.weighing import calibration, sums

CLEAR = {
    "user.name.first": ["first_name", "fornavn", "firstname", "shipping_first_name", "fnavn"],
    "user.name.last": ["last_name", "etternavn", "lastname", "billing_last_name", "enavn"],
    "user.name": ["display_name", "Nm", "kundenavn", "name", "navn", "billing_name", "YrRef"],
    "user.contact.email": ["email", "epost", "MailAd", "subscriber_email", "invoiceEmail"],
    "user.contact.phone_number": ["phone", "MobPh", "tlf", "telephone", "phoneNumberMobile"],
    "user.contact.address.street": ["address_1", "Ad1", "street", "gateadresse", "adresse"],
    "user.contact.address.postal_code": ["postcode", "PNo", "postnr", "zip", "postalCode"],
    "user.contact.address.city": ["city", "PArea", "poststed", "sted"],
    "user.government_id.national_identification_number": ["fnr", "nationalIdNumber", "personnr"],
    "user.financial.bank_account": ["kontonr", "bankAccountNumber", "BGiro", "account_number"],
    "organization.registration_number": ["orgnr", "BsNo", "organizationNumber", "vat_id"],
    "user.device.ip_address": ["remote_ip", "ip_address", "customer_ip_address"],
    "user.payment.kid": ["kid", "kidnr"],
    "user.authorization.password": ["password_hash", "user_pass", "passord"],
    "user.content.private": ["customer_note", "merknad", "comment_content", "melding"],
}
TABLES = [
    "kunder",
    "customer_entity",
    "wc_orders",
    "sales_order_address",
    "Actor",
    "t_0042",
    "export",
]


def values(made: Made, category: str, n: int) -> list[object]:
    """Values of a category, one in thirty spoilt or missing."""
    makers: dict[str, Callable[[], object]] = {
        "user.name.first": made.first, "user.name.last": made.last, "user.name": made.name,
        "user.contact.email": made.email, "user.contact.phone_number": made.mobile,
        "user.contact.address.street": made.street,
        "user.contact.address.postal_code": lambda: made.place()[0],
        "user.contact.address.city": lambda: made.place()[1],
        "user.government_id.national_identification_number": made.fnr,
        "user.financial.bank_account": made.account,
        "organization.registration_number": made.orgnr, "user.device.ip_address": made.ip,
        "user.payment.kid": lambda: made.luhn(14), "user.authorization.password": made.hash,
        "user.content.private": made.words,
    }  # fmt: skip
    cells = made.many(makers[category], n)
    return [made.rng.choice([None, "", "-", "x"]) if made.rng.random() < 0.03 else c for c in cells]


def negatives(made: Made, n: int) -> dict[str, list[object]]:
    """Columns that are no personal data, some under names that sound like it."""
    rng = made.rng
    brands = ["Kari Traa", "Bergans", "Oslo", "Helly Hansen", "Marius", "Berg"]
    start = rng.choice([20_000_000, 45_230_000, 91_000_000])
    return {
        "email_verified": [rng.random() < 0.5 for _ in range(n)],
        "phone_type": made.many(lambda: rng.choice(["mobil", "fast"]), n),
        "name": made.many(lambda: f"{rng.choice(brands)} {rng.choice(['sort', 'hvit', 'rød'])}", n),
        "brand": made.many(lambda: rng.choice(brands), n),
        "felt3": [start + i for i in range(n)],
        "felt4": made.many(lambda: rng.randint(2000, 2030), n),
        "felt5": made.many(lambda: f"{rng.choice('ABDE')}{rng.choice('KLNP')}{rng.randint(10000, 99999)}", n),
        "felt6": made.many(lambda: rng.randint(10**10, 10**11 - 1), n),
        "felt7": made.many(lambda: rng.randint(10**8, 10**9 - 1), n),
        "amount": made.many(lambda: round(rng.random() * 1000, 2), n),
        "status": made.many(lambda: rng.choice(["ny", "sendt", "betalt"]), n),
        "konto": made.many(lambda: rng.randint(1500, 7999), n),
        "fnr": made.many(lambda: rng.randint(0, 20), n),
        "version": made.many(lambda: f"{rng.randint(1, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}", n),
        "beskrivelse": made.many(made.words, n),
        "title": made.many(lambda: f"Nyhet {rng.randint(1, 999)} fra lageret", n),
    }  # fmt: skip


def observations(seed: int) -> tuple[list[list[float]], list[float]]:
    """Sums by family and truth of every candidate of some tables."""
    made = Made(seed)
    rng = random.Random(seed)
    detectors = registry.build(["nb", "nn", "en"])
    recognition, book = Recognition(detectors.declarations), lexicon(("nb", "nn", "en"))
    options = ScanOptions()
    rows: list[list[float]] = []
    truths: list[float] = []
    for number in range(60):
        n = rng.choice([0, 3, 12, 60, 250])
        if number % 3 == 2:
            table, truth = rng.choice(["produkter", "catalog_product", "x17"]), {}
            columns = negatives(made, n)
        else:
            table = rng.choice(TABLES)
            truth, columns = {}, {}
            for category in rng.sample(sorted(CLEAR), 6):
                clear = rng.random() < 0.7
                header = rng.choice(CLEAR[category]) if clear else f"felt{len(columns)}"
                columns[header] = values(made, category, n)
                truth[header] = category
            extra = negatives(made, n)
            for header in rng.sample(sorted(extra), 3):
                if header not in columns and header not in {"beskrivelse", "title", "name", "fnr"}:
                    columns[header] = extra[header]
        sample = make_sample(table, columns)
        kind = kind_of_table(table, list(columns))
        judged = [
            judge(
                field, field.ref.column, profile(column, field.type),
                around=Surroundings(kind, kind == "organisation"), lexicon=book,
                recognition=recognition, options=options,
            )
            for field, column in zip(sample.fields, sample.data.columns, strict=True)
        ]  # fmt: skip
        cells = {
            str(f.ref): rows_of(c) for f, c in zip(sample.fields, sample.data.columns, strict=True)
        }
        add_places(judged, cells)
        add_neighbours(judged)
        add_keys(judged, sample.table, kind)
        for one in judged:
            settle_mailboxes(one.candidates)
            for candidate in one.candidates:
                if not candidate.barred:
                    total = sums(candidate.evidence, calibration())
                    rows.append([total[f] for f in ("value", "name", "structure")])
                    truths.append(float(truth.get(one.field.ref.column) == candidate.category))
    return rows, truths


def fit(rows: np.ndarray, truths: np.ndarray, ridge: float = 4.0) -> np.ndarray:
    """Intercept and slopes; the ridge pulls the slopes to 1 and the intercept to the prior -3."""
    x = np.column_stack([np.ones(len(rows)), rows])
    start = np.array([-3.0, 1.0, 1.0, 1.0])
    beta = start.copy()
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        gradient = x.T @ (truths - p) - ridge * (beta - start)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(4)
        beta = beta + np.linalg.solve(hessian, gradient)
    return beta


if __name__ == "__main__":
    gathered = [observations(seed) for seed in (101, 102, 103)]
    x = np.array([row for rows, _ in gathered for row in rows])
    y = np.array([truth for _, truths in gathered for truth in truths])
    beta = fit(x, y)
    p = 1 / (1 + np.exp(-(beta[0] + x @ beta[1:])))
    print(len(y), "candidates,", int(y.sum()), "true; intercept and slopes", beta.round(3))
    for low in np.arange(0, 1, 0.2):
        chosen = (p >= low) & (p < low + 0.2 + 1e-9)
        if chosen.any():
            print(f"said {p[chosen].mean():.2f} true {y[chosen].mean():.2f} n {chosen.sum()}")
