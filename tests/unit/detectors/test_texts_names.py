"""Names of persons by rule: where letters, forms and notes have them, and look-alikes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Pieces = Callable[[str], list[tuple[str, str]]]


def _persons(pieces: Pieces, text: str) -> list[str]:
    return [words for kind, words in pieces(text) if kind == "PERSON"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Salutations and closings.
        ("Hei Kari, takk for sist", ["Kari"]),
        ("hei kari, takk for sist", ["kari"]),
        ("Hei Kari og Ola!", ["Kari", "Ola"]),
        ("Kjære fru Haugen", ["Haugen"]),
        ("Dear Mr. Smith, thank you", ["Smith"]),
        ("Alt i orden.\n\nMed vennlig hilsen\nKari Nordmann\nDaglig leder", ["Kari Nordmann"]),
        ("Alt i orden. mvh ola", ["ola"]),
        ("Venleg helsing\nSigrid Bakke", ["Sigrid Bakke"]),
        ("Best regards,\nJohn Peterson", ["John Peterson"]),
        ("Mvh Thuy", ["Thuy"]),
        ("Hilsen Kari & Per", ["Kari", "Per"]),
        ("Takk for hjelpen!\nRandi", ["Randi"]),
        ("Sendes i morgen /Siri", ["Siri"]),
        ("Klem, Ingeborg", ["Ingeborg"]),
        # Announced.
        ("jeg heter Kari Nordmann og lurer på noe", ["Kari Nordmann"]),
        ("eg heiter sigrid bakke", ["sigrid bakke"]),
        ("æ heite Trond", ["Trond"]),
        ("My name is Emily Clarke.", ["Emily Clarke"]),
        ("Mitt navn er Per", ["Per"]),
        ("Navn: xun zhou\nTlf: 1", ["xun zhou"]),
        ("Navn: Hamza Yilmaz", ["Hamza Yilmaz"]),
        ("Kunde: Kari Nordmann (ring etter 15)", ["Kari Nordmann"]),
        ("Bygg AS v/ Kari Nordmann", ["Kari Nordmann"]),
        ("att: Lene", ["Lene"]),
        ("Snakket med Geir i dag", ["Geir"]),
        ("på vegne av Asbjørg Tveit", ["Asbjørg Tveit"]),
        ("Hei, det er Kari her", ["Kari"]),
        ('Ring på der det er merket "Lund/Knutsen"', ["Lund", "Knutsen"]),
        # Mail headers.
        ("Fra: Kari Nordmann <kari@example.no>", ["Kari Nordmann"]),
        ("From: Kowalczyk, Agnieszka <ak@example.pl>", ["Kowalczyk, Agnieszka"]),
        ("Til: Ivar Vik; Ragnhild Moe", ["Ivar Vik", "Ragnhild Moe"]),
        ("Den 3. mars 2026 kl. 12.03 skrev Kari Moe <k@example.no>:", ["Kari Moe"]),
        ("On Mon, Mar 2, 2026, Xun Zhou <x@example.com> wrote:", ["Xun Zhou"]),
        # By the lists.
        ("Avtalt med Bjørn Erik Sæther i går", ["Bjørn Erik Sæther"]),
        ("MARIT HANSEN har betalt", ["MARIT HANSEN"]),
        ("silje marie andersen har betalt", ["silje marie andersen"]),
        ("Hansen, Marit: betalt", ["Hansen, Marit"]),
        ("Levert av K. Hansen", ["K. Hansen"]),
        ("Bjorn Soerensen har betalt", ["Bjorn Soerensen"]),
        ("Snekker Ola Hansen kommer", ["Ola Hansen"]),
        ("Regning til Kari Hansen ENK", ["Kari Hansen"]),
        ("Navn: Dagny, Espen og Farida.", ["Dagny", "Espen", "Farida"]),
        # The span is the name; the genitive is not.
        ("Karis pakke er her", ["Kari"]),
        ("Har dere Hansens ordre?", ["Hansen"]),
        ("Lars sin pakke og Jens' kopp", ["Lars", "Jens"]),
        ("Ben Collins <ben@example.com>", ["Ben Collins"]),
        # Again in the same text.
        ("Kari Xyzzy ringte. xyzzys pakke mangler, sier kari", ["Kari Xyzzy", "xyzzy", "kari"]),
        ("Skriv til sindre.moe@example.no. Sindre svarer.", ["Sindre"]),
        ("Per Moen ringte. Per venter. 45 kr per stk.", ["Per Moen", "Per"]),
    ],
)  # fmt: skip
def test_names_are_found_where_people_write_them(pieces, text, expected):
    """Greetings, closings, labels, headers, lists of names, and the same name again."""
    assert _persons(pieces, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Har dere Kari Traa-ull og Ole Bull-krus?",
        "Kari Traa har salg, og Jack Daniels er utsolgt",
        "Karl Johan er en gate",
        "Mvh kundeservice",
        "Hei alle sammen, hei dere",
        "Hei Kundeservice! Hei Team!",
        "Per stk 45 kr. Per dags dato.",
        "Takk for hjelpa\nVi ses",
        "Liv og røre på messa. Sol ute. Storm på vei. Even om.",
        "Mandag, Tirsdag og Mars er opptatt. Vår og Høst.",
        "Leveringsveien er lang",
        "Faktura til Halvor & Sønner AS og Hansen Bygg AS",
        "Mvh Sørlandet Profil AS",
        "Hilsen oss i Oslo",
        "Til: Support",
        "Grace-modellen i Jade",
        "Kjære Bestemor",
        "ATTRAKTIV PRIS, ATTEST FØLGER",
        "Sendt 23 Jan 2026",
        "Navn: \nAdresse: ",
        "hvem har fått min pakke? kan den byttes?",
        "Order received. Best price. Will it ship in May?",
        "#kari /brukere/kari fil_kari.pdf",
    ],
)
def test_what_only_looks_like_a_name_is_left_alone(pieces, text):
    """Brands, roles, companies, days, words that are also names."""
    assert _persons(pieces, text) == []
