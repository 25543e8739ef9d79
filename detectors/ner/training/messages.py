"""Messages to a web shop, made up from templates, with their names marked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random

from detectors.ner.annotated import Annotated, Mention, join
from detectors.ner.training.corpora import rows
from detectors.ner.training.people import People

FOLDER = Path(__file__).parent / "messages"
SHARES = {
    "nb": 0.13, "nn": 0.08, "dialect": 0.05, "en": 0.09, "other": 0.08,
    "goods": 0.11, "rolls": 0.14, "prose": 0.08, "firms": 0.07, "narrative": 0.17,
}  # fmt: skip
"""Files of templates, and their shares of the messages."""
_SLOT = re.compile(r"\{(\w+)\}")
_LABELS = {
    "full": "PER", "person": "PER", "given": "PER", "surname": "PER",
    "place": "LOC", "country": "LOC", "address": "LOC", "street": "LOC",
    "company": "ORG", "org": "ORG", "shop": "ORG", "courier": "ORG", "bank": "ORG",
    "authority": "ORG", "media": "ORG", "brand": "MISC", "goods": "MISC", "maker": "MISC", "model": "MISC",
    "word_given": "PER", "double": "PER", "initialled": "PER", "firm": "ORG", "pet": "MISC",
    "ship": "MISC", "fount": "MISC", "motif": "MISC", "mplace": "MISC", "item1": "MISC",
    "item2": "MISC", "item3": "MISC",
}  # fmt: skip
_WORD_LISTS = (
    "courier", "bank", "shop", "authority", "country", "brand", "product", "noun", "colour",
    "size", "level", "media", "word_given", "pet", "fount", "motif",
)  # fmt: skip
_ITEMS = ("item1", "item2", "item3")
Grammar = dict[str, list[str]]
"""Part of a message → templates for it; a template may name other parts in braces."""


class Messages:
    """Draws messages."""

    def __init__(self, corpora: Path, people: People, random: Random) -> None:
        self.random = random
        self.people = people
        self.templates = {kind: _templates(kind) for kind in SHARES}
        words = tomllib.loads((FOLDER / "words.toml").read_text("utf-8"))
        self.words: dict[str, list[str]] = {n: line.split("|") for n, line in words.items()}
        codes = rows(corpora / "places" / "postal_codes.csv")
        self.places = sorted({titled(row["place"]) for row in codes})
        self._zips = [row["postal_code"] for row in codes]
        self._kind = "nb"
        self._items: dict[str, str] = {}
        pick = self._pick
        self._fill: dict[str, Callable[[], str]] = {
            "full": people.full, "person": people.person, "given": people.single,
            "surname": people.surname, "place": self.place, "street": self._street,
            "address": self._address, "company": self._company, "org": self._org,
            "zip": lambda: self.random.choice(self._zips), "order": self._order,
            "phone": self._phone, "email": self._email, "date": self._date,
            "amount": self._amount, "day": lambda: pick(self._spoken("day")),
            "month": lambda: pick(self._spoken("month")),
            "n": lambda: str(self.random.randint(2, 400)),
            "sku": self._sku,
            "code": self._code,
            "maker": self._maker,
            "model": self._model,
            "goods": lambda: f"{self._maker()} {self._model()}",
            "hash": lambda: f"{self.random.getrandbits(128):032x}"[: self.random.choice([6, 12, 32])],
            "version": lambda: ".".join(str(self.random.randint(0, 30)) for _ in range(3)),
            "url": lambda: f"https://www.example.no/{pick('product')}/{self._digits(4)}",
            "orgnr": lambda: " ".join(self._digits(3) for _ in range(3)),
            "account": lambda: f"{self._digits(4)} {self._digits(2)} {self._digits(5)}",
            "double": lambda: f"{people.single()} {people.single()}",
            "initialled": lambda: f"{people.single()} {random.choice('ABDEFGHJKLMNPRSTVW')}",
            "firm": self._firm,
            "ship": lambda: f"{people.single()} {people.single()}",
            "mplace": self.place,
        }  # fmt: skip
        for name in _ITEMS:
            self._fill[name] = lambda name=name: self._item(name)  # type: ignore[misc]
        for name in _WORD_LISTS:
            self._fill[name] = lambda name=name: pick(name)  # type: ignore[misc]

    def draw(self) -> Annotated:
        """One message of one kind: an opening, some sentences, a closing."""
        self._kind = self.random.choices(list(SHARES), list(SHARES.values()))[0]
        self._items = {}
        grammar = self.templates[self._kind]
        parts = self.random.sample(grammar["body"], self.random.choice([1, 1, 1, 2, 2, 3]))
        if self.random.random() < 0.7:
            parts.insert(0, self.random.choice(grammar["opening"]))
        if self.random.random() < 0.7:
            parts.append(self.random.choice(grammar["closing"]))
        filled = [self._filled(part, grammar) for part in parts]
        return join(filled, self.random.choices([" ", "\n", "\n\n"], [5, 4, 1], k=len(filled)))

    def place(self) -> str:
        """A place name: a known town half the time, any post town, or a city abroad."""
        lot = self.random.random()
        if lot < 0.4:
            return self._pick("big_place")
        return self.random.choice(self.places) if lot < 0.8 else self._pick("city_abroad")

    def organisation(self) -> str:
        """Any organisation, for swaps in running text."""
        return self._org() if self.random.random() < 0.6 else self._company()

    def _filled(self, template: str, grammar: Grammar) -> Annotated:
        text, mentions, at = "", [], 0
        for match in _SLOT.finditer(template):
            text += template[at : match.start()]
            at = match.end()
            if part := grammar.get(match[1]):
                inner = self._filled(self.random.choice(part), grammar)
                mentions += [
                    Mention(m.start + len(text), m.end + len(text), m.label) for m in inner.mentions
                ]
                text += inner.text
                continue
            value = self._fill[match[1]]()
            if label := _LABELS.get(match[1]):
                mentions.append(Mention(len(text), len(text) + len(value), label))
            text += value
        text += template[at:]
        if text.endswith(".") and self.random.random() < 0.1:
            text = text[:-1] + self.random.choice(["!", "!!", "…"])
        return Annotated(text, tuple(mentions))

    def _pick(self, name: str) -> str:
        return self.random.choice(self.words[name])

    def _spoken(self, name: str) -> str:
        return f"{name}_english" if self._kind == "en" else name

    def _street(self) -> str:
        lot = self.random.random()
        if self._kind == "en" and lot < 0.6:
            return self._pick("street_english")
        if lot < 0.35:
            return self._pick("street_known")
        if lot < 0.8:
            return self._pick("street_stem") + self._pick("street_end")
        first, last = self.people.draw()
        return f"{first} {last}s " + self.random.choice(["gate", "vei", "veg", "plass"])

    def _address(self) -> str:
        number = str(self.random.randint(1, 180))
        if self.random.random() < 0.2:
            number += self.random.choice(["", " "]) + self.random.choice("ABCDEFab")
        if self._kind == "en" and self.random.random() < 0.7:
            return f"{number} {self._street()}"
        return f"{self._street()} {number}"

    def _company(self) -> str:
        lot = self.random.random()
        end_of_stem = self.random.choice(["gruppen", "tind", "vik", "bo", "tech"])
        coined = self._pick("street_stem") + end_of_stem
        stem = self.random.choice([self.people.surname(), self.place(), coined, coined])
        ends = [" Ltd", " Inc", " LLC", ""] if self._kind == "en" else [" AS", " AS", " ASA", ""]
        end = self.random.choice(ends)
        if lot < 0.65:
            return f"{stem} {self._pick('business')}{end}"
        if lot < 0.75:
            return f"{stem} & {self.people.surname()}{end or ' AS'}"
        if lot < 0.9:
            return f"{stem}{end or ' AS'}"
        return f"{stem} og Sønner{end}"

    def _org(self) -> str:
        return self._pick(self.random.choice(["association", "authority", "media", "shop", "bank"]))

    def _firm(self) -> str:
        """A firm or body called like its owners or its town, with and without a legal form."""
        one, other, place = self.people.surname(), self.people.surname(), self.place()
        trade = self._pick("trade")
        name = self.random.choice(
            [
                f"{one} {trade}",
                f"{one}s {trade}",
                f"{self.people.single()}s {trade}",
                f"{self.people.full()} {trade}",
                f"{one} & {other}",
                f"{one} og {other}",
                f"{one} {trade} og {self._pick('trade')}",
                f"{self._pick('firm_before')} {one}",
                f"{self._pick('firm_before')} {one} & {other}",
                f"{self._pick('firm_before')} {one}, {other} & {self.people.surname()}",
                f"{place} {self._pick('body')}",
                f"{place} {self._pick('body')}",
                f"{place} {trade}",
                f"{one} {self._pick('trade_english')}",
            ]
        )
        return name + self.random.choice(["", "", "", " AS", " DA"])

    def _item(self, name: str) -> str:
        """The name of goods: within one message the same for the same slot."""
        if name not in self._items:
            lot = self.random.random()
            self._items[name] = (
                self.people.single()
                if lot < 0.66
                else self._pick("word_given")
                if lot < 0.74
                else self._pick("myth")
                if lot < 0.84
                else self.people.surname()
                if lot < 0.9
                else self.place()
            )
        return self._items[name]

    def _digits(self, n: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(n))

    def _order(self) -> str:
        return self.random.choice([self._digits(6), "#" + self._digits(5), "SO-" + self._digits(5)])

    def _maker(self) -> str:
        """Brands are called like families, or like nothing else."""
        coined = self._pick("street_stem") + self.random.choice(
            ["well", "ra", "line", "mo", "berg"]
        )
        return self.random.choice([self.people.surname(), coined, self.people.full()])

    def _model(self) -> str:
        """Models are called like children and towns."""
        return self.random.choice([self.people.single(), self.people.single(), self.place()])

    def _sku(self) -> str:
        letters = "".join(self.random.choices("ABCDEFGHJKLMNPRSTVXYZ", k=self.random.randint(1, 3)))
        return self.random.choice(
            [self._digits(4), letters + self._digits(5), f"{letters}-{self._digits(4)}"]
        )

    def _code(self) -> str:
        return "".join(
            self.random.choices("ABCDEFGHJKLMNPRSTVXYZ0123456789", k=self.random.randint(5, 12))
        )

    def _phone(self) -> str:
        a = self.random.choice("49") + self._digits(7)
        return self.random.choice(
            [a, f"{a[:3]} {a[3:5]} {a[5:]}", f"+47 {a[:2]} {a[2:4]} {a[4:6]} {a[6:]}"]
        )

    def _email(self) -> str:
        first, last = self.people.draw()
        local = f"{first}.{last}".lower().replace(" ", "").replace("ø", "o").replace("å", "a")
        return f"{local}@" + self.random.choice(["example.no", "example.com", "epost.example.org"])

    def _date(self) -> str:
        day, month = self.random.randint(1, 28), self.random.randint(1, 12)
        named = self._pick(self._spoken("month"))
        if self._kind == "en":
            return self.random.choice(
                [f"{day} {named}", f"{named} {day}", f"{day:02d}/{month:02d}"]
            )
        return self.random.choice(
            [f"{day}. {named}", f"{day:02d}.{month:02d}.2026", f"{day}/{month}"]
        )

    def _amount(self) -> str:
        amount = self.random.randint(49, 9999)
        return self.random.choice(
            [f"{amount} kr", f"kr {amount},-", f"NOK {amount}", f"{amount},00 kroner"]
        )


def titled(place: str) -> str:
    """A place in capitals as it is written: `MO I RANA` is `Mo i Rana`."""
    words = place.title().split(" ")
    return " ".join(w.lower() if w in {"I", "På", "Og", "Ved"} else w for w in words)


def _templates(kind: str) -> Grammar:
    parts = tomllib.loads((FOLDER / f"{kind}.toml").read_text("utf-8"))
    return {
        name: [line.replace("\\n", "\n") for line in part.strip().split("\n")]
        for name, part in parts.items()
    }
