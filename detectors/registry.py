"""Which recognisers take part: ours, those of other countries, of plug-ins, and a user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detectors.declaration import Declaration
from sladd.errors import DetectionError
from sladd.plugins import entry_points

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerRegistry

ENTRY_POINTS = "sladd.recognizers"


@dataclass(frozen=True, slots=True)
class Detectors:
    """The recognisers of one run.

    Attributes:
        declarations: one for each entity, the highest rank (lowest number) first.
        registry: Presidio's, with one instance of each recogniser for each language.
    """

    declarations: tuple[Declaration, ...]
    registry: RecognizerRegistry


def build(
    languages: Sequence[str],
    countries: Sequence[str] = ("NO",),
    custom: Sequence[Path] = (),
) -> Detectors:
    """Make the recognisers for these languages and countries.

    Args:
        languages: codes such as `nb`, `nn`, `en`; at least one.
        countries: ISO 3166-1 alpha-2. Recognisers without a country always take part.
        custom: a user's Presidio YAML files.

    Raises:
        DetectionError: no language (701), an unknown country (702), two recognisers of one
            name or entity (703), a plug-in without a declaration (704), or a file that is
            wrong (705-709).
    """
    from presidio_analyzer import RecognizerRegistry

    import detectors
    from detectors.custom import load
    from detectors.international import national_id

    if not languages:
        raise DetectionError("no language given", code=701, where="languages", mend="name one: nb")
    wanted = tuple(dict.fromkeys(country.upper() for country in countries))
    known = {"NO", *national_id.countries()}
    if unknown := [country for country in wanted if country not in known]:
        raise DetectionError(
            f"no recognisers for {', '.join(unknown)}",
            code=702,
            where="countries",
            mend=f"use any of {', '.join(sorted(known))}",
        )
    classes: list[Any] = [
        found
        for found in (*detectors.RECOGNIZERS, *_plugins())
        if found.COUNTRY_CODE is None or found.COUNTRY_CODE.upper() in wanted
    ]
    classes += national_id.recognizers(wanted)
    instances: list[Any] = [kind(language) for kind in classes for language in languages]
    instances += [found for path in custom for found in load(path, languages)]
    declarations = _unique(instances)
    registry = RecognizerRegistry(recognizers=instances, supported_languages=list(languages))
    return Detectors(declarations, registry)


def _plugins() -> list[Any]:
    """Recogniser classes that other packages offer."""
    found = []
    for point in entry_points(group=ENTRY_POINTS):
        kind = point.load()
        if not isinstance(getattr(kind, "DECLARATION", None), Declaration):
            raise DetectionError(
                f"the recogniser {point.name} has no DECLARATION",
                code=704,
                where=point.value,
                mend="update or uninstall the package that brings it",
            )
        found.append(kind)
    return found


def _unique(instances: Sequence[Any]) -> tuple[Declaration, ...]:
    """One declaration an entity, by rank; the same entity or name from two is an error."""
    entities: dict[tuple[str, str], Any] = {}
    names: dict[tuple[str, str], Any] = {}
    declarations: dict[str, Declaration] = {}
    for instance in instances:
        declaration = instance.declaration
        for seen, name in ((entities, declaration.entity), (names, instance.name)):
            if (name, instance.supported_language) in seen:
                raise DetectionError(
                    f"two recognisers are called {name}",
                    code=703,
                    where=f"{type(instance).__module__}, language {instance.supported_language}",
                    mend="rename or remove one of them",
                )
            seen[name, instance.supported_language] = instance
        declarations.setdefault(declaration.entity, declaration)
    return tuple(sorted(declarations.values(), key=lambda d: (d.rank, d.entity)))
