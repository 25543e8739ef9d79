"""What was found, read narrowly: for pages that answer at once over 20,000 fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as fresh

from sladd.catalog import Catalog, Standing, TableStanding
from sladd.config import Config
from sladd.model import FieldScan, How, StorageType
from sladd.reports.discovery import kind_of, outlined
from sladd.reports.facts import FieldFacts, Outline, TableFacts
from sladd.reports.names import Names, names_of
from sladd.taxonomy import Taxonomy
from sladd.writing.escaping import visible

COUNTED = "children"
"""The signal whose evidence the gaps need: how many persons are under age."""

_Tell = Callable[[Standing, str], FieldFacts]


@dataclass(frozen=True, slots=True)
class Told:
    """What one state of the scans said; a decision changes little of it.

    Attributes:
        more: number of a finding → what the scan says, where columns do not tell it.
        tables: by key, each with the fields that it was told with.
    """

    more: Mapping[int, FieldScan]
    tables: dict[str, tuple[tuple[Standing, ...], TableFacts]] = fresh(default_factory=dict)


def gather_outline(
    catalog: Catalog, taxonomy: Taxonomy, config: Config, told: Told | None = None
) -> Outline:
    """Collect what the record and the gaps ask for.

    Args:
        catalog: of the sources.
        taxonomy: for what categories mean.
        config: names the sources.
        told: what was told since the last scan finished, which is most of it; is added to.
    """
    masked = names_of(catalog.fields.masked())
    told = told or Told(catalog.fields.telling())
    tell = _telling(told.more, masked, taxonomy)

    def facts(field: Standing) -> FieldFacts:
        return tell(field, masked.address(field.address) if field.masked else field.address)

    def of_table(table: TableStanding) -> TableFacts:
        before = told.tables.get(table.key)
        if before is not None and before[0] is table.columns:
            return before[1]
        found = TableFacts(
            address=table.address,
            name=visible(table.shown),
            rows=table.rows,
            total=table.total,
            drawn="",
            person_path=(),
            root=table.role == "person",
            fields=tuple([facts(field) for field in table.columns]),
        )
        told.tables[table.key] = table.columns, found
        return found

    return outlined(
        catalog, config, [(table.source, of_table(table)) for table in catalog.worklist.tables()]
    )


def _telling(more: Mapping[int, FieldScan], masked: Names, taxonomy: Taxonomy) -> _Tell:
    """What makes a field's facts; looks each word up once."""
    storages = {each.value: each for each in StorageType}
    categories = taxonomy.categories
    kinds = {
        (key, how): kind_of(categories.get(key), how) if how is not How.NONE else ""
        for key in ("", *categories)
        for how in How
    }

    def tell(field: Standing, address: str) -> FieldFacts:
        how = field.how
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
            field.personal,
        )

    return tell
