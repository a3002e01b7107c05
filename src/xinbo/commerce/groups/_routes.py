"""HTTP face of the groups room."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from xinbo.commerce import groups
from xinbo.commerce.groups import Group, GroupNotFound, GroupState
from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page

Which = Annotated[GroupState | None, QueryParameter(name="state")]
"""Litestar keeps the argument name `state` for its own."""


class ShopGroups(Controller):
    path = "/api/v1/groups"
    tags = ("orders",)

    @get(summary="List the groups of an offer that can be joined now (at most 10)")
    async def list_joinable_groups(
        self, tx: NamedDependency[Tx], offer: FromQuery[UUID]
    ) -> list[Group]:
        return await groups.joinable(tx, offer)

    @get("/mine", summary="List the groups one is in", responses=refuses(SignInRequired))
    async def list_my_groups(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Group]:
        return await groups.mine(tx, shopper(tx), cursor, limit)

    @get("/{group_id:uuid}", summary="Show one group", responses=refuses(GroupNotFound))
    async def get_group(self, tx: NamedDependency[Tx], group_id: FromPath[UUID]) -> Group:
        return await groups.get(tx, group_id)


class ConsoleGroups(Controller):
    path = "/api/v1/console/groups"
    tags = ("orders",)

    @get(
        summary="List the merchant's groups",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_console_groups(
        self,
        tx: NamedDependency[Tx],
        group_state: Which = None,
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[Group]:
        return await groups.console_page(tx, group_state, cursor, limit)
