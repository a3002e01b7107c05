"""Shoppers sign in by phone and code, and see nobody's addresses but their own."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW
from xinbo.engines.tx import Actor, Database, Role, TooManyAttempts
from xinbo.identity import accounts
from xinbo.identity.accounts import AddressNotFound, AskCode, CodeRefused, PutAddress, SignIn
from xinbo.identity.accounts._rules import PhoneRefused, masked, phone
from xinbo.kit.ids import new_id

pytestmark = pytest.mark.anyio


def guest(merchant_id: UUID) -> Actor:
    return Actor(merchant_id, Role.GUEST, address=str(new_id()))


async def code_for(database: Database, merchant_id: UUID, number: str) -> str:
    async with database.begin(guest(merchant_id), NOW) as tx:
        await accounts.send_code(tx, AskCode(phone=number))
        return (await accounts.dev_codes(tx))[0].code


async def test_a_code_opens_an_account_once_and_then_finds_it(
    database: Database, merchant_id: UUID
) -> None:
    code = await code_for(database, merchant_id, "13800000000")
    async with database.begin(guest(merchant_id), NOW) as tx:
        me, token = await accounts.sign_in(tx, SignIn(phone="138 0000 0000", code=code))
    assert (me.phone, len(token)) == ("138****0000", 43)

    async with database.begin(guest(merchant_id), NOW) as tx:
        with pytest.raises(CodeRefused):
            await accounts.sign_in(tx, SignIn(phone="13800000000", code=code))

    async with database.begin(guest(merchant_id), NOW + timedelta(minutes=2)) as tx:
        await accounts.send_code(tx, AskCode(phone="+86 13800000000"))
        code = (await accounts.dev_codes(tx))[0].code
    async with database.begin(guest(merchant_id), NOW + timedelta(minutes=2)) as tx:
        again, _ = await accounts.sign_in(tx, SignIn(phone="13800000000", code=code))
    assert again.id == me.id


async def test_five_wrong_guesses_use_a_code_up(database: Database, merchant_id: UUID) -> None:
    code = await code_for(database, merchant_id, "13800000001")
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(CodeRefused):
            async with database.begin(guest(merchant_id), NOW) as tx:
                await accounts.sign_in(tx, SignIn(phone="13800000001", code=wrong))
    with pytest.raises(CodeRefused):
        async with database.begin(guest(merchant_id), NOW) as tx:
            await accounts.sign_in(tx, SignIn(phone="13800000001", code=code))


async def test_a_code_dies_after_five_minutes(database: Database, merchant_id: UUID) -> None:
    code = await code_for(database, merchant_id, "13800000002")
    with pytest.raises(CodeRefused):
        async with database.begin(guest(merchant_id), NOW + timedelta(minutes=6)) as tx:
            await accounts.sign_in(tx, SignIn(phone="13800000002", code=code))


async def test_a_second_code_within_a_minute_is_refused_and_says_when(
    database: Database, merchant_id: UUID
) -> None:
    await code_for(database, merchant_id, "13800000003")
    with pytest.raises(TooManyAttempts) as refusal:
        await code_for(database, merchant_id, "13800000003")
    assert 0 < int(str(refusal.value.facts["retry_after"])) <= 60


async def test_the_first_address_is_the_default_and_a_new_default_takes_over(
    database: Database, merchant_id: UUID
) -> None:
    async with database.begin(guest(merchant_id), NOW) as tx:
        shopper_id = await accounts.join(tx, "+8613800000004")
    actor = Actor(merchant_id, Role.SHOPPER, shopper_id)
    async with database.begin(actor, NOW) as tx:
        first = await accounts.add_address(tx, shopper_id, address(is_default=False))
        second = await accounts.add_address(tx, shopper_id, address(is_default=True))
        book = await accounts.addresses(tx, shopper_id)
    assert first.is_default
    assert [(each.id, each.is_default) for each in book] == [
        (second.id, True),
        (first.id, False),
    ]


@pytest.mark.parametrize("stranger", ["another shopper", "another merchant", "a guest", "staff"])
async def test_strangers_see_no_address(
    stranger: str, database: Database, merchant_id: UUID, other_merchant_id: UUID
) -> None:
    async with database.begin(guest(merchant_id), NOW) as tx:
        shopper_id = await accounts.join(tx, "+8613800000005")
    async with database.begin(Actor(merchant_id, Role.SHOPPER, shopper_id), NOW) as tx:
        kept = await accounts.add_address(tx, shopper_id, address(is_default=True))
    actors = {
        "another shopper": Actor(merchant_id, Role.SHOPPER, new_id()),
        "another merchant": Actor(other_merchant_id, Role.SHOPPER, shopper_id),
        "a guest": guest(merchant_id),
        "staff": Actor(merchant_id, Role.OWNER, new_id()),
    }
    async with database.begin(actors[stranger], NOW) as tx:
        assert await accounts.addresses(tx, shopper_id) == []
        with pytest.raises(AddressNotFound):
            await accounts.put_address(tx, shopper_id, kept.id, address(is_default=True))


def address(*, is_default: bool) -> PutAddress:
    return PutAddress(
        name="山有木",
        phone="13800000000",
        region=["浙江省", "杭州市", "西湖区"],
        street="文三路 1 号",
        is_default=is_default,
    )


@given(st.text(max_size=24))
def test_what_is_taken_for_a_phone_number_is_one_form_of_it(text: str) -> None:
    try:
        number = phone(text)
    except PhoneRefused:
        return
    assert phone(number) == number
    assert number.startswith("+")
    assert number[4:-4] not in masked(number) or len(number) < 9
