"""Two sources, each with its own key; the programme is where the engine says it is."""

import asyncio
from typing import Any, Literal
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.support import NOW, planned_show, product_on_sale
from xinbo.engines.db import EventRow
from xinbo.engines.jobs import RecordedJobs
from xinbo.engines.tx import Actor, Database, Role, Tx, system
from xinbo.identity import accounts
from xinbo.identity.access import NotPermitted
from xinbo.identity.accounts import AddStaff
from xinbo.kit.ids import new_id
from xinbo.live import broadcasts, shows
from xinbo.live.broadcasts import (
    Addresses,
    Granted,
    Hook,
    SourceName,
    SourceSilent,
    SourcesMoved,
    StreamKeyRefused,
    VideoState,
)

pytestmark = pytest.mark.anyio

KEY = b"k" * 32
HERE = Addresses(http="http://media", rtmp="rtmp://media/live", key=KEY)
MAIN, BACKUP = SourceName.MAIN, SourceName.BACKUP

type OnAir = Literal["main", "backup", "none"]


class Engine:
    """The media engine, as web hears it."""

    def __init__(self, tx: Tx, show_id: UUID) -> None:
        self.tx = tx
        self.show_id = show_id
        self.sessions: dict[SourceName, UUID] = {}

    async def admit(self, source: SourceName) -> Granted:
        key = await broadcasts.stream_key(self.tx, self.show_id, source)
        self.sessions[source] = new_id()
        hook = Hook(
            action="publish", session=self.sessions[source], protocol="rtmp", credential=key
        )
        granted = await broadcasts.hear(self.tx, hook, KEY)
        assert granted is not None
        return granted

    async def tell(
        self,
        action: Literal["started", "switched", "stopped"],
        source: SourceName,
        on_air: OnAir,
        reason: Literal["command", "silence", "ended", "preferred", "first"] | None = None,
        *,
        duration_ms: int = 0,
    ) -> None:
        row = await broadcasts.get(self.tx, self.show_id, HERE)
        granted = await broadcasts.hear(
            self.tx,
            Hook(action="publish", session=new_id(), protocol="rtmp", credential=row.stream_key),
            KEY,
        )
        assert granted is not None
        hook = Hook(
            action=action,
            session=self.sessions[source],
            stream_id=granted.stream_id,
            protocol="rtmp",
            width=1280,
            height=720,
            duration_ms=duration_ms,
            source=source,
            on_air=on_air,
            reason=reason,
        )
        await broadcasts.hear(self.tx, hook, KEY)

    async def both(self) -> None:
        """Have main on air and the backup ready."""
        await self.admit(MAIN)
        await self.tell("started", MAIN, "main", "first")
        await self.admit(BACKUP)
        await self.tell("started", BACKUP, "main")


async def show_of(tx: Tx, *, live: bool = True) -> UUID:
    show_id = await planned_show(tx, [await product_on_sale(tx)])
    if live:
        await shows.start(tx, show_id)
    return show_id


async def said(tx: Tx, name: str) -> list[dict[str, Any]]:
    rows = await tx.db.scalars(
        select(EventRow)
        .where(EventRow.merchant_id == tx.merchant_id, EventRow.type == name)
        .order_by(EventRow.seq)
    )
    return [row.payload for row in rows]


async def on_air(tx: Tx, show_id: UUID) -> list[SourceName]:
    return [one.name for one in (await broadcasts.sources(tx, show_id)).items if one.on_air]


async def test_each_source_is_opened_by_its_own_key(tx: Tx) -> None:
    show_id = await show_of(tx)
    engine = Engine(tx, show_id)
    main, backup = await engine.admit(MAIN), await engine.admit(BACKUP)
    assert (main.source, main.preferred) == (MAIN, True)
    assert (backup.source, backup.preferred) == (BACKUP, False)
    assert (main.stream_id, main.playback_id) == (backup.stream_id, backup.playback_id)
    seen = await broadcasts.get(tx, show_id, HERE)
    assert seen.stream_key != seen.backup_key


async def test_a_key_is_made_new_for_one_source_alone(tx: Tx) -> None:
    show_id = await show_of(tx)
    before = await broadcasts.get(tx, show_id, HERE)
    after = await broadcasts.rotate(tx, show_id, HERE, BACKUP)
    assert after.stream_key == before.stream_key
    old = Hook(action="publish", session=new_id(), protocol="rtmp", credential=before.backup_key)
    with pytest.raises(StreamKeyRefused):
        await broadcasts.hear(tx, old, KEY)
    assert (await Engine(tx, show_id).admit(BACKUP)).source is BACKUP


async def test_a_page_may_publish_to_the_backup(tx: Tx) -> None:
    show_id = await show_of(tx)
    token = (await broadcasts.whip_token(tx, show_id, HERE, BACKUP)).token
    hook = Hook(action="publish", session=new_id(), protocol="whip", credential=token)
    granted = await broadcasts.hear(tx, hook, KEY)
    assert granted is not None
    assert granted.source is BACKUP


async def test_nobody_is_told_of_an_end_when_the_backup_takes_over(tx: Tx) -> None:
    show_id = await show_of(tx)
    engine = Engine(tx, show_id)
    await engine.both()
    await engine.tell("stopped", MAIN, "backup", "ended", duration_ms=4_000)
    assert [one["state"] for one in await said(tx, "broadcasts.video_changed")] == ["live"]
    (changed,) = await said(tx, "broadcasts.source_changed")
    assert (changed["source"], changed["reason"]) == ("backup", "ended")
    assert (await broadcasts.video(tx, show_id)).state is VideoState.LIVE
    assert await on_air(tx, show_id) == [BACKUP]
    assert (await engine.admit(MAIN)).preferred is False, "it waits for the command"
    await engine.tell("started", MAIN, "backup")
    assert await on_air(tx, show_id) == [BACKUP]
    await engine.tell("stopped", BACKUP, "main", "ended", duration_ms=3_000)
    await engine.tell("stopped", MAIN, "none", duration_ms=2_000)
    assert (await broadcasts.video(tx, show_id)).state is VideoState.OFFLINE
    assert await on_air(tx, show_id) == []
    assert (await broadcasts.replay(tx, show_id, HERE)).duration_ms == 9_000


async def test_a_backup_that_is_there_before_the_show_does_not_become_the_preferred_one(
    tx: Tx,
) -> None:
    show_id = await show_of(tx, live=False)
    engine = Engine(tx, show_id)
    await engine.admit(BACKUP)
    await engine.tell("started", BACKUP, "backup", "first")
    assert await on_air(tx, show_id) == [BACKUP]
    assert (await engine.admit(MAIN)).preferred is True
    await engine.tell("started", MAIN, "main", "preferred")
    assert await on_air(tx, show_id) == [MAIN]
    assert await said(tx, "broadcasts.source_changed") == []


async def test_a_backup_that_saves_a_live_show_stays(tx: Tx) -> None:
    show_id = await show_of(tx)
    engine = Engine(tx, show_id)
    await engine.admit(MAIN)
    await engine.tell("started", MAIN, "main", "first")
    await engine.tell("stopped", MAIN, "none")
    await engine.admit(BACKUP)
    await engine.tell("started", BACKUP, "backup", "first")
    states = [one["state"] for one in await said(tx, "broadcasts.video_changed")]
    assert states == ["live", "offline", "live"]
    assert (await engine.admit(MAIN)).preferred is False


async def test_a_switch_asks_the_engine_and_is_told_when_it_has_happened(
    tx: Tx, jobs: RecordedJobs
) -> None:
    show_id = await show_of(tx)
    engine = Engine(tx, show_id)
    with pytest.raises(SourceSilent):
        await broadcasts.switch(tx, show_id, BACKUP)
    await engine.both()
    seen = (await broadcasts.sources(tx, show_id)).version
    await broadcasts.switch(tx, show_id, BACKUP, seen)
    assert any(key.startswith(f"switch-{show_id}-backup") for key in jobs.started)
    assert await said(tx, "broadcasts.source_changed") == []
    await engine.tell("switched", BACKUP, "backup", "command")
    (changed,) = await said(tx, "broadcasts.source_changed")
    assert changed["reason"] == "command"
    found = await broadcasts.sources(tx, show_id)
    assert (found.version, [one.on_air for one in found.items]) == (seen + 1, [False, True])


async def test_of_two_operators_the_second_is_told_who_was_first(
    database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        await Engine(tx, show_id).both()
        staff = [
            await accounts.add_staff(
                tx,
                AddStaff(
                    email=f"{name}-{show_id}@x.example",
                    name=name,
                    role=Role.OPERATOR,
                    password="a long password",
                ),
            )
            for name in ("阿宁", "小周")
        ]
        seen = (await broadcasts.sources(tx, show_id)).version

    async def switch(user: UUID) -> str:
        actor = Actor(owner.merchant_id, Role.OPERATOR, user)
        async with database.begin(actor, NOW) as tx:
            try:
                await broadcasts.switch(tx, show_id, BACKUP, seen)
            except SourcesMoved as moved:
                return str(moved.facts["by"])
            return ""

    refused = await asyncio.gather(*(switch(each.id) for each in staff))
    assert sorted(bool(one) for one in refused) == [False, True]
    assert {one for one in refused if one} < {"阿宁", "小周"}


async def test_an_engine_that_begins_anew_has_no_source_ready(tx: Tx) -> None:
    show_id = await show_of(tx)
    await Engine(tx, show_id).both()
    await broadcasts.hear(tx, Hook(action="restarted", session=new_id()), KEY)
    found = (await broadcasts.sources(tx, show_id)).items
    assert {one.state for one in found} == {VideoState.OFFLINE}


@pytest.mark.parametrize("role", [Role.SERVICE, Role.ANALYST])
async def test_who_does_not_run_shows_switches_nothing(
    role: Role, database: Database, owner: Actor
) -> None:
    async with database.begin(owner, NOW) as tx:
        show_id = await show_of(tx)
        await Engine(tx, show_id).both()
    async with database.begin(Actor(owner.merchant_id, role, new_id()), NOW) as tx:
        assert len((await broadcasts.sources(tx, show_id)).items) == 2
        with pytest.raises(NotPermitted):
            await broadcasts.switch(tx, show_id, BACKUP)


async def test_the_system_of_another_merchant_sees_no_sources(
    tx: Tx, other_merchant_id: UUID
) -> None:
    show_id = await show_of(tx)
    with pytest.raises(shows.ShowNotFound):
        await broadcasts.sources(tx.acting(system(other_merchant_id)), show_id)
