"""Staff sign in by password; a seat gives no more than its role."""

from uuid import UUID

import pytest

from tests.support import NOW
from xinbo.engines.callers import Caller, SignInRequired
from xinbo.engines.tx import Actor, Database, Role, TooManyAttempts, system
from xinbo.identity import accounts
from xinbo.identity.access import Can, NotPermitted, allowed
from xinbo.identity.accounts import (
    AddStaff,
    EditStaff,
    EmailTaken,
    LastOwner,
    PasswordRefused,
    StaffMember,
    StaffSignIn,
)
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse battery"


async def seat(database: Database, merchant_id: UUID, role: Role) -> StaffMember:
    async with database.begin(system(merchant_id), NOW) as tx:
        return await accounts.add_staff(
            tx,
            AddStaff(email=f"{new_id()}@example.com", name="小满", role=role, password=PASSWORD),
        )


async def sign_in(database: Database, email: str, password: str = PASSWORD) -> str:
    nobody = Actor(new_id(), Role.GUEST, address=str(new_id()))
    async with database.begin(nobody, NOW) as tx:
        _, token = await accounts.staff_sign_in(tx, StaffSignIn(email=email, password=password))
    return token


def at_console(token: str) -> Caller:
    return Caller("/api/v1/console/me", {accounts.STAFF_COOKIE: token}, None, "")


async def test_a_session_carries_role_and_merchant_until_it_ends(
    database: Database, merchant_id: UUID
) -> None:
    host = await seat(database, merchant_id, Role.HOST)
    token = await sign_in(database, host.email.upper())

    actor = await accounts.authenticate(database, at_console(token))
    assert (actor.merchant_id, actor.role, actor.user_id) == (merchant_id, Role.HOST, host.id)
    at_shop = Caller("/api/v1/me", {accounts.STAFF_COOKIE: token}, None, "")
    assert (await accounts.authenticate(database, at_shop)).role is Role.GUEST

    async with database.begin(actor, NOW) as tx:
        await accounts.end_session(tx)
    assert (await accounts.authenticate(database, at_console(token))).role is Role.GUEST


async def test_a_wrong_password_and_an_unknown_email_look_alike(
    database: Database, merchant_id: UUID
) -> None:
    known = await seat(database, merchant_id, Role.HOST)
    refusals: list[dict[str, object]] = []
    for email in (known.email, "nobody@example.com"):
        with pytest.raises(PasswordRefused) as refusal:
            await sign_in(database, email, "wrong")
        refusals.append(refusal.value.facts)
    assert refusals == [{}, {}]


async def test_the_eleventh_try_in_a_quarter_of_an_hour_is_refused(
    database: Database, merchant_id: UUID
) -> None:
    known = await seat(database, merchant_id, Role.HOST)
    for _ in range(10):
        with pytest.raises(PasswordRefused):
            await sign_in(database, known.email, "wrong")
    with pytest.raises(TooManyAttempts):
        await sign_in(database, known.email)


async def test_losing_a_seat_ends_its_sessions(database: Database, merchant_id: UUID) -> None:
    host = await seat(database, merchant_id, Role.HOST)
    token = await sign_in(database, host.email)
    async with database.begin(Actor(merchant_id, Role.OWNER, new_id()), NOW) as tx:
        await accounts.edit_staff(tx, host.id, EditStaff(role=Role.HOST, active=False))
    assert (await accounts.authenticate(database, at_console(token))).role is Role.GUEST
    with pytest.raises(PasswordRefused):
        await sign_in(database, host.email)


async def test_the_last_owner_stays(database: Database, merchant_id: UUID) -> None:
    only = await seat(database, merchant_id, Role.OWNER)
    with pytest.raises(LastOwner):
        async with database.begin(Actor(merchant_id, Role.OWNER, only.id), NOW) as tx:
            await accounts.edit_staff(tx, only.id, EditStaff(role=Role.HOST, active=True))


async def test_an_email_has_one_seat(database: Database, merchant_id: UUID) -> None:
    taken = await seat(database, merchant_id, Role.HOST)
    command = AddStaff(email=taken.email, name="二", role=Role.HOST, password=PASSWORD)
    with pytest.raises(EmailTaken):
        async with database.begin(system(merchant_id), NOW) as tx:
            await accounts.add_staff(tx, command)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HOST, Role.SERVICE, Role.ANALYST])
async def test_only_owners_manage_staff(role: Role, database: Database, merchant_id: UUID) -> None:
    async with database.begin(Actor(merchant_id, role, new_id()), NOW) as tx:
        with pytest.raises(NotPermitted):
            await accounts.staff(tx)


async def test_guests_are_asked_to_sign_in(database: Database, merchant_id: UUID) -> None:
    async with database.begin(Actor(merchant_id, Role.GUEST), NOW) as tx:
        with pytest.raises(SignInRequired):
            await accounts.staff(tx)


async def test_other_merchants_see_no_staff(
    database: Database, merchant_id: UUID, other_merchant_id: UUID
) -> None:
    hidden = await seat(database, merchant_id, Role.HOST)
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        assert hidden.id not in {each.id for each in await accounts.staff(tx)}
        with pytest.raises(accounts.StaffNotFound):
            await accounts.edit_staff(tx, hidden.id, EditStaff(role=Role.HOST, active=False))


def test_shoppers_and_guests_hold_no_permission() -> None:
    assert allowed(Role.SHOPPER) == allowed(Role.GUEST) == frozenset[Can]()
