"""A stream belongs to the show whose key opened it; news of old streams changes nothing."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import NOW, planned_show, product_on_sale
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, Unit, system
from xinbo.identity.access import NotPermitted
from xinbo.kit.ids import NIL, new_id
from xinbo.live import broadcasts, shows
from xinbo.live.broadcasts import (
    Addresses,
    Hook,
    NoRecording,
    StreamKeyRefused,
    VideoState,
)
from xinbo.live.broadcasts._reactions import cut_off
from xinbo.live.broadcasts._rules import read_whip, sign_whip
from xinbo.live.shows import ShowEnded, ShowStatus

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
HERE = Addresses(http="http://media", rtmp="rtmp://media/live", key=KEY)


async def show_of(tx: Tx) -> UUID:
    return await planned_show(tx, [await product_on_sale(tx)])


def publish(key: str, protocol: str = "rtmp") -> Hook:
    return Hook(
        action="publish",
        session=new_id(),
        protocol="whip" if protocol == "whip" else "rtmp",
        credential=key,
    )


async def test_a_stream_key_opens_its_show_until_it_is_rotated(tx: Tx) -> None:
    show_id = await show_of(tx)
    old = await broadcasts.get(tx, show_id, HERE)
    media = tx.acting(Actor(NIL, Role.GUEST))
    granted = await broadcasts.hear(media, publish(old.stream_key), KEY)
    assert granted is not None
    assert granted.show_id == show_id

    new = await broadcasts.rotate(tx, show_id, HERE)

    with pytest.raises(StreamKeyRefused):
        await broadcasts.hear(media, publish(old.stream_key), KEY)
    again = await broadcasts.hear(media, publish(new.stream_key), KEY)
    assert again is not None
    assert again.playback_id == granted.playback_id


async def test_a_camera_token_opens_its_show_until_it_is_too_old(tx: Tx) -> None:
    show_id = await show_of(tx)
    token = (await broadcasts.whip_token(tx, show_id, HERE)).token
    granted = await broadcasts.hear(tx, publish(token, "whip"), KEY)
    assert granted is not None
    assert granted.show_id == show_id
    late = Tx(Unit(lambda: tx.db), tx.actor, NOW + timedelta(hours=3), RecordedJobs(), tx.database)
    with pytest.raises(StreamKeyRefused):
        await broadcasts.hear(late, publish(token, "whip"), KEY)
    with pytest.raises(StreamKeyRefused):
        await broadcasts.hear(tx, publish(token, "whip"), b"x" * 32)


async def test_nobody_publishes_to_a_show_that_is_over(tx: Tx) -> None:
    show_id = await show_of(tx)
    key = (await broadcasts.get(tx, show_id, HERE)).stream_key
    await shows.start(tx, show_id)
    await shows.end(tx, show_id)
    with pytest.raises(StreamKeyRefused) as refusal:
        await broadcasts.hear(tx, publish(key), KEY)
    assert refusal.value.facts == {"status": ShowStatus.ENDED}


async def test_late_news_of_an_older_session_does_not_take_the_new_one_off(tx: Tx) -> None:
    show_id = await show_of(tx)
    key = (await broadcasts.get(tx, show_id, HERE)).stream_key
    granted = await broadcasts.hear(tx, publish(key), KEY)
    assert granted is not None
    old, new = new_id(), new_id()

    async def tell(action: str, session: UUID) -> VideoState:
        hook = Hook(
            action="started" if action == "started" else "stopped",
            session=session,
            stream_id=granted.stream_id,
            protocol="rtmp",
            width=1280,
            height=720,
            duration_ms=5000,
        )
        await broadcasts.hear(tx, hook, KEY)
        return (await broadcasts.video(tx, show_id)).state

    assert await tell("started", old) is VideoState.LIVE
    assert await tell("started", new) is VideoState.LIVE
    assert await tell("stopped", old) is VideoState.LIVE
    assert await tell("stopped", new) is VideoState.OFFLINE


async def test_a_recording_goes_up_when_its_show_ends(tx: Tx, jobs: RecordedJobs) -> None:
    show_id = await show_of(tx)
    key = (await broadcasts.get(tx, show_id, HERE)).stream_key
    granted = await broadcasts.hear(tx, publish(key), KEY)
    assert granted is not None
    await broadcasts.hear(
        tx, Hook(action="started", session=new_id(), stream_id=granted.stream_id), KEY
    )
    await shows.start(tx, show_id)
    with pytest.raises(NoRecording):
        await broadcasts.replay(tx.acting(Actor(tx.merchant_id, Role.GUEST)), show_id, HERE)
    await shows.end(tx, show_id)

    await cut_off(tx.acting(system(tx.merchant_id)), ShowEnded(show_id=show_id))

    assert (await shows.get(tx, show_id)).status is ShowStatus.REPLAY
    public = tx.acting(Actor(tx.merchant_id, Role.GUEST))
    found = await broadcasts.replay(public, show_id, HERE)
    assert found.playback_url == f"http://media/hls/{granted.playback_id}/replay.m3u8"
    assert any(key.startswith("cut-") for key in jobs.started)


async def test_a_show_without_pictures_has_no_replay(tx: Tx) -> None:
    show_id = await show_of(tx)
    await shows.start(tx, show_id)
    await shows.end(tx, show_id)
    await cut_off(tx.acting(system(tx.merchant_id)), ShowEnded(show_id=show_id))
    assert (await shows.get(tx, show_id)).status is ShowStatus.ENDED
    with pytest.raises(NoRecording):
        await broadcasts.publish_replay(tx, show_id)


async def test_a_media_engine_that_begins_anew_leaves_no_ghost_on_air(tx: Tx) -> None:
    show_id = await show_of(tx)
    key = (await broadcasts.get(tx, show_id, HERE)).stream_key
    granted = await broadcasts.hear(tx, publish(key), KEY)
    assert granted is not None
    await broadcasts.hear(
        tx, Hook(action="started", session=new_id(), stream_id=granted.stream_id), KEY
    )
    await broadcasts.hear(tx, Hook(action="restarted", session=new_id()), KEY)
    assert (await broadcasts.video(tx, show_id)).state is VideoState.OFFLINE


@pytest.mark.parametrize("role", [Role.SERVICE, Role.ANALYST, Role.SHOPPER])
async def test_a_stream_key_is_shown_to_those_who_publish_only(
    role: Role, database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
    async with database.begin(Actor(owner.merchant_id, role, new_id()), NOW) as tx:
        with pytest.raises(NotPermitted):
            await broadcasts.get(tx, show_id, HERE)


async def test_another_merchant_finds_no_show_to_publish_to(
    database: Database, owner: Actor, other_merchant_id: UUID
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
    async with database.begin(Actor(other_merchant_id, Role.OWNER, new_id()), NOW) as tx:
        with pytest.raises(shows.ShowNotFound):
            await broadcasts.get(tx, show_id, HERE)


@given(st.text(max_size=120))
def test_no_made_up_token_opens_a_show(token: str) -> None:
    assert read_whip(KEY, token, NOW) is None


@given(st.uuids(), st.sampled_from(["main", "backup"]), st.integers(0, 75))
def test_a_token_with_one_letter_changed_opens_nothing(show_id: UUID, source: str, at: int) -> None:
    token = sign_whip(KEY, show_id, source, NOW + timedelta(hours=1))
    assert read_whip(KEY, token, NOW) == (show_id, source)
    other = "A" if token[at] != "A" else "B"
    assert read_whip(KEY, token[:at] + other + token[at + 1 :], NOW) is None
