"""What the words around say: goods, firms, lists, doors, accounts, telephones, user names."""

from __future__ import annotations

import random

import pytest
import regex

from detectors.folding import fold
from detectors.ner.annotated import parse
from detectors.texts.goods_names import goods_among, without
from detectors.texts.resolution import NAMED_ENTITIES
from sladd.model import Span

P, T = "PERSON", "PHONE_NUMBER"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Money and what is paid to.
        ("Sett pengene inn på 86011117947.", [("NO_KONTONUMMER", "86011117947")]),
        ("Nummeret 86011117947 står på esken", []),
        ("Bruk 8601.11.17947 neste gang", [("NO_KONTONUMMER", "8601.11.17947")]),
        ("Pengene for faktura 86011117947", [("ORDER_NUMBER", "86011117947")]),
        # Telephones by the words of their sentence, and orders that look like them.
        ("Nytt nummer er fra nå av 91234567", [(T, "91234567")]),
        ("Send bildet til 91234567", [(T, "91234567")]),
        ("Vi betaler med 91234567 (vipps)", [(T, "91234567")]),
        ("Jeg ringte om kvitteringen, ordre 91234567", [("ORDER_NUMBER", "91234567")]),
        ("Esken hadde merkelapp 91234567", []),
        ("Åpent 08.30-16.00 hele uken", []),
        ("Kurv nr. 41 22 33 44 er tømt", []),
        # Passports, cars, user names.
        ("Han viste pass. Nummeret er 27123456", [("PASSPORT_NUMBER", "27123456")]),
        ("Passkopien ligger ved, FHC002549", [("PASSPORT_NUMBER", "FHC002549")]),
        ("Hvit varebil, EK 54321, ved porten", [("NO_NUMBER_PLATE", "EK 54321")]),
        ("Art. EK 54321 er utsolgt", []),
        ("Brukernavnet er snurrebass, takk", [("USERNAME", "snurrebass")]),
        ("Brukernavnet er opptatt", []),
        ("Bruker: skal vi se\nAgent: ja", []),
        ("Logoen heter logo_final.pdf", []),
        # Addresses of one network alone, sentences that end in `v.`, telephones behind a name.
        ("Skriveren er 192.168.4.20", []),
        ("Vi fikk et langt brev. 40 glass var knust", []),
        ("Sted - Kari Nordhaugen, 401 22 695", [(P, "Kari Nordhaugen"), (T, "401 22 695")]),
    ],
)  # fmt: skip
def test_a_number_without_its_label_is_told_by_the_sentence(pieces, text, expected):
    """The same digits are an account, a telephone or nothing, by what is said of them."""
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kaffekoppen Torhild er dreid", []),
        ("Er Torhild tykkere enn Solfrid?", []),
        ("Modellene Torhild og Solfrid er utgått", []),
        ("Finnes Torhild i grønt?", []),
        ("«Torhild»-sjalet klør", []),
        ("Da tar jeg 40 Torhild", []),
        ("Hva veier Torhild uten lokk?", []),
        ("Kan Torhild brukes ute?", []),
        ("Pakkeliste: 6 x Torhild, 2 x Solfrid", []),
        ("Har dere flere av Torhild i lilla, eller bare Solfrid?", []),
        ("Lån av stand til Torhild Hansen Eiendom", []),
        ("Bruk Torhild_02 på nett", []),
        ("Hunden vår heter Torhild", []),
        ("M/S Torhild går fra kai", []),
        ("Hei Torhild,\nhar dere koppen Torhild?", ["Torhild", "Torhild"]),
        ("Torhild ringte om koppen", ["Torhild"]),
        ("Genseren til Torhild er for liten", ["Torhild"]),
    ],
)
def test_names_of_goods_are_told_by_their_frame(pieces, text, expected):
    """A frame makes a name one of goods, unless the text also greets a person of that name."""
    assert [words for kind, words in pieces(text) if kind == P] == expected


def test_goods_named_in_one_breath_are_goods():
    """What stands in a list with goods is goods as well, wherever the text names it again."""
    text = "Torhild, Solfrid og Ragnvi. Er Solfrid vanntett? Ragnvi da?"
    spans = [
        Span(m.start(), m.end(), P, 0.6, NAMED_ENTITIES[P])
        for m in regex.finditer("Torhild|Solfrid|Ragnvi", text)
    ]
    goods = goods_among(spans, fold(text))
    assert goods == {"torhild", "solfrid", "ragnvi"}
    assert without(spans, fold(text), goods) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vi er Haugen Rør og Torhild Interiør", []),
        ("Hilsen Profilhuset", []),
        ("Torhild Moen i Moen & Lie Foto", ["Torhild Moen"]),
        ("Påmeldt: Torhild, Xaquira og Solfrid", ["Torhild", "Xaquira", "Solfrid"]),
        ("1 Torhild\n2 Xaquira\n3 Solfrid\n4 Mai", ["Torhild", "Xaquira", "Solfrid", "Mai"]),
        ("Farger: Blå, Rød og Grønn", []),
        ("på skiltet står Nordhaugen", ["Nordhaugen"]),
        ("Postkassen er merket «Moen/Xaquiren»", ["Moen", "Xaquiren"]),
        ("Dere skrev «Torill», ikke «Toril»", ["Torill", "Toril"]),
        ("Navnet staves T-O-R-I-L", ["T-O-R-I-L"]),
        ("Oldemor Xaquira fyller år", ["Xaquira"]),
        ("Snakk med Hans Kristian", ["Hans Kristian"]),
        ("Hei Dag. Takk sist", ["Dag"]),
        ("Hans Kristian", ["Hans Kristian"]),
        ("Vår Torhild har sluttet", ["Torhild"]),
        ("Torhild «Tulla» Hansen kommer", ["Torhild «Tulla» Hansen"]),
        ("Lykke til videre!", []),
        ("Hei Jørn Are, takk", ["Jørn Are"]),
        ("Moen, Dahl og Partnere", []),
        ("Koden TORHILD20 virker ikke", []),
        ("Sendt til kwame i går", ["kwame"]),
        ("Sendt til Kwame og Fatou", ["Kwame", "Fatou"]),
    ],
)
def test_names_are_told_by_lists_doors_kin_and_trades(pieces, text, expected):
    """Rules alone tell persons from firms, and unusual names by their company."""
    assert [words for kind, words in pieces(text) if kind == P] == expected


def test_mailboxes_of_roles_are_a_companys(find):
    """An editor's or a treasurer's mailbox is a role's, with a name behind it a person's."""
    found = find(["redaktor@example.no, kasserer@example.no, kari.moe@example.no"])[0]
    assert [span.category for span in found] == [
        "organization.contact.email",
        "organization.contact.email",
        "user.contact.email",
    ]


def test_training_texts_keep_their_marks_when_words_change():
    """Dialect and slips change words beside the names, never the names."""
    from detectors.ner.training.variation import _rewritten

    text = parse("Jeg ringte [Kari Nordmann](PER) i [Oslo](LOC) i går")
    lots = random.Random(3)
    changed = _rewritten(text, lambda word: word + "x" * lots.randint(0, 3))
    assert [changed.text[m.start : m.end] for m in changed.mentions] == ["Kari Nordmann", "Oslo"]
    assert changed.text != text.text


def test_tokens_become_running_text():
    """A corpus in tokens is spaced as people write."""
    from detectors.ner.training.distil import spaced

    assert spaced('Han sa : " Kom , Kari ! " ( og gikk )') == 'Han sa: "Kom, Kari!" (og gikk)'
