"""What the conversations room does when facts reach it."""

from xinbo.commerce.aftersales import CaseOpened
from xinbo.engines.events import Reaction
from xinbo.engines.tx import Tx
from xinbo.live.conversations._service import beside, duty
from xinbo.live.shows import ShowEnded


async def on_case_opened(tx: Tx, event: CaseOpened) -> None:
    """Note in the conversation what came of a hand-over."""
    await beside.on_case_opened(tx, event)


async def on_show_ended(tx: Tx, event: ShowEnded) -> None:
    """Take everybody off duty."""
    await duty.release(tx, event.show_id)


REACTIONS = (
    Reaction("conversations.case_opened", CaseOpened, on_case_opened),
    Reaction("conversations.show_ended", ShowEnded, on_show_ended),
)
