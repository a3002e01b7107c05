"""What was said is on record once, whatever became of it, and is read again in its place."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest

from tests.live.chat.support import on_air, said
from tests.support import NOW, opened
from xinbo.engines.media_client import Stretch
from xinbo.engines.tx import Actor, Database, Role, Tx
from xinbo.kit.ids import new_id
from xinbo.kit.paging import CursorRefused
from xinbo.live import chat
from xinbo.live.chat import MessageKind, SaidState
from xinbo.live.chat._reactions import stored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def show_id(tx: Tx) -> UUID:
    return await on_air(tx)


async def test_a_batch_that_comes_twice_is_stored_once(tx: Tx, show_id: UUID) -> None:
    batch = [said(show_id, f"第 {n} 条") for n in range(5)]
    assert await chat.store(tx, show_id, batch) == 5
    assert await chat.store(tx, show_id, [*batch, said(show_id, "新的")]) == 1
    assert len((await chat.page_of(tx, show_id, None, 50)).items) == 6


async def test_what_became_of_each_is_kept_and_found_by_filters(tx: Tx, show_id: UUID) -> None:
    batch = [said(show_id, state.value, state=state) for state in SaidState]
    question = msgspec.structs.replace(said(show_id, "100% 纯棉吗"), kind=MessageKind.QUESTION)
    await chat.store(tx, show_id, [*batch, question])
    for state in (SaidState.HELD, SaidState.SAMPLED, SaidState.REFUSED):
        (found,) = (await chat.page_of(tx, show_id, None, 50, became=state)).items
        assert found.text == state.value
    by_kind = await chat.page_of(tx, show_id, None, 50, kind=MessageKind.QUESTION)
    by_words = await chat.page_of(tx, None, None, 50, words="100%")
    assert [each.id for each in by_kind.items] == [each.id for each in by_words.items]
    assert (await chat.page_of(tx, show_id, None, 50, words="%_")).items == []


async def test_pages_of_the_archive_leave_nothing_out_and_repeat_nothing(
    tx: Tx, show_id: UUID
) -> None:
    batch = [said(show_id, f"{n}", at=NOW + timedelta(seconds=n // 3)) for n in range(10)]
    await chat.store(tx, show_id, batch)
    seen: list[str] = []
    cursor = None
    while True:
        page = await chat.page_of(tx, show_id, cursor, 3)
        seen += [each.text for each in page.items]
        if (cursor := page.next) is None:
            break
    assert sorted(seen, key=int) == [f"{n}" for n in range(10)]
    with pytest.raises(CursorRefused):
        await chat.page_of(tx, show_id, "nonsense", 3)


async def test_the_file_opens_in_excel_with_the_first_message_first(tx: Tx, show_id: UUID) -> None:
    await chat.store(
        tx, show_id, [said(show_id, "后", at=NOW + timedelta(seconds=9)), said(show_id, "=1+1")]
    )
    content = await chat.export(tx, show_id)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("time,author,name")
    assert "小雨" in lines[1]
    assert lines[2].endswith("后")
    assert ",=1+1" not in lines[1]


async def test_the_replay_shows_what_was_shown_at_its_place(tx: Tx, show_id: UUID) -> None:
    """Chat replays in sync over a gap in the recording (#14)."""
    parts = [
        Stretch(0, NOW, 10_000),
        Stretch(10_000, NOW + timedelta(seconds=60), 10_000),
    ]
    at = {"头": 1, "断": 30, "接": 61, "尾": 65}
    await chat.store(
        tx,
        show_id,
        [
            *(said(show_id, text, at=NOW + timedelta(seconds=s)) for text, s in at.items()),
            said(show_id, "没显示", state=SaidState.HELD, at=NOW + timedelta(seconds=2)),
            said(show_id, "早了", at=NOW - timedelta(seconds=5)),
        ],
    )
    whole = await chat.replay(tx, show_id, parts, 0, 60_000, cursor=None, limit=10)
    assert [(each.text, each.at_ms) for each in whole.items] == [
        ("头", 1000),
        ("断", 10_000),
        ("接", 11_000),
        ("尾", 15_000),
    ]
    late = await chat.replay(tx, show_id, parts, 10_000, 60_000, cursor=None, limit=10)
    assert [each.text for each in late.items] == ["接", "尾"]
    first = await chat.replay(tx, show_id, parts, 0, 60_000, cursor=None, limit=3)
    rest = await chat.replay(tx, show_id, parts, 0, 60_000, cursor=first.next, limit=3)
    assert [each.text for each in [*first.items, *rest.items]] == ["头", "断", "接", "尾"]
    assert (await chat.replay(tx, show_id, [], 0, 9, cursor=None, limit=3)).items == []


async def test_the_worker_stores_a_batch_of_the_stream_and_survives_a_spoiled_one(
    database: Database,
) -> None:
    merchant_id = await opened(database)
    owner = Actor(merchant_id, Role.OWNER, new_id())
    async with database.begin(owner) as tx:
        show_id = await on_air(tx)
    subject = f"said.{merchant_id}.{show_id}"
    body = msgspec.json.encode([said(show_id, "存下来")])
    assert await stored(database, subject, body)
    assert await stored(database, subject, body)
    assert await stored(database, subject, b"[{}]")
    assert await stored(database, f"said.{merchant_id}.{new_id()}", body)
    async with database.begin(owner) as tx:
        assert [each.text for each in (await chat.page_of(tx, show_id, None, 9)).items] == [
            "存下来"
        ]
