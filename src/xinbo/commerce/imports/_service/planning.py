"""Work out what a file would change: no I/O, so that a check and an import cannot differ."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

import msgspec

from xinbo.commerce.catalog import (
    ContentUnit,
    Product,
    ProductStatus,
    PutPicture,
    PutProduct,
    PutSku,
    Upsert,
)
from xinbo.commerce.imports._rules import cells
from xinbo.commerce.imports._rules.columns import COLUMNS, Field
from xinbo.commerce.imports._service.branches import Path, category_path
from xinbo.commerce.imports._service.files import Row
from xinbo.commerce.imports._service.grouping import Group, code_of, group
from xinbo.commerce.imports._service.reading import Reading
from xinbo.commerce.imports._service.variants import Variants
from xinbo.commerce.imports._types import HeaderSet, RowError, UpsertKey
from xinbo.engines import blobs

DEFAULT_UNIT = "件"


class Goods(NamedTuple):
    """What the shop has of what the file names."""

    by_code: dict[str, Product]
    by_handle: dict[str, Product]
    on_hand: dict[UUID, int]
    pictures: set[str]
    """Addresses in the file that are pictures of this shop."""
    categories: Mapping[Path, UUID]


class Step(NamedTuple):
    """One product to write, and how many rows of the file that is."""

    upsert: Upsert
    rows: int


class Plan(NamedTuple):
    """What a file would change, or what is wrong with it."""

    steps: list[Step]
    stock: dict[str, int]
    """Pieces on hand by SKU code, where they change."""
    sku_ids: dict[str, UUID]
    """Ids of the codes that the shop has already."""
    creates: int
    updates: int
    unchanged: int
    ignored_pictures: int
    errors: list[RowError]


def plan(
    rows: Iterable[Row],
    names: Mapping[Field, str],
    header_set: HeaderSet,
    upsert_key: UpsertKey,
    goods: Goods,
) -> Plan:
    """Compare the file with the shop. `names` says what the file calls its columns."""
    rows = list(rows)
    planner = _Planner(names, header_set, upsert_key, goods)
    for row in rows:
        planner.reading.carry(row)
    groups, misplaced = group(rows, names, goods.by_code)
    for row, field, error in misplaced:
        planner.reading.fault(row, field, error)
    for each in groups:
        planner.take(each)
    return planner.result()


def address(picture: str) -> str:
    """Return the part of a picture's address that says which of ours it is; empty if none."""
    if blobs.PREFIX not in picture:
        return ""
    try:
        return urlsplit(picture).path
    except ValueError:
        return ""


class _Planner:
    """Goes through the products of a file, one after the other."""

    def __init__(
        self,
        names: Mapping[Field, str],
        header_set: HeaderSet,
        upsert_key: UpsertKey,
        goods: Goods,
    ) -> None:
        self.reading = Reading({**COLUMNS[header_set], **names}, names.keys(), header_set)
        self._variants = Variants(self.reading)
        self._by_handle = upsert_key is UpsertKey.HANDLE
        self._goods = goods
        self._seen: set[UUID] = set()
        self._steps: list[Step] = []
        self._stock: dict[str, int] = {}
        self._creates = self._updates = self._unchanged = self._ignored = 0

    def result(self) -> Plan:
        """Return what was found, errors in the order of the file."""
        return Plan(
            steps=self._steps,
            stock=self._stock,
            sku_ids={
                sku.code: sku.id for product in self._goods.by_code.values() for sku in product.skus
            },
            creates=self._creates,
            updates=self._updates,
            unchanged=self._unchanged,
            ignored_pictures=self._ignored,
            errors=sorted(self.reading.faults, key=lambda fault: fault.row),
        )

    def take(self, group: Group) -> None:
        """Add one product of the file to the plan, unless something is wrong with it."""
        before = len(self.reading.faults)
        product = self._find(group)
        if product is not None:
            if product.id in self._seen:
                self.reading.fault(group.rows[0], Field.HANDLE, "ProductTwice")
            self._seen.add(product.id)
        command = self._command(group, product)
        pictures = self._pictures(group, product)
        stock = self._variants.stock(group)
        if command is None or len(self.reading.faults) > before:
            return
        ids = {sku.code: sku.id for sku in product.skus} if product else {}
        moved = {
            code: pieces
            for code, pieces in stock.items()
            if code not in ids or self._goods.on_hand.get(ids[code], 0) != pieces
        }
        self._stock |= moved
        changed = product is None or command != _command_of(product) or bool(pictures)
        if changed:
            upsert = Upsert(id=product.id if product else None, product=command, pictures=pictures)
            self._steps.append(Step(upsert, len(group.rows)))
        self._creates += product is None
        self._updates += product is not None and (changed or bool(moved))
        self._unchanged += not (changed or moved)

    def _find(self, group: Group) -> Product | None:
        """Find the product that the rows are about, None for a new one."""
        named = self._goods.by_handle.get(group.handle)
        coded = [self._goods.by_code.get(code_of(row)) for row in group.rows]
        by_handle = self._by_handle and group.handle
        found = named if by_handle else next(filter(None, coded), named)
        for row, product in zip(group.rows, coded, strict=True):
            if product is not None and (found is None or product.id != found.id):
                self.reading.fault(row, Field.SKU, "SkuOfAnotherProduct")
        taken = named is not None and found is not None and named.id != found.id
        if taken and group.explicit:
            self.reading.fault(group.rows[0], Field.HANDLE, "HandleTaken")
        return found

    def _command(self, group: Group, product: Product | None) -> PutProduct | None:
        read = self.reading
        title = read.shared(group, Field.TITLE)
        if title is None and product is None:
            read.fault(group.rows[0], Field.TITLE, "TitleMissing")
        names, skus = self._variants.take(group, product)
        if not skus:
            return None
        content, content_unit = self._content(group, product)
        handle = group.handle if group.explicit or product is None else product.handle
        try:
            return _checked(
                PutProduct(
                    handle=handle,
                    title=title or (product.title if product else ""),
                    subtitle=_or(read.text(group, Field.SUBTITLE), product and product.subtitle),
                    description=_or(
                        read.text(group, Field.DESCRIPTION), product and product.description
                    ),
                    unit=read.shared(group, Field.UNIT)
                    or (product.unit if product else DEFAULT_UNIT),
                    status=read.status(group)
                    or (product.status if product else ProductStatus.ACTIVE),
                    option_names=names,
                    skus=skus,
                    category_id=self._category(group, product),
                    brand=_or(read.text(group, Field.BRAND), product and product.brand),
                    attributes=product.attributes if product else {},
                    content=content,
                    content_unit=content_unit,
                )
            )
        except (ValueError, msgspec.ValidationError):
            # Each cell was looked at before; this is the wall behind it.
            if not read.has_faults(group):
                read.fault(group.rows[0], Field.HANDLE, "ProductRefused")
            return None

    def _category(self, group: Group, product: Product | None) -> UUID | None:
        """Find the category that the rows name by its path; what they do not name stays."""
        said = self.reading.shared(group, Field.CATEGORY)
        if said is None:
            return product.category_id if product else None
        found = self._goods.categories.get(category_path(said))
        if found is None:
            self.reading.fault(group.rows[0], Field.CATEGORY, "CategoryUnknown")
        return found

    def _content(
        self, group: Group, product: Product | None
    ) -> tuple[int | None, ContentUnit | None]:
        """Read the net content; an empty cell takes it away, no column leaves it."""
        if Field.CONTENT not in self.reading.present and product is not None:
            return product.content, product.content_unit
        said = self.reading.shared_raw(group, Field.CONTENT)
        if said is None:
            return None, None
        row, word = said
        try:
            return cells.content(word)
        except cells.BadCell as bad:
            self.reading.fault(row, Field.CONTENT, str(bad))
            return None, None

    def _pictures(self, group: Group, product: Product | None) -> list[PutPicture]:
        """List pictures to add. Addresses of other sites are counted, and left alone."""
        shown = {picture.url for picture in product.pictures} if product else set[str]()
        wanted: list[PutPicture] = []
        for row in group.rows:
            alt = self.reading.cell(row, Field.ALT)
            for each in row.cells.get(Field.PICTURE, "").replace(",", " ").split():
                path = address(each)
                if path not in self._goods.pictures:
                    self._ignored += 1
                elif path not in shown:
                    shown.add(path)
                    wanted.append(PutPicture(url=path, alt=alt))
        return wanted


def _or(text: str | None, default: str | None) -> str:
    return text if text is not None else default or ""


def _checked(command: PutProduct) -> PutProduct:
    """Hold the command against its own constraints, as the HTTP edge would."""
    return msgspec.convert(msgspec.to_builtins(command), PutProduct)


def _command_of(product: Product) -> PutProduct:
    """Say what would have to be put for the product to stay as it is."""
    return PutProduct(
        handle=product.handle,
        title=product.title,
        subtitle=product.subtitle,
        description=product.description,
        unit=product.unit,
        status=product.status,
        option_names=product.option_names,
        skus=[
            PutSku(
                id=sku.id,
                code=sku.code,
                options=sku.options,
                price=sku.price,
                barcode=sku.barcode,
                picture_id=sku.picture_id,
                grams=sku.grams,
                content=sku.content,
            )
            for sku in product.skus
        ],
        category_id=product.category_id,
        brand=product.brand,
        attributes=product.attributes,
        content=product.content,
        content_unit=product.content_unit,
    )
