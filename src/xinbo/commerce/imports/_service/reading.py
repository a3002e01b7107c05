"""Read what the rows of one product say together, noting what is wrong in which cell."""

from collections.abc import Callable, Collection, Mapping

from xinbo.commerce import catalog
from xinbo.commerce.catalog import ProductStatus
from xinbo.commerce.imports._rules import cells, html
from xinbo.commerce.imports._rules.columns import NAMES, VALUES, Field
from xinbo.commerce.imports._service.files import SHOWN, Row
from xinbo.commerce.imports._service.grouping import Group
from xinbo.commerce.imports._types import HeaderSet, RowError

LONGEST: Mapping[Field, int] = {
    Field.HANDLE: 120,
    Field.TITLE: 120,
    Field.SUBTITLE: 200,
    Field.DESCRIPTION: 20_000,
    Field.UNIT: 12,
    Field.SKU: 64,
    Field.BARCODE: 64,
    Field.ALT: 200,
    Field.BRAND: 60,
    Field.CATEGORY: 200,
    Field.CONTENT: 20,
    **dict.fromkeys(NAMES, 40),
    **dict.fromkeys(VALUES, 60),
}


class Reading:
    """Cells on the one hand, faults on the other."""

    def __init__(
        self, names: Mapping[Field, str], present: Collection[Field], header_set: HeaderSet
    ) -> None:
        self._names = names
        self.present = present
        """The fields that the file has a column for."""
        self._html = header_set is not HeaderSet.CHINESE
        self.faults: list[RowError] = []
        self._faulty: set[int] = set()

    def carry(self, row: Row) -> None:
        """Take over what was wrong with the row's cells as such."""
        self.faults.extend(row.faults)
        self._faulty.update(fault.row for fault in row.faults)

    def fault(self, row: Row, field: Field, error: str) -> None:
        """Note that something is wrong in a cell."""
        value = row.cells.get(field, "")[:SHOWN]
        column = self._names.get(field, "")
        self.faults.append(RowError(row=row.number, column=column, value=value, error=error))
        self._faulty.add(row.number)

    def has_faults(self, group: Group) -> bool:
        """Say whether something is wrong in these rows."""
        return any(row.number in self._faulty for row in group.rows)

    def cell(self, row: Row, field: Field) -> str:
        """Read one text, made fit to be kept."""
        raw = row.cells.get(field, "")
        if not raw:
            return ""
        if field is Field.DESCRIPTION:
            text = catalog.paragraph(html.to_text(raw) if self._html else raw)
        else:
            text = catalog.clean(raw)
        if len(text) > LONGEST[field]:
            self.fault(row, field, "TooLong")
        return text

    def shared(self, group: Group, field: Field) -> str | None:
        """Read a text that all rows of the product share; None where no row says it."""
        found: str | None = None
        for row in group.rows:
            text = self.cell(row, field)
            if text and found is None:
                found = text
            elif text and text != found:
                self.fault(row, field, "ValueDiffers")
        return found

    def text(self, group: Group, field: Field) -> str | None:
        """Read a text that may be empty; None where the file has no such column."""
        return (self.shared(group, field) or "") if field in self.present else None

    def number(self, row: Row, field: Field, parse: Callable[[str], int]) -> int | None:
        """Read a number; None where the cell is empty or wrong."""
        raw = row.cells.get(field, "")
        if not raw:
            return None
        try:
            return parse(raw)
        except cells.BadCell as bad:
            self.fault(row, field, str(bad))
            return None

    def status(self, group: Group) -> ProductStatus | None:
        """Read whether the product is on sale, from `Status` or Shopify's older `Published`."""
        for field, parse in ((Field.STATUS, cells.status), (Field.PUBLISHED, cells.published)):
            said = self.shared_raw(group, field)
            if said is None:
                continue
            row, word = said
            try:
                return parse(word)
            except cells.BadCell as bad:
                self.fault(row, field, str(bad))
                return None
        return None

    def shared_raw(self, group: Group, field: Field) -> tuple[Row, str] | None:
        """Return the first row that says something in the column, and what."""
        for row in group.rows:
            if word := catalog.clean(row.cells.get(field, "")):
                return row, word
        return None
