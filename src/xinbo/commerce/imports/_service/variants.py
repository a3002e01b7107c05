"""Read the variants of one product: codes, options, prices, stock."""

import re

from xinbo.commerce import catalog
from xinbo.commerce.catalog import Product, PutSku, Sku
from xinbo.commerce.imports._rules import cells
from xinbo.commerce.imports._rules.columns import NAMES, VALUES, Field
from xinbo.commerce.imports._service.files import Row
from xinbo.commerce.imports._service.grouping import Group, code_of, is_variant
from xinbo.commerce.imports._service.reading import Reading

MOST_SKUS = 200
CODE = re.compile(r"\S+( \S+)*")
# What Shopify writes where a product has one variant only.
ONLY_NAME, ONLY_VALUE = "Title", "Default Title"


class Variants:
    """Goes through the variants of a file. A code may come once in a file."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._codes: set[str] = set()

    def take(self, group: Group, product: Product | None) -> tuple[list[str], list[PutSku]]:
        """Return option names and variants as they will be: those of the shop, then new ones."""
        rows = [row for row in group.rows if is_variant(row)]
        only = self._is_only(rows)
        names = None if only else self._option_names(group)
        if names is None:
            names = product.option_names if product else []
        known = {sku.code: sku for sku in product.skus} if product else {}
        skus = {code: _as_it_is(sku) for code, sku in known.items()}
        said: dict[str, Row] = {}
        for row in rows:
            sku = self._sku(row, names, product, only=only)
            if sku is not None:
                skus[sku.code] = sku
                said[sku.code] = row
        if product is None and not rows:
            self._reading.fault(group.rows[0], Field.SKU, "SkuMissing")
        self._check(group, names, list(skus.values()), said)
        return names, list(skus.values())

    def stock(self, group: Group) -> dict[str, int]:
        """Return the pieces on hand that the rows say, by SKU code."""
        found: dict[str, int] = {}
        for row in group.rows:
            pieces = self._reading.number(row, Field.STOCK, cells.stock)
            if pieces is not None and (code := code_of(row)):
                found[code] = pieces
        return found

    def _sku(
        self, row: Row, names: list[str], product: Product | None, *, only: bool
    ) -> PutSku | None:
        read = self._reading
        known = {sku.code: sku for sku in product.skus} if product else {}
        code = read.cell(row, Field.SKU)
        if not code or not CODE.fullmatch(code):
            read.fault(row, Field.SKU, "SkuRefused" if code else "SkuMissing")
            return None
        if code in self._codes:
            read.fault(row, Field.SKU, "SkuRepeated")
            return None
        self._codes.add(code)
        old = known.get(code)
        options = self._options(row, names, old, only=only)
        price = read.number(row, Field.PRICE, cells.price)
        if price is None and old is not None:
            price = old.price
        if price is None:
            if not row.cells.get(Field.PRICE):
                read.fault(row, Field.PRICE, "PriceMissing")
            return None
        barcode = old.barcode if old else ""
        if Field.BARCODE in read.present:
            barcode = read.cell(row, Field.BARCODE)
        weight = read.number(row, Field.GRAMS, cells.grams)
        own = read.number(row, Field.OWN_CONTENT, cells.content_number)
        if own is None and old is not None and Field.OWN_CONTENT not in read.present:
            own = old.content
        return PutSku(
            id=old.id if old else None,
            code=code,
            options=options,
            price=price,
            barcode=barcode,
            picture_id=old.picture_id if old else None,
            grams=weight if weight is not None else (old.grams if old else 0),
            content=own,
        )

    def _options(self, row: Row, names: list[str], old: Sku | None, *, only: bool) -> list[str]:
        read = self._reading
        values = [read.cell(row, field) for field in VALUES]
        if only or not any(values):
            if old is not None:
                return old.options
            if names and not only:
                read.fault(row, VALUES[0], "OptionValueMissing")
            return []
        for at, (name, value) in enumerate(zip([*names, "", "", ""], values, strict=False)):
            if name and not value:
                read.fault(row, VALUES[at], "OptionValueMissing")
            elif value and not name:
                read.fault(row, NAMES[at], "OptionNameMissing")
        return values[: len(names)]

    def _option_names(self, group: Group) -> list[str] | None:
        """Return the option names that the file says, None where it says none."""
        said = [self._reading.shared(group, field) for field in NAMES]
        names = [name for name in said if name]
        if said[: len(names)] != names:
            empty = NAMES[said.index(None)]
            self._reading.fault(group.rows[0], empty, "OptionNameMissing")
        elif len(set(names)) < len(names):
            self._reading.fault(group.rows[0], NAMES[1], "OptionNameRepeated")
        return names or None

    def _is_only(self, rows: list[Row]) -> bool:
        """Say whether the rows are Shopify's way of saying: one variant, no options."""
        return bool(rows) and all(
            row.cells.get(Field.NAME1, "") in ("", ONLY_NAME)
            and row.cells.get(Field.VALUE1, "") == ONLY_VALUE
            and not row.cells.get(Field.VALUE2)
            for row in rows
        )

    def _check(
        self, group: Group, names: list[str], skus: list[PutSku], said: dict[str, Row]
    ) -> None:
        """See that the variants go together, the file's with those that the shop has."""
        if len(skus) > MOST_SKUS:
            self._reading.fault(group.rows[0], Field.SKU, "TooManyVariants")
        wrong = catalog.mismatch(names, (sku.options for sku in skus))
        if wrong is None or self._reading.has_faults(group):
            return
        alike = [said[sku.code] for sku in skus if sku.options == wrong and sku.code in said]
        row = alike[-1] if alike else group.rows[0]
        if len(wrong) == len(names):
            self._reading.fault(row, VALUES[0], "OptionsRepeated")
        else:
            self._reading.fault(row, NAMES[0], "OptionsMismatch")


def _as_it_is(sku: Sku) -> PutSku:
    return PutSku(
        id=sku.id,
        code=sku.code,
        options=sku.options,
        price=sku.price,
        barcode=sku.barcode,
        picture_id=sku.picture_id,
        grams=sku.grams,
        content=sku.content,
    )
