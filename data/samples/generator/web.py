"""What the web shop collects by itself: sessions, carts, users, reviews, support notes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from .draws import stream, weighted
from .plan import FIRST_ORDER_NO, OPENED, TODAY, Plan, chunks, moments
from .products import Rows

# RFC 5737 and RFC 3849: addresses for documentation, which nobody has.
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
AGENTS = (
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Safari/537.36"
    ),
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0",
    (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.1 Safari/605.1.15"
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
        "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
    ),
    (
        "Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/131.0.0.0 Mobile Safari/537.36"
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 "
        "Safari/537.36"
    ),
)
_PAGES = ("/", "/produkter", "/kampanje/2024", "/kari-traa", "/bergans", "/profilering/lag")
_HANDLES = ("turglad", "Anonym", "fornøyd kunde", "mamma til to", "bestefar", "Svigermor")


def ip_address(draw: int) -> str:
    """An address of a documentation network; one in five is IPv6."""
    if draw % 5 == 0:
        return f"2001:db8:{draw // 5 % 65536:x}::{draw // 400_000 % 65536:x}"
    return f"{_NETWORKS[draw % 3]}.{draw // 15 % 254 + 1}"


def analytics_cookie(draw: int, moment: int) -> str:
    """As Google Analytics sets `_ga`."""
    return f"GA1.{draw % 2 + 1}.{100_000_000 + draw % 2_000_000_000}.{moment}"


def pixel_cookie(draw: int, moment: int) -> str:
    """As Meta sets `_fbp`."""
    return f"fb.1.{moment}{draw % 1000:03d}.{100_000_000 + draw % 1_900_000_000}"


def session_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Sessions, two thirds of them logged in, and the carts left in them."""
    rng = stream(plan.seed, "sessions")
    customers = len(plan.customers)
    cart = 0
    for step in chunks(customers * 4 // 5):
        size = len(step)
        who = rng.integers(0, customers, size).tolist()
        seconds = rng.integers(OPENED, TODAY, size)
        started, stamps = moments(seconds), seconds.tolist()
        draws = rng.integers(0, 2**45, size).tolist()
        rolls = rng.random((size, 4)).tolist()
        ids = [rng.bytes(16).hex() for _ in step]
        pick = rng.integers(0, len(plan.products), (size, 3)).tolist()
        sessions: Rows = []
        carts: Rows = []
        for place in range(size):
            roll, draw, stamp = rolls[place], draws[place], stamps[place]
            known = who[place] + 1 if roll[0] < 0.65 else None
            sessions.append(
                (
                    ids[place],
                    known,
                    ip_address(draw),
                    AGENTS[draw % len(AGENTS)],
                    analytics_cookie(draw, stamp) if roll[1] < 0.8 else None,
                    pixel_cookie(draw // 7, stamp) if roll[2] < 0.5 else None,
                    started[place],
                    1 + draw % 37,
                    _PAGES[draw // 3 % len(_PAGES)],
                )
            )
            if roll[3] < 0.35:
                cart += 1
                email = plan.customers.email(who[place]) if draw % 10 < 4 else None
                payload = _cart(plan, pick[place][: 1 + draw % 3], draw, email)
                carts.append((cart, ids[place], known, payload, started[place]))
        yield "web_sessions", sessions
        yield "carts", carts


def _cart(plan: Plan, picked: list[int], draw: int, email: str | None) -> str:
    cart: dict[str, object] = {
        "items": [
            {
                "sku": plan.products[item].sku,
                "qty": 1 + draw % 5,
                "price": plan.products[item].price_ore / 100,
            }
            for item in picked
        ],
        "coupon": "VINTER24" if draw % 6 == 0 else None,
    }
    if email is not None:
        cart["email"] = email
    return json.dumps(cart, ensure_ascii=False)


def user_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Logins of a little more than half of the customers."""
    rng = stream(plan.seed, "users")
    people = plan.customers
    user = 0
    for step in chunks(len(people)):
        rolls = rng.random((len(step), 3)).tolist()
        seen = moments(rng.integers(OPENED, TODAY, len(step)))
        rows: Rows = []
        for place, i in enumerate(step):
            roll = rolls[place]
            if roll[0] > 0.55:
                continue
            user += 1
            # The shape of bcrypt with random bytes: it is the hash of nothing.
            secret = base64.b64encode(rng.bytes(40), b"./").decode()[:53]
            token = f"ck_{rng.bytes(20).hex()}" if roll[1] < 0.3 else None
            name = f"{people.username(i)}{i % 7 or ''}"
            last = seen[place] if roll[2] < 0.9 else None
            rows.append((user, i + 1, name, f"$2y$10${secret}", token, last, int(roll[2] < 0.95)))
        yield "users", rows


def review_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """Reviews with a pen name, which is often a given name."""
    rng = stream(plan.seed, "reviews")
    people = plan.customers
    for step in chunks(max(len(people) // 4, 60)):
        size = len(step)
        who = rng.integers(0, len(people), size).tolist()
        products = rng.integers(0, len(plan.products), size).tolist()
        texts = plan.writer.write(rng, "review", who, FIRST_ORDER_NO)
        written = moments(rng.integers(OPENED, TODAY, size))
        stars = weighted(rng, (6, 5, 12, 32, 45), size).tolist()
        rolls = rng.integers(0, 100, size).tolist()
        rows: Rows = []
        for place, i in enumerate(step):
            person, roll = who[place], rolls[place]
            name = people.called(person)
            if roll < 30:
                name = f"{name} {people.family_name(person)[0]}."
            elif roll < 50:
                name = people.username(person)
            elif roll < 62:
                name = _HANDLES[roll % len(_HANDLES)]
            known = person + 1 if roll % 10 < 8 else None
            rows.append(
                (
                    i + 1,
                    products[place] + 1,
                    known,
                    name,
                    stars[place] + 1,
                    texts[place][1],
                    written[place],
                )
            )
        yield "reviews", rows


def note_rows(plan: Plan) -> Iterator[tuple[str, Rows]]:
    """What customers wrote to support, and what support wrote down."""
    rng = stream(plan.seed, "notes")
    people, staff = plan.customers, plan.employees
    for step in chunks(max(len(people) // 3, 100)):
        size = len(step)
        who = rng.integers(0, len(people), size).tolist()
        texts = plan.writer.write(rng, "note", who, FIRST_ORDER_NO)
        subjects = plan.writer.write(rng, "subject", who, FIRST_ORDER_NO)
        written = moments(rng.integers(OPENED, TODAY, size))
        agents = rng.integers(0, min(len(staff), 12), size).tolist()
        rolls = rng.integers(0, 100, size).tolist()
        rows: Rows = []
        for place, i in enumerate(step):
            language, text = texts[place]
            channel = ("e-post", "chat", "telefon")[rolls[place] % 3]
            known = who[place] + 1 if rolls[place] < 90 else None
            agent = staff.username(agents[place])
            rows.append(
                (i + 1, known, channel, language, subjects[place][1], text, agent, written[place])
            )
        yield "support_notes", rows
