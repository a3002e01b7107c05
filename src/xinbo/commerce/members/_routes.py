"""HTTP face of the members room."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from xinbo.commerce import members
from xinbo.commerce.members import (
    Club,
    ClubVersionConflict,
    Member,
    NotAMember,
    PointMove,
    PutClub,
)
from xinbo.engines.http import SignInRequired, refuses, shopper
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, NotPermitted, require
from xinbo.kit.paging import Limit
from xinbo.kit.wire import Page


class ShopMembership(Controller):
    path = "/api/v1"
    tags = ("members",)

    @get("/club", summary="Show what points are worth and which levels there are")
    async def get_club(self, tx: NamedDependency[Tx]) -> Club:
        return await members.club(tx)

    @get("/me/membership", summary="Show one's membership", responses=refuses(SignInRequired))
    async def get_membership(self, tx: NamedDependency[Tx]) -> Member:
        return await members.get(tx, shopper(tx))

    @post(
        "/me/membership",
        status_code=200,
        summary="Become a member",
        responses=refuses(SignInRequired),
    )
    async def join(self, tx: NamedDependency[Tx]) -> Member:
        return await members.join(tx, shopper(tx))

    @delete(
        "/me/membership",
        status_code=200,
        summary="Leave; points wait",
        responses=refuses(SignInRequired),
    )
    async def leave(self, tx: NamedDependency[Tx]) -> Member:
        return await members.leave(tx, shopper(tx))

    @get("/me/points", summary="List one's points", responses=refuses(SignInRequired))
    async def list_points(
        self,
        tx: NamedDependency[Tx],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[PointMove]:
        return await members.history(tx, shopper(tx), cursor, limit)


class ConsoleMembers(Controller):
    path = "/api/v1/console"
    tags = ("members",)

    @get(
        "/club",
        summary="Show the rule of points and the levels to the staff",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def get_console_club(self, tx: NamedDependency[Tx]) -> Club:
        require(tx, Can.SEE_CONSOLE)
        return await members.club(tx)

    @put(
        "/club",
        summary="Change the rule of points and the levels",
        responses=refuses(SignInRequired, NotPermitted, ClubVersionConflict),
    )
    async def put_club(self, tx: NamedDependency[Tx], data: JSONBody[PutClub]) -> Club:
        return await members.put_club(tx, data)

    @get(
        "/members/{shopper_id:uuid}",
        summary="Show a member to the staff",
        responses=refuses(SignInRequired, NotPermitted, NotAMember),
    )
    async def get_member(self, tx: NamedDependency[Tx], shopper_id: FromPath[UUID]) -> Member:
        return await members.console_get(tx, shopper_id)

    @get(
        "/members/{shopper_id:uuid}/points",
        summary="List a member's points",
        responses=refuses(SignInRequired, NotPermitted, NotAMember),
    )
    async def list_member_points(
        self,
        tx: NamedDependency[Tx],
        shopper_id: FromPath[UUID],
        cursor: FromQuery[str | None] = None,
        limit: FromQuery[Limit] = 20,
    ) -> Page[PointMove]:
        return await members.console_history(tx, shopper_id, cursor, limit)
