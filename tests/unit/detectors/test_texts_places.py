"""Places by name: those the lists know behind a preposition, and a model's that are none."""

from __future__ import annotations

import pytest

from detectors.texts.place_names import PlaceNameRecognizer, refuted_place


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Kommer fra Eritrea og bor i Rjukan", ["Eritrea", "Rjukan"]),
        ("me bur i levanger no", ["levanger"]),
        ("vi bor på hadeland", ["hadeland"]),
        ("Vi er fra Sokndal kommune", []),
        ("til Dale kommer hun", []),  # a given name as well
        ("i morgen på fredag", []),
    ],
)
def test_known_places_stand_behind_prepositions(text: str, places: list[str]) -> None:
    """Bodies, names of persons and words of every day are not claimed."""
    found = [text[start:end] for start, end, _ in PlaceNameRecognizer("nb").find(text)]
    assert found == places


@pytest.mark.parametrize(
    ("text", "place", "refuted"),
    [
        ("Hos Tromøy Båtbyggeri i dag", "Tromøy Båtbyggeri", True),
        ("Sokndal kommune", "Sokndal", True),
        ("En Stavanger-bag takk", "Stavanger", True),
        ("Umbrella Storm 130 cm", "Umbrella Storm 130 cm", True),
        ("på messenger i går", "messenger", True),
        ("Møtes i Lom stavkyrkje", "Lom stavkyrkje", False),
        ("bur i Løkjastølen 11", "Løkjastølen 11", False),
        ("Vi er i Sokndal", "Sokndal", False),
        ("Fint om Elkem Bremanger svarer", "Bremanger", True),
        ("laget Holmlia SK spiller", "Holmlia", True),
        ("Levering på Rampe 3", "Rampe 3", True),
        ("det er en Opel", "Opel", True),
        ("Hilsen Ane på Grevstad", "Grevstad", False),
        ("4 jobb: Grønland 58, 5. etasje", "Grønland 58", False),
    ],
)
def test_what_a_model_takes_for_a_place_is_looked_at_again(
    text: str, place: str, refuted: bool
) -> None:
    """Bodies, compounds, goods and lower-cased words are none; churches and farms are."""
    start = text.index(place)
    assert refuted_place(text, start, start + len(place)) is refuted
