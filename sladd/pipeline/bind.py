"""A checked configuration together with the plug-ins it names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import sladd
from sladd import taxonomy
from sladd.config import Config, SecretReader, load_config
from sladd.errors import ConfigError, SladdError, raise_all
from sladd.model import NotScanned, Source, SpanFinder

if TYPE_CHECKING:
    from detectors.registry import Detectors
    from sladd.catalog import Catalog
    from sladd.keyring import Keyring
    from sladd.pipeline.texts import TextFinders
    from transforms.contract import Transform
    from transforms.hierarchies import TableHierarchy


class Bound:
    """The configuration with everything it refers to, each part made when first asked for.

    Starting Presidio takes a second that `sladd findings` should not pay.
    """

    def __init__(self, config: Config) -> None:
        self.config = config

    def __repr__(self) -> str:
        return f"<Bound configuration of {len(self.config.sources)} sources>"

    @cached_property
    def taxonomy(self) -> taxonomy.Taxonomy:
        """Every category."""
        return taxonomy.load()

    @cached_property
    def detectors(self) -> Detectors:
        """Recognisers for the configured languages and countries."""
        from detectors import registry

        return registry.build(
            self.config.languages,
            countries=tuple(dict.fromkeys((self.config.region, *self.config.detection.countries))),
            custom=[self.config.path(p) for p in self.config.detection.recognizers],
        )

    @cached_property
    def transforms(self) -> Mapping[str, Transform]:
        """Every transform by name."""
        import transforms
        from transforms.generalise import Generalise

        found = transforms.registry()
        if not self.config.hierarchies:
            return found
        return {**found, "generalise": Generalise(self.hierarchies)}

    @cached_property
    def hierarchies(self) -> Mapping[str, TableHierarchy]:
        """The user's own hierarchies by name.

        Raises:
            ConfigError: one cannot be used (SLADD-142…145).
        """
        from sladd.pipeline.hierarchies import read_hierarchies

        found, errors = read_hierarchies(self.config)
        raise_all(errors)
        return found

    @cached_property
    def keyring(self) -> Keyring:
        """The configured keys; none is read before it is asked for."""
        from sladd.keyring import Keyring

        targets = [self.config.folder_of(name) for name in self.config.releases]
        stores = self.config.object_stores
        return Keyring(self.config.keys, root=self.config.root, targets=targets, stores=stores)

    @cached_property
    def catalog(self) -> Catalog:
        """The opened catalog."""
        from sladd.catalog import open_catalog

        return open_catalog(self.config.catalog, root=self.config.root)

    @property
    def find_spans(self) -> SpanFinder:
        """Rules and, where one is loaded, a language model over texts."""
        return self.text_finders.everything

    @cached_property
    def text_finders(self) -> TextFinders:
        """What finds personal data in texts."""
        from sladd.pipeline.texts import text_finders

        return text_finders(self.detectors, self.config)

    @cached_property
    def ruleset(self) -> str:
        """Changes when a scan of the same data could find something else."""
        from detectors import ner
        from detectors.columns.version import ruleset_version

        seen = [
            sladd.__version__,
            ruleset_version(),
            ner.version(),
            sorted(d.entity for d in self.detectors.declarations),
            self.config.languages,
            self.config.detection.model_dump(mode="json"),
            [
                p.read_text("utf-8")
                for p in map(self.config.path, self.config.detection.recognizers)
            ],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]

    def source_names(self, asked: Sequence[str]) -> tuple[str, ...]:
        """The sources asked for; all of them for none.

        Raises:
            ConfigError: there is no such source, or none at all (SLADD-130, 131).
        """
        known = self.config.sources
        if not known:
            raise ConfigError(
                "the configuration has no source", code=131, where="sladd.yaml", mend="add one"
            )
        for name in asked:
            if name not in known:
                close = get_close_matches(name, known, n=1)
                raise ConfigError(
                    f"there is no source '{name}'",
                    code=130,
                    where="sladd.yaml, sources",
                    mend=f"did you mean '{close[0]}'?" if close else f"known: {', '.join(known)}",
                )
        return tuple(asked) or tuple(known)

    def open_source(self, name: str) -> Source:
        """Open one source; the names it exposes are judged first."""
        from detectors.columns.names import name_is_personal
        from sladd.sources import open_source

        return open_source(
            name,
            self.config.sources[name],
            root=self.config.root,
            name_is_personal=name_is_personal,
        )

    def person_links(self) -> dict[str, str]:
        """`person:` of all sources, by full table address."""
        return {
            f"{name}/{table}": column
            for name, source in self.config.sources.items()
            for table, column in source.person.items()
        }


def bind(config: Config | Path, secret: SecretReader | None = None) -> Bound:
    """Check every name that the configuration uses.

    Args:
        config: a loaded configuration, or the path of one.
        secret: asked for `${NAME}` before the environment.

    Raises:
        ConfigError: a release names an unknown source, key, category or transform, or
            `data_subjects` such a source (SLADD-132…135), or text files without documents (137), or a level that a hierarchy
            lacks (146); all faults together. A hierarchy cannot be used (142…145).
        DetectionError: a language model is named that is not installed (SLADD-712).
    """
    loaded = load_config(config, secret) if isinstance(config, Path) else config
    bound = Bound(loaded)
    errors: list[SladdError] = []
    if loaded.hierarchies:
        from sladd.pipeline.hierarchies import check_levels

        errors += check_levels(loaded, bound.hierarchies)
    if loaded.detection.spacy:
        from detectors.language_models import missing_models
        from sladd.pipeline.texts import named_models

        errors += missing_models(named_models(loaded))
    for group, tables in loaded.data_subjects.items():
        where = f"sladd.yaml, data_subjects.{group}"
        for source in dict.fromkeys(table.partition("/")[0] for table in tables):
            if source not in loaded.sources:
                errors.append(_unknown("source", source, loaded.sources, 132, where))
    for name, release in loaded.releases.items():
        where = f"sladd.yaml, releases.{name}"
        for source in release.from_:
            if source not in loaded.sources:
                errors.append(_unknown("source", source, loaded.sources, 132, where))
        if loaded.keys and release.key not in loaded.keys:
            errors.append(_unknown("key", release.key, loaded.keys, 133, where))
        read = [loaded.sources[s].documents for s in release.from_ if s in loaded.sources]
        if release.documents == "text" and not any(read):
            errors.append(
                ConfigError(
                    "documents: text asks for text files, and no source of the release has documents",
                    code=137,
                    where=where,
                    mend="name a source with documents under from, or take the line out",
                )
            )
        for rule in release.rules:
            if rule.transform not in bound.transforms:
                errors.append(_unknown("transform", rule.transform, bound.transforms, 135, where))
            if rule.category is not None and rule.category not in bound.taxonomy:
                errors.append(
                    _unknown("category", rule.category, bound.taxonomy.categories, 134, where)
                )
    raise_all(errors)
    return bound


def _unknown(
    noun: str, name: str, known: Mapping[str, object], code: int, where: str
) -> ConfigError:
    close = get_close_matches(name, known, n=1)
    return ConfigError(
        f"there is no {noun} '{name}'",
        code=code,
        where=where,
        mend=f"did you mean '{close[0]}'?" if close else f"known: {', '.join(sorted(known)[:8])}",
    )


def as_not_scanned(name: str, error: SladdError) -> NotScanned:
    """A source or table that failed, as a line of the report."""
    text = error.what + (f" · {error.mend}" if error.mend else "")
    return NotScanned(where=name, reason=text, code=error.code)
