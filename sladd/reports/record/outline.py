"""What was found, read narrowly: for pages that answer at once over 20,000 fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sladd.catalog import Catalog, FieldOutline, TableOutline
from sladd.config import Config
from sladd.model import FieldScan, How, StorageType
from sladd.reports.discovery import kind_of, outlined
from sladd.reports.facts import FieldFacts, Outline, TableFacts
from sladd.reports.names import Names, names_of
from sladd.taxonomy import Taxonomy
from sladd.writing.escaping import visible

COUNTED = "children"
"""The signal whose evidence the gaps need: how many persons are under age."""

_Tell = Callable[[FieldOutline, str], FieldFacts]


def gather_outline(catalog: Catalog, taxonomy: Taxonomy, config: Config) -> Outline:
    """Collect what the record and the gaps ask for.

    Args:
        catalog: of the sources.
        taxonomy: for what categories mean.
        config: names the sources.
    """
    masked = names_of(catalog.masked())
    tell = _telling(catalog.telling(), masked, taxonomy)

    def address(field: FieldOutline) -> str:
        return masked.address(field.address) if field.masked else field.address

    def told(table: TableOutline) -> TableFacts:
        return TableFacts(
            address=table.address,
            name=visible(table.shown),
            rows=table.rows,
            total=table.total,
            drawn="",
            person_path=(),
            root=table.role == "person",
            fields=tuple([tell(field, address(field)) for field in table.fields]),
        )

    return outlined(catalog, config, [(table.source, told(table)) for table in catalog.outline()])


def _telling(more: Mapping[int, FieldScan], masked: Names, taxonomy: Taxonomy) -> _Tell:
    """What makes a field's facts; looks each word up once."""
    hows = {each.value: each for each in How}
    storages = {each.value: each for each in StorageType}
    categories = taxonomy.categories
    kinds = {
        (key, how): kind_of(categories.get(key), how) if how is not How.NONE else ""
        for key in ("", *categories)
        for how in How
    }

    def tell(field: FieldOutline, address: str) -> FieldFacts:
        how = hows[field.how]
        scan = more.get(field.finding)
        found = scan is not None and how is not How.NONE
        evidence = scan.finding.evidence if scan is not None else ()
        key = field.category if field.category in categories else ""
        return FieldFacts(
            address,
            field.shown,
            storages[field.storage],
            how,
            kinds[key, how],
            categories.get(key),
            tuple(categories[k] for k in scan.finding.also if k in categories)
            if scan is not None and found
            else (),
            field.type,
            field.confidence,
            tuple([masked.evidence(item) for item in evidence if item.signal == COUNTED]),
            (),
            field.state,
            None,
            bool(field.personal),
        )

    return tell
