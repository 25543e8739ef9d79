"""Where a field is: the addresses of tables and fields."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


def _encode(part: str) -> str:
    """Percent-encode what separates or could break an address; letters of any script stay."""
    if part.replace("_", "").isalnum():  # nearly every name
        return part
    # `quote` would encode æøå as well, and an officer reads these addresses;
    # and leave the dot alone, which separates here.
    return "".join(
        c if c.isalnum() or c in "_-:*@#$+=&()" else "%2E" if c == "." else quote(c, safe="")
        for c in part
    )


@dataclass(frozen=True, slots=True, order=True)
class TableRef:
    """The address of a table: `shop/public.customers`, `exports/orders`."""

    source: str
    name: str
    schema: str | None = None

    def __str__(self) -> str:
        table = _encode(self.name)
        if self.schema:
            table = f"{_encode(self.schema)}.{table}"
        return f"{_encode(self.source)}/{table}"


@dataclass(frozen=True, slots=True, order=True)
class FieldRef:
    """The address of a field: `shop/public.customers.email`, `exports/weblog.user.email`.

    `path` leads into a nested value: JSON keys, `[]` for the elements of an array, `*` for
    the values of an object whose keys are data. The key of an EAV table is a path as well.
    """

    table: TableRef
    column: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = f"{self.table}.{_encode(self.column)}"
        for part in self.path:
            text += part if part == "[]" else f".{_encode(part)}"
        return text

    @property
    def source(self) -> str:
        """Name of the source."""
        return self.table.source

    @property
    def top(self) -> FieldRef:
        """The column that holds this field; itself when it is not nested."""
        return FieldRef(self.table, self.column) if self.path else self
