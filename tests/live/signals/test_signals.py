"""Open pages are told what changed, and nobody else is."""

import pytest

from xinbo.engines.history import latest
from xinbo.engines.tx import Tx
from xinbo.kit.ids import new_id
from xinbo.live import signals
from xinbo.live.signals import RoomTold

pytestmark = pytest.mark.anyio


async def test_news_goes_out_with_the_transaction_and_leaves_the_history_alone(tx: Tx) -> None:
    show_id = new_id()
    await signals.tell(tx, show_id, "game", to="staff", id=str(show_id), n=3)

    assert await latest(tx, show_id, before=None, limit=9) == []


def test_news_says_to_whom_and_what() -> None:
    told = RoomTold(show_id=new_id(), to="all", message={"t": "told", "about": "game"})
    assert (told.name, told.about_id) == ("rooms.told", None)
