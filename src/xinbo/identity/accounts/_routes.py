"""HTTP face of the accounts room."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from xinbo.engines.http import Http, SignInRequired, refuses, shopper, signed_in
from xinbo.engines.tx import Tx
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import Address as ShippingAddress
from xinbo.identity.accounts import (
    AddressNotFound,
    AddStaff,
    AskCode,
    CodeRefused,
    CodeSent,
    Colleague,
    DevCode,
    EditMe,
    EditStaff,
    EmailTaken,
    LastOwner,
    Me,
    PasswordRefused,
    PhoneRefused,
    PutAddress,
    SignIn,
    StaffMe,
    StaffMember,
    StaffNotFound,
    StaffSignIn,
)
from xinbo.kit.errors import TooMany

LASTS = timedelta(days=30)


def _keep(body: Any, name: str, token: str, request: Http) -> Response[Any]:
    """Answer with the session's cookie, out of reach of scripts and of other sites."""
    cookie = Cookie(
        key=name,
        value=token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return Response(body, cookies=[cookie])


def _drop(name: str) -> Response[None]:
    cookie = Cookie(key=name, value="", max_age=0, path="/", httponly=True, samesite="lax")
    return Response(None, status_code=204, cookies=[cookie])


class ShopperSession(Controller):
    path = "/api/v1/session"
    tags = ("accounts",)

    @post(
        "/codes",
        status_code=202,
        summary="Send a sign-in code",
        responses=refuses(PhoneRefused, TooMany),
    )
    async def send_code(self, tx: NamedDependency[Tx], data: JSONBody[AskCode]) -> CodeSent:
        return await accounts.send_code(tx, data)

    @post(summary="Sign in with a code", responses=refuses(CodeRefused, PhoneRefused, TooMany))
    async def sign_in(
        self, tx: NamedDependency[Tx], data: JSONBody[SignIn], request: Http
    ) -> Response[Me]:
        me, token = await accounts.sign_in(tx, data)
        return _keep(me, accounts.SHOPPER_COOKIE, token, request)

    @delete(status_code=204, summary="Sign out")
    async def sign_out(self, tx: NamedDependency[Tx]) -> Response[None]:
        await accounts.end_session(tx)
        return _drop(accounts.SHOPPER_COOKIE)


class ShopperProfile(Controller):
    path = "/api/v1/me"
    tags = ("accounts",)

    @get(summary="Show the shopper who is signed in", responses=refuses(SignInRequired))
    async def get_me(self, tx: NamedDependency[Tx]) -> Me:
        return await accounts.me(tx, shopper(tx))

    @patch(summary="Change the nickname", responses=refuses(SignInRequired))
    async def edit_me(self, tx: NamedDependency[Tx], data: JSONBody[EditMe]) -> Me:
        return await accounts.edit_me(tx, shopper(tx), data)

    @get("/addresses", summary="List the addresses", responses=refuses(SignInRequired))
    async def list_addresses(self, tx: NamedDependency[Tx]) -> list[ShippingAddress]:
        return await accounts.addresses(tx, shopper(tx))

    @post("/addresses", summary="Add an address", responses=refuses(SignInRequired))
    async def add_address(
        self, tx: NamedDependency[Tx], data: JSONBody[PutAddress]
    ) -> ShippingAddress:
        return await accounts.add_address(tx, shopper(tx), data)

    @put(
        "/addresses/{address_id:uuid}",
        summary="Change an address",
        responses=refuses(SignInRequired, AddressNotFound),
    )
    async def put_address(
        self, tx: NamedDependency[Tx], address_id: FromPath[UUID], data: JSONBody[PutAddress]
    ) -> ShippingAddress:
        return await accounts.put_address(tx, shopper(tx), address_id, data)

    @delete(
        "/addresses/{address_id:uuid}",
        summary="Remove an address",
        responses=refuses(SignInRequired, AddressNotFound),
    )
    async def remove_address(self, tx: NamedDependency[Tx], address_id: FromPath[UUID]) -> None:
        await accounts.remove_address(tx, shopper(tx), address_id)


class DevCodes(Controller):
    path = "/api/v1/dev/codes"
    tags = ("development",)

    @get(summary="Show the sandbox's last SMS codes (development only)")
    async def list_dev_codes(self, tx: NamedDependency[Tx], request: Http) -> list[DevCode]:
        return await accounts.dev_codes(tx) if request.app.state.settings.dev else []


class StaffSession(Controller):
    path = "/api/v1/console/session"
    tags = ("staff",)

    @post(summary="Sign a staff member in", responses=refuses(PasswordRefused, TooMany))
    async def staff_sign_in(
        self, tx: NamedDependency[Tx], data: JSONBody[StaffSignIn], request: Http
    ) -> Response[StaffMe]:
        me, token = await accounts.staff_sign_in(tx, data)
        return _keep(me, accounts.STAFF_COOKIE, token, request)

    @delete(status_code=204, summary="Sign out")
    async def staff_sign_out(self, tx: NamedDependency[Tx]) -> Response[None]:
        await accounts.end_session(tx)
        return _drop(accounts.STAFF_COOKIE)


class Staff(Controller):
    path = "/api/v1/console"
    tags = ("staff",)

    @get("/me", summary="Show who is signed in", responses=refuses(SignInRequired))
    async def staff_me(self, tx: NamedDependency[Tx]) -> StaffMe:
        return await accounts.staff_me(tx, signed_in(tx))

    @get("/staff", summary="List the staff", responses=refuses(SignInRequired, NotPermitted))
    async def list_staff(self, tx: NamedDependency[Tx]) -> list[StaffMember]:
        return await accounts.staff(tx)

    @get(
        "/colleagues",
        summary="List who works here: whom to give a seat or a task",
        responses=refuses(SignInRequired, NotPermitted),
    )
    async def list_colleagues(self, tx: NamedDependency[Tx]) -> list[Colleague]:
        return await accounts.colleagues(tx)

    @post(
        "/staff",
        summary="Add a staff member",
        responses=refuses(SignInRequired, NotPermitted, EmailTaken),
    )
    async def add_staff(self, tx: NamedDependency[Tx], data: JSONBody[AddStaff]) -> StaffMember:
        return await accounts.add_staff(tx, data)

    @patch(
        "/staff/{staff_id:uuid}",
        summary="Change a staff member's role, or take the seat away",
        responses=refuses(SignInRequired, NotPermitted, StaffNotFound, LastOwner),
    )
    async def edit_staff(
        self, tx: NamedDependency[Tx], staff_id: FromPath[UUID], data: JSONBody[EditStaff]
    ) -> StaffMember:
        return await accounts.edit_staff(tx, staff_id, data)
