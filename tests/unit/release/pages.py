"""A release with something to tell in every section, and its page taken apart."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from sladd.release import Dropped, GateAnswer, GateRecord, LeftOut, Manifest, loads

GOLDEN = Path(__file__).parents[2] / "golden"
HOSTILE = '"><script>alert(1)</script>'
NBSP = "\u00a0"
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Tags as they open and close, ids, links, and the words of each language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.words: dict[str, list[str]] = {"nb": [], "en": []}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text.replace("<wbr>", ""))  # where a name may break is no word
        self.close()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= given.keys()
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        if tag not in VOID:
            before = self.open[-1][1] if self.open else ""
            self.open.append((tag, given.get("lang", before) if tag != "html" else ""))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        lang = self.open[-1][1] if self.open else ""
        if lang and data.strip():
            self.words[lang].append(" ".join(data.split(" ")).strip())

    def says(self, lang: str) -> str:
        return " | ".join(self.words[lang])


def full() -> Manifest:
    """A release with something to tell in every section."""
    base = loads((GOLDEN / "manifest.json").read_bytes())
    customers, orders = base.tables
    first, second, third = customers.columns
    customers = customers.model_copy(
        update={
            "rows_in": 47,
            "columns": (
                first.model_copy(
                    update={
                        "category": "user.unique_id",
                        "comment": "Key of customer; the pseudonym joins the tables.",
                    }
                ),
                second.model_copy(
                    update={
                        "category": "user.contact.address.postal_code",
                        "transform": "generalise",
                        "parameters": {"to": "region"},
                        "comment": "A rule of the release covers the category "
                        "user.contact.address.postal_code.",
                    }
                ),
                third.model_copy(
                    update={"comment": "No finding in 40 rows, and the type holds no text."}
                ),
            ),
        }
    )
    checks = (
        GateAnswer(name="rows", passed=True, detail="40 of 40", column="customers"),
        GateAnswer(name="rows", passed=True, detail="100 of 100", column="orders"),
        GateAnswer(name="signature", passed=True, detail="Ed25519, key 0123abcd"),
    )
    return base.model_copy(
        update={
            "tables": (customers, orders),
            "left_out": (
                LeftOut(table="customers", reason="persons or rows that stay out", rows=7),
            ),
            "dropped": (
                Dropped(
                    field="shop/customers.fnr",
                    reason="sensitive",
                    reason_text="The class national_id leaves only when a rule names the field"
                    " and a verdict confirms it.",
                ),
                Dropped(
                    field="shop/customers.note",
                    reason="undecided",
                    reason_text="Text without a decision stays out. Confirm or reject it:"
                    " sladd decide shop/customers.note.",
                ),
                Dropped(
                    field="shop/customers.adresse",
                    reason="rule",
                    reason_text="Analysis does not need this contact data (data minimisation).",
                ),
            ),
            "gate": GateRecord(
                passed=True,
                checks=checks,
                not_checked=(
                    "whether a value of the source is left in the output (needs the source)",
                ),
            ),
        }
    )
