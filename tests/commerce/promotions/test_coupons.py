"""Coupons are claimed, used, given back and let go, each once and never more than there are."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from tests.commerce.promotions.shop import (
    HOUR,
    at,
    coupon,
    draft,
    reduction,
    scheduled,
    shopping,
)
from tests.support import NOW
from xinbo.commerce import books, members, promotions
from xinbo.commerce.promotions import (
    Audience,
    ClaimLimit,
    ClaimState,
    Coupon,
    CouponNotOnOffer,
    CouponNotUsable,
    CouponRule,
    CouponsGone,
    CouponState,
    NotForYou,
    PromotionNotFound,
    sweep,
)
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.kit.errors import XinboError
from xinbo.kit.ids import NIL, new_id

pytestmark = pytest.mark.anyio


async def on_offer(tx: Tx, rule: CouponRule | None = None, venue_id: UUID = NIL) -> UUID:
    return (await scheduled(tx, draft(tx, rule or coupon(), venue_id=venue_id))).id


async def claimed(tx: Tx, shopper_id: UUID, template_id: UUID) -> Coupon:
    return await promotions.claim(tx, shopper_id, template_id, None, str(new_id()))


async def held(tx: Tx, shopper_id: UUID) -> int:
    return await books.balance(tx, "coupons", shopper_id, "coupons")


async def test_a_shopper_claims_as_many_as_one_may(tx: Tx) -> None:
    template_id, who = await on_offer(tx, coupon(per_person=2)), new_id()

    await claimed(tx, who, template_id)
    await claimed(tx, who, template_id)
    with pytest.raises(ClaimLimit) as refusal:
        await claimed(tx, who, template_id)

    assert refusal.value.facts == {"most": 2}
    assert len(await promotions.wallet(tx, who)) == 2 == await held(tx, who)


async def test_the_same_key_claims_once(tx: Tx) -> None:
    template_id, who = await on_offer(tx, coupon(per_person=5)), new_id()

    first = await promotions.claim(tx, who, template_id, None, "one-and-the-same")
    again = await promotions.claim(tx, who, template_id, None, "one-and-the-same")

    assert first.id == again.id
    assert (await promotions.stats(tx, template_id)).claimed == 1


async def test_there_are_no_more_than_there_are(tx: Tx) -> None:
    template_id = await on_offer(tx, coupon(total=1))
    await claimed(tx, new_id(), template_id)

    with pytest.raises(CouponsGone):
        await claimed(tx, new_id(), template_id)
    (offer,) = (await promotions.claimable(tx, None, None, 10)).items
    assert (offer.left, offer.state) == (0, ClaimState.GONE)


async def test_who_has_paid_before_is_no_new_shopper(tx: Tx) -> None:
    template_id = await on_offer(tx, coupon(audience=Audience.NEW))
    new, known = new_id(), new_id()
    await promotions.note_paid(tx, known)
    await promotions.note_paid(tx, known)

    await claimed(tx, new, template_id)
    with pytest.raises(NotForYou):
        await claimed(tx, known, template_id)


async def test_a_coupon_for_members_takes_the_level(tx: Tx) -> None:
    template_id = await on_offer(tx, coupon(audience=Audience.MEMBERS, level=2))
    who = new_id()
    await members.join(tx, who)
    with pytest.raises(NotForYou):
        await claimed(tx, who, template_id)

    await members.earn(tx, who, 1_000, "order-1", "order")

    assert (await claimed(tx, who, template_id)).state is CouponState.UNUSED


async def test_a_coupon_for_a_room_can_be_claimed_there_only(tx: Tx) -> None:
    room, who = new_id(), new_id()
    template_id = await on_offer(tx, venue_id=room)

    with pytest.raises(CouponNotOnOffer):
        await claimed(tx, who, template_id)
    with pytest.raises(CouponNotOnOffer):
        await promotions.claim(tx, who, template_id, new_id(), "another-room")
    assert (await promotions.claimable(tx, None, None, 10)).items == []
    await promotions.claim(tx, who, template_id, room, "in-the-room")
    assert [drop.left for drop in await promotions.drops(tx, room)] == [99]


async def test_claims_go_by_the_clock_and_end_when_the_staff_say_so(tx: Tx) -> None:
    template_id = await on_offer(tx)
    with pytest.raises(CouponNotOnOffer):
        await claimed(at(tx, 2 * HOUR), new_id(), template_id)
    mine = await claimed(tx, new_id(), template_id)

    await promotions.end(tx, template_id)

    with pytest.raises(CouponNotOnOffer):
        await claimed(tx, new_id(), template_id)
    assert mine.use_until == NOW + timedelta(days=7), "what was claimed stays good"


async def test_the_shop_says_what_a_reader_can_do(tx: Tx) -> None:
    everybody = await on_offer(tx)
    fresh = await on_offer(tx, coupon(audience=Audience.NEW))
    who = new_id()
    await promotions.note_paid(tx, who)
    await claimed(tx, who, everybody)

    async def states(reader: Tx) -> dict[UUID, ClaimState]:
        found = await promotions.claimable(reader, None, None, 10)
        return {each.id: each.state for each in found.items}

    assert await states(shopping(tx, who)) == {
        everybody: ClaimState.CLAIMED,
        fresh: ClaimState.NOT_FOR_YOU,
    }
    assert set((await states(shopping(tx, new_id()))).values()) == {ClaimState.CLAIMABLE}
    guest = tx.acting(Actor(tx.merchant_id, Role.GUEST))
    assert set((await states(guest)).values()) == {ClaimState.SIGN_IN}


async def test_a_coupon_is_used_on_one_order_and_comes_back_from_it(tx: Tx) -> None:
    template_id, who = await on_offer(tx), new_id()
    mine = await claimed(tx, who, template_id)
    order_id, other_order = new_id(), new_id()

    answers = await promotions.redeem_all(
        tx,
        [
            (mine.id, who, order_id),
            (mine.id, who, order_id),
            (mine.id, who, other_order),
            (mine.id, new_id(), new_id()),
        ],
    )

    assert [why(each) for each in answers] == [None, None, "used", "unknown"]
    assert (await promotions.wallet(tx, who), await held(tx, who)) == ([], 0)
    assert await promotions.restore(tx, order_id) == [mine.id]
    assert await promotions.restore(tx, order_id) == []
    assert [each.id for each in await promotions.wallet(tx, who)] == [mine.id]
    assert await held(tx, who) == 1
    assert await promotions.redeem_all(tx, [(mine.id, who, other_order)]) == [None]
    assert await held(tx, who) == 0


def why(answer: XinboError | None) -> object:
    if answer is None:
        return None
    assert isinstance(answer, CouponNotUsable)
    return answer.facts["why"]


async def test_checkout_gets_the_rule_of_a_coupon_that_can_be_used(tx: Tx) -> None:
    """#7: the engine is told the threshold, so the total follows from one rule."""
    template_id, who = await on_offer(tx), new_id()
    mine = await claimed(tx, who, template_id)
    pair = (who, mine.id)

    rules = await promotions.coupon_rules(tx, [pair, (new_id(), mine.id), (who, new_id())])

    assert list(rules) == [pair]
    (tier,) = rules[pair].tiers
    assert (tier.at_least_amount, tier.off) == (5_000, 1_000)
    assert await promotions.coupon_rules(at(tx, timedelta(days=7)), [pair]) == {}


async def test_a_coupon_with_a_window_of_its_own_waits_for_it(tx: Tx) -> None:
    base = coupon()
    rule = CouponRule(
        goods=base.goods,
        threshold=base.threshold,
        off=base.off,
        rate=None,
        most=None,
        total=5,
        per_person=1,
        audience=Audience.ALL,
        level=0,
        use_from=NOW + 24 * HOUR,
        use_until=NOW + 48 * HOUR,
        use_days=None,
    )
    who = new_id()
    mine = await claimed(tx, who, await on_offer(tx, rule))

    (early,) = await promotions.redeem_all(tx, [(mine.id, who, new_id())])
    (fine,) = await promotions.redeem_all(at(tx, 24 * HOUR), [(mine.id, who, new_id())])

    assert (why(early), fine) == ("too_early", None)


async def test_a_coupon_ends_and_its_books_with_it(database: Database, merchant_id: UUID) -> None:
    owner, who = Actor(merchant_id, Role.OWNER, new_id()), new_id()
    async with database.begin(owner, NOW) as tx:
        template_id = await on_offer(tx)
        mine = await claimed(tx, who, template_id)
    late = NOW + timedelta(days=7)

    await asyncio.gather(*(sweep(database, late) for _ in range(3)))

    async with database.begin(owner, late) as tx:
        (refusal,) = await promotions.redeem_all(tx, [(mine.id, who, new_id())])
        page = await promotions.page_of_coupons(tx, who, CouponState.EXPIRED, None, 5)
        assert (why(refusal), await held(tx, who)) == ("expired", 0)
        assert [each.state for each in page.items] == [CouponState.EXPIRED]
        assert (await promotions.stats(tx, template_id)).expired == 1


async def test_the_staff_see_what_became_of_a_coupon(tx: Tx) -> None:
    template_id = await on_offer(tx)
    people = [new_id() for _ in range(3)]
    coupons = [await claimed(tx, who, template_id) for who in people]
    order_id = new_id()
    await promotions.redeem_all(tx, [(coupons[0].id, people[0], order_id)])
    await promotions.note_paid(tx, people[0], order_id, 9_900)

    stats = await promotions.stats(tx, template_id)

    assert (stats.total, stats.claimed, stats.used) == (100, 3, 1)
    assert (stats.paid_orders, stats.gmv) == (1, 9_900)
    other = await promotions.add(tx, draft(tx, reduction()))
    with pytest.raises(PromotionNotFound):
        await promotions.stats(tx, other.id)


async def test_fifty_claim_the_last_coupon(database: Database, merchant_id: UUID) -> None:
    owner = Actor(merchant_id, Role.OWNER, new_id())
    async with database.begin(owner) as tx:
        template_id = await on_offer(tx, coupon(total=1))

    async def claim() -> str:
        try:
            async with database.begin(system(merchant_id)) as tx:
                await claimed(tx, new_id(), template_id)
        except CouponsGone:
            return "gone"
        return "claimed"

    answers = Counter(await asyncio.gather(*(claim() for _ in range(50))))

    assert answers == {"claimed": 1, "gone": 49}
    async with database.begin(owner) as tx:
        assert (await promotions.stats(tx, template_id)).claimed == 1


async def test_one_shopper_in_many_tabs_claims_as_many_as_one_may(
    database: Database, merchant_id: UUID
) -> None:
    who = new_id()
    async with database.begin(Actor(merchant_id, Role.OWNER, new_id())) as tx:
        template_id = await on_offer(tx, coupon(per_person=2))

    async def claim() -> bool:
        try:
            async with database.begin(system(merchant_id)) as tx:
                await claimed(tx, who, template_id)
        except ClaimLimit:
            return False
        return True

    answers = await asyncio.gather(*(claim() for _ in range(12)))

    assert sum(answers) == 2
    async with database.begin(system(merchant_id)) as tx:
        assert len(await promotions.wallet(tx, who)) == 2
        assert (await promotions.stats(tx, template_id)).claimed == 2


async def test_the_same_claim_sent_many_times_at_once_is_one(
    database: Database, merchant_id: UUID
) -> None:
    who = new_id()
    async with database.begin(Actor(merchant_id, Role.OWNER, new_id())) as tx:
        template_id = await on_offer(tx, coupon(per_person=5))

    async def claim() -> UUID:
        async with database.begin(system(merchant_id)) as tx:
            return (await promotions.claim(tx, who, template_id, None, "the-same-key")).id

    assert len(set(await asyncio.gather(*(claim() for _ in range(8))))) == 1
    async with database.begin(system(merchant_id)) as tx:
        assert (await promotions.stats(tx, template_id)).claimed == 1


async def test_two_orders_at_once_use_a_coupon_once(database: Database, merchant_id: UUID) -> None:
    who = new_id()
    async with database.begin(Actor(merchant_id, Role.OWNER, new_id())) as tx:
        mine = await claimed(tx, who, await on_offer(tx))

    async def redeem() -> object:
        async with database.begin(system(merchant_id)) as tx:
            (answer,) = await promotions.redeem_all(tx, [(mine.id, who, new_id())])
            return why(answer)

    answers = Counter(await asyncio.gather(*(redeem() for _ in range(8))))
    assert answers == {None: 1, "used": 7}
