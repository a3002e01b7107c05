"""The prompter on a second screen: its token reads one show, for a day, and nothing more."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW, planned_show, product_on_sale
from xinbo.engines.tx import Actor, Role, Tx
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id
from xinbo.live import prompter, shows, stage
from xinbo.live.prompter import TokenRefused
from xinbo.live.prompter._rules import LASTS, Claims, sign, verify
from xinbo.live.shows import CueKind, PutCue, PutCues, PutLineUp, PutLineUpItem, PutLineUpSku

pytestmark = pytest.mark.anyio
KEY = b"k" * 32


def cue(title: str, **more: object) -> PutCue:
    plain = {"kind": CueKind.STORY, "minutes": 5, "product_id": None, "notes": ""}
    return PutCue(title=title, **(plain | more))  # pyright: ignore[reportArgumentType]


async def on_air(tx: Tx) -> tuple[UUID, UUID, list[UUID]]:
    product = await product_on_sale(tx, price=10_000)
    show_id = await planned_show(tx, [product], price=8_000, stock=10)
    plan = await shows.plan(tx, show_id)
    item = PutLineUpItem(
        product_id=product.id,
        talking_points="先讲成分,再讲价格。",
        skus=[PutLineUpSku(sku_id=product.skus[0].id, price=8_000, stock=10)],
    )
    plan = await shows.put_line_up(tx, show_id, PutLineUp(items=[item], version=plan.version))
    cues = [
        cue("开场", talking_points="欢迎来到青禾的直播间。", forbidden=["全网最低"]),
        cue("主推", kind=CueKind.PRODUCT, product_id=product.id),
    ]
    plan = await shows.put_cues(tx, show_id, PutCues(cues=cues, version=plan.version))
    await shows.start(tx, show_id)
    return show_id, product.id, [each.id for each in plan.cues]


def guest(tx: Tx) -> Tx:
    """Go on as somebody whom nobody knows: the second screen."""
    return tx.acting(Actor(NIL, Role.GUEST))


async def test_the_second_screen_reads_what_to_say_now_and_what_comes_next(tx: Tx) -> None:
    show_id, product_id, (first, _) = await on_air(tx)
    given_out = await prompter.token(tx, show_id, KEY)
    assert given_out.path.endswith(given_out.token)

    before = await prompter.read(guest(tx), given_out.token, KEY)
    assert (before.cue, before.next and before.next.title) == (None, "开场")
    await stage.start_cue(tx, show_id, first)
    opening = await prompter.read(guest(tx), given_out.token, KEY)
    assert opening.cue is not None
    assert opening.next is not None
    assert (opening.text, opening.cue.position, opening.cues) == ("欢迎来到青禾的直播间。", 0, 2)
    assert (opening.forbidden, opening.next.title) == (["全网最低"], "主推")

    await stage.pin(tx, show_id, product_id)
    pinned = await prompter.read(guest(tx), given_out.token, KEY)
    assert pinned.product is not None
    assert (pinned.product.price, pinned.product.left) == (8_000, 10)


async def test_a_product_cue_without_words_of_its_own_reads_the_products(tx: Tx) -> None:
    show_id, _, (_, second) = await on_air(tx)
    await stage.start_cue(tx, show_id, second)
    token = (await prompter.token(tx, show_id, KEY)).token
    read = await prompter.read(guest(tx), token, KEY)
    assert (read.text, read.next) == ("先讲成分,再讲价格。", None)


@pytest.mark.parametrize("role", [Role.SERVICE, Role.ANALYST, Role.SHOPPER])
async def test_only_those_who_run_shows_give_tokens_out(role: Role, tx: Tx) -> None:
    show_id, _, _ = await on_air(tx)
    with pytest.raises(NotPermitted):
        await prompter.token(tx.acting(Actor(tx.merchant_id, role, new_id())), show_id, KEY)


async def test_a_token_that_is_not_ours_or_ran_out_reads_nothing(tx: Tx) -> None:
    show_id, _, _ = await on_air(tx)
    old = sign(Claims(tx.merchant_id, show_id, int(NOW.timestamp()) - 1), KEY)
    foreign = sign(Claims(tx.merchant_id, show_id, int(NOW.timestamp()) + 60), b"other key")
    for wrong in (old, foreign, "x", "x" * 60, "谢" * 60):
        with pytest.raises(TokenRefused):
            await prompter.read(guest(tx), wrong, KEY)


TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 # naive by Hypothesis


@given(st.uuids(), st.uuids(), TIMES, st.integers(0, 10**9))
def test_a_token_reads_its_show_until_it_runs_out(
    merchant_id: UUID, show_id: UUID, made: datetime, later: int
) -> None:
    until = int((made + LASTS).timestamp())
    claims = Claims(merchant_id, show_id, until)
    token = sign(claims, KEY)
    now = made.timestamp() + later % (2 * LASTS.total_seconds())
    if now <= until:
        assert verify(token, KEY, now) == claims
    else:
        with pytest.raises(TokenRefused):
            verify(token, KEY, now)


@given(st.integers(0, 200), st.sampled_from("ABCxyz019-_"))
def test_a_token_with_one_letter_changed_is_refused(at: int, letter: str) -> None:
    token = sign(Claims(NIL, NIL, 2_000_000_000), KEY)
    at %= len(token) - 1  # the last letter holds spare bits
    changed = token[:at] + letter + token[at + 1 :]
    if changed != token:
        with pytest.raises(TokenRefused):
            verify(changed, KEY, 0)


def test_twelve_hours_are_enough_for_a_show_and_its_rehearsal() -> None:
    assert timedelta(hours=8) <= LASTS <= timedelta(hours=24)
