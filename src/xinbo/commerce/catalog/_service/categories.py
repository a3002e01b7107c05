"""The merchant's tree of categories: read whole, written one at a time."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, exists, func, select

from xinbo.commerce.catalog import _rules
from xinbo.commerce.catalog._models import CategoryRow, ProductRow
from xinbo.commerce.catalog._rules.trees import Node, places
from xinbo.commerce.catalog._types import (
    Attribute,
    CategoriesChanged,
    Category,
    PutCategory,
    ReturnRule,
)
from xinbo.engines.tx import Actor, Tx
from xinbo.identity.access import Can, require
from xinbo.kit.errors import Conflict, Invalid, NotFound
from xinbo.kit.ids import new_id

MOST = 1000
"""Categories of one merchant."""


class CategoryNotFound(NotFound):
    """Raised when the merchant has no such category."""


class CategoryRefused(Invalid):
    """Raised when a category cannot stand so: `too_deep`, `attribute_twice`, `too_many`."""


class CategoryNameTaken(Conflict):
    """Raised when there is a category of this name in the same place already."""


class CategoryInUse(Conflict):
    """Raised when a category that is to go has goods, or categories below it."""


async def categories(tx: Tx) -> list[Category]:
    """List the whole tree, the siblings in their order; everyone may see it."""
    rows = await tx.db.scalars(
        select(CategoryRow)
        .where(_visible(tx.actor))
        .order_by(CategoryRow.position, CategoryRow.name, CategoryRow.id)
    )
    return [Category.of(row) for row in rows]


async def add_category(tx: Tx, command: PutCategory) -> Category:
    """Add a category."""
    require(tx, Can.EDIT_GOODS)
    rows = await _tree(tx)
    if len(rows) >= MOST:
        raise CategoryRefused(reason="too_many", most=MOST)
    row = CategoryRow(id=new_id(), merchant_id=tx.merchant_id, path=[], effective_rule="")
    return await _write(tx, rows, row, command)


async def put_category(tx: Tx, category_id: UUID, command: PutCategory) -> Category:
    """Change a category or move it, with all that is below it."""
    require(tx, Can.EDIT_GOODS)
    rows = await _tree(tx)
    if category_id not in rows:
        raise CategoryNotFound(category_id=category_id)
    return await _write(tx, rows, rows[category_id], command)


async def remove_category(tx: Tx, category_id: UUID) -> None:
    """Remove a category that nothing is in. Raises `CategoryInUse`."""
    require(tx, Can.EDIT_GOODS)
    rows = await _tree(tx)
    row = rows.get(category_id)
    if row is None:
        raise CategoryNotFound(category_id=category_id)
    used = await tx.db.scalar(select(exists().where(ProductRow.category_id == category_id)))
    if used or any(each.parent_id == category_id for each in rows.values()):
        raise CategoryInUse(category_id=category_id)
    await tx.db.delete(row)
    await tx.db.flush()
    await tx.emit(CategoriesChanged(category_id=category_id))


async def definitions(tx: Tx, category_ids: Sequence[UUID]) -> dict[UUID, list[Attribute]]:
    """Return the attributes that hold for goods of these categories, the root's first."""
    wanted = select(CategoryRow).where(_visible(tx.actor), CategoryRow.id.in_(category_ids))
    rows = {row.id: row for row in await tx.db.scalars(wanted)}
    above = {each for row in rows.values() for each in row.path} - rows.keys()
    more = select(CategoryRow).where(_visible(tx.actor), CategoryRow.id.in_(above))
    known = rows | {row.id: row for row in await tx.db.scalars(more)}
    return {
        category_id: [
            msgspec.convert(attribute, Attribute)
            for each in reversed(row.path)
            for attribute in known[each].attributes
        ]
        for category_id, row in rows.items()
    }


async def _write(
    tx: Tx, rows: dict[UUID, CategoryRow], row: CategoryRow, command: PutCategory
) -> Category:
    name = _rules.clean(command.name)
    parent_id = command.parent_id
    if parent_id is not None and parent_id not in rows:
        raise CategoryNotFound(category_id=parent_id)
    if any(
        (each.parent_id, each.name) == (parent_id, name) and each.id != row.id
        for each in rows.values()
    ):
        raise CategoryNameTaken(name=name)
    nodes = {each.id: Node(each.parent_id, each.return_rule) for each in rows.values()}
    placed = places(nodes | {row.id: Node(parent_id, command.return_rule)})
    if placed is None:
        raise CategoryRefused(reason="too_deep")
    row.name, row.parent_id, row.position = name, parent_id, command.position
    row.return_rule = command.return_rule
    row.attributes = [msgspec.to_builtins(each) for each in command.attributes]
    rows = {**rows, row.id: row}
    _check_keys(rows, row, {key: place.path for key, place in placed.items()})
    for each in rows.values():
        each.path, each.effective_rule = placed[each.id]
    tx.db.add(row)
    await tx.db.flush()
    await tx.emit(CategoriesChanged(category_id=row.id))
    return Category.of(row)


def _check_keys(
    rows: dict[UUID, CategoryRow], row: CategoryRow, paths: dict[UUID, list[UUID]]
) -> None:
    """See that no key comes twice on any way from the root through this category."""
    for category_id, path in paths.items():
        if row.id in path:
            keys = [attribute["key"] for each in path for attribute in rows[each].attributes]
            if len(set(keys)) < len(keys):
                raise CategoryRefused(reason="attribute_twice", category_id=category_id)


async def _tree(tx: Tx) -> dict[UUID, CategoryRow]:
    """Lock the merchant's tree against other writers, then look at it."""
    key = func.hashtextextended(f"categories {tx.merchant_id}", 0)
    await tx.db.execute(select(func.pg_advisory_xact_lock(key)))
    query = select(CategoryRow).where(CategoryRow.merchant_id == tx.merchant_id)
    found = await tx.db.scalars(query.execution_options(populate_existing=True))
    return {row.id: row for row in found}


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Show everyone the tree of the merchant whose shop they are in."""
    return CategoryRow.merchant_id == actor.merchant_id


FIRST = ReturnRule.SEVEN_DAYS
"""The rule of goods that are in no category."""
