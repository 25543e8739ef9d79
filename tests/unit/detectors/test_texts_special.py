"""What sentences say of belief, politics, unions, origin, orientation and offences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Pieces = Callable[[str], list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Jeg er katolikk og vil ha et kort", "BELIEF", "katolikk"),
        ("Eg melde meg ut av kyrkja i vår", "BELIEF", "melde meg ut av kyrkja"),
        ("My wife is Jewish, so no crosses", "BELIEF", "Jewish"),
        ("Jeg stemmer SV og liker rødt", "POLITICS", "stemmer SV"),
        ("Kona er ordførerkandidat for Senterpartiet", "POLITICS", "ordførerkandidat for Senterpartiet"),
        ("I'm a Labour councillor", "POLITICS", "Labour councillor"),
        ("Han er plasstillitsvalgt hos oss", "UNION", "plasstillitsvalgt"),
        ("Hun er organisert i Fellesforbundet", "UNION", "organisert i Fellesforbundet"),
        ("Vi er samer fra Tana", "ETHNICITY", "samer"),
        ("eg er same og vil ha namnet rett", "ETHNICITY", "er same"),
        ("Familien er kurdisk, så bytt flagget", "ETHNICITY", "kurdisk"),
        ("Sønnen vår er trans og har nytt navn", "ORIENTATION", "trans"),
        ("Jeg ble dømt for tyveri i fjor", "OFFENCE", "dømt for tyveri"),
    ],
)  # fmt: skip
def test_who_somebody_is_belongs_to_or_did_is_one_finding(
    pieces: Pieces, text: str, kind: str, words: str
) -> None:
    """The phrase takes the words of the lists that stand in it."""
    revealing = [piece for piece in pieces(text) if piece[0].startswith("MAY_REVEAL_")]
    assert revealing == [(f"MAY_REVEAL_{kind}", words)]


@pytest.mark.parametrize(
    "text",
    [
        "Det er same pris på kvite og raude koppar, meiner eg",
        "Eg spør: er det same person?",
        "Trykk et høyre og et venstre erme til meg",
        "Vi trenger rødt garn, jeg vil ikke ha burgunder",
        "Hvor mange partier papir får jeg i måneden?",
        "Koppen er katolsk i stilen",
        "My mug needs a union jack",
    ],
)
def test_colours_sides_and_the_same_are_nobodys(pieces: Pieces, text: str) -> None:
    """Names of parties are words of every day, and `same` is the same in nynorsk."""
    assert not [piece for piece in pieces(text) if piece[0].startswith("MAY_REVEAL_")]
