"""What a ticked step does by itself, through the doors of the rooms below."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.kit.errors import Invalid
from xinbo.live import broadcasts, chat, stage
from xinbo.live.broadcasts import SourceName, SourceSilent
from xinbo.live.chat import PutChatRules
from xinbo.live.contingency._models import IncidentRow
from xinbo.live.contingency._rules import StepAction
from xinbo.live.contingency._types import IncidentStep, TickStep
from xinbo.live.stage import NoticeKind, PutNotice

SLOW = 30
"""Seconds between two messages of a shopper, where a step names none."""
STANDS = 120
"""Seconds that a notice stands."""
CORRECTION_STANDS = 600
"""A corrected price stands longer: whoever comes late heard the wrong one too."""


class ProductMissing(Invalid):
    """Raised when a step is about a product and none was named. `step` says which action."""


class MessageMissing(Invalid):
    """Raised when a step tells everybody something and there are no words for it."""


class Doing(NamedTuple):
    """A step that is ticked: of which incident, and with which particulars."""

    tx: Tx
    row: IncidentRow
    step: IncidentStep
    command: TickStep

    @property
    def show_id(self) -> UUID:
        """The show it happens in."""
        return self.row.show_id

    @property
    def words(self) -> str:
        """What everybody is told: the operator's words, or the playbook's."""
        said = self.step.message if self.command.text is None else self.command.text
        return said.strip()

    @property
    def failed(self) -> UUID:
        """The product it is about."""
        product_id = self.row.product_id or self.command.product_id
        if product_id is None:
            raise ProductMissing(step=self.step.action)
        return product_id


async def act(tx: Tx, row: IncidentRow, step: IncidentStep, command: TickStep) -> UUID | None:
    """Do what a step says; return the product it put up, if any."""
    if step.action is None:
        return None
    return await ACTS[step.action](Doing(tx, row, step, command))


async def _slow(doing: Doing) -> None:
    seconds = doing.command.seconds or doing.step.seconds or SLOW
    await _set_slow(doing, seconds)


async def _slow_off(doing: Doing) -> None:
    await _set_slow(doing, 0)


async def _set_slow(doing: Doing, seconds: int) -> None:
    now = await chat.rules(doing.tx, doing.show_id)
    wanted = PutChatRules(slow_seconds=seconds, hold_all=now.hold_all)
    await chat.set_rules(doing.tx, doing.show_id, wanted)


async def _text_room(doing: Doing) -> None:
    await stage.set_text_room(doing.tx, doing.show_id, on=True)
    if doing.words:
        await _say(doing, NoticeKind.TEXT_ROOM, None, None)


async def _text_room_off(doing: Doing) -> None:
    await pictures_again(doing.tx, doing.show_id)


async def pictures_again(tx: Tx, show_id: UUID) -> None:
    """End the text room, and take down what was said about it."""
    seen = await stage.set_text_room(tx, show_id, on=False)
    for notice in seen.notices:
        if notice.kind is NoticeKind.TEXT_ROOM:
            await stage.withdraw_notice(tx, show_id, notice.id)


async def _backup(doing: Doing) -> None:
    await _switch(doing, SourceName.BACKUP)


async def _main(doing: Doing) -> None:
    await _switch(doing, SourceName.MAIN)


async def _switch(doing: Doing, source: SourceName) -> None:
    """Put a source on air. In a rehearsal there may be none, and the step counts all the same."""
    try:
        await broadcasts.switch(doing.tx, doing.show_id, source)
    except SourceSilent:
        if not doing.row.rehearsal:
            raise


async def _sold_out(doing: Doing) -> None:
    await stage.mark_sold_out(doing.tx, doing.show_id, doing.failed, sold_out=True)


async def _replace(doing: Doing) -> UUID:
    new = doing.command.product_id
    if new is None or new == doing.row.product_id:
        raise ProductMissing(step=doing.step.action)
    await stage.pin(doing.tx, doing.show_id, new)
    await _say(doing, NoticeKind.REPLACEMENT, new, STANDS)
    return new


async def _price(doing: Doing) -> None:
    about = doing.row.product_id or doing.command.product_id
    await _say(doing, NoticeKind.PRICE_CORRECTED, about, CORRECTION_STANDS)


async def _notice(doing: Doing) -> None:
    await _say(doing, NoticeKind.ANNOUNCEMENT, None, STANDS)


async def _hold(doing: Doing) -> None:
    await chat.hold_chat(doing.tx, doing.show_id, on=True)


async def _release(doing: Doing) -> None:
    await chat.hold_chat(doing.tx, doing.show_id, on=False)


async def _say(
    doing: Doing, kind: NoticeKind, product_id: UUID | None, seconds: int | None
) -> None:
    if not doing.words:
        raise MessageMissing(step=doing.step.action)
    command = PutNotice(kind=kind, text=doing.words, product_id=product_id, seconds=seconds)
    await stage.notice(doing.tx, doing.show_id, command)


ACTS: Mapping[StepAction, Callable[[Doing], Awaitable[UUID | None]]] = {
    StepAction.SLOW_MODE: _slow,
    StepAction.SLOW_MODE_OFF: _slow_off,
    StepAction.TEXT_ROOM: _text_room,
    StepAction.TEXT_ROOM_OFF: _text_room_off,
    StepAction.BACKUP_STREAM: _backup,
    StepAction.MAIN_STREAM: _main,
    StepAction.SOLD_OUT: _sold_out,
    StepAction.REPLACE_PRODUCT: _replace,
    StepAction.PRICE_CORRECTED: _price,
    StepAction.NOTICE: _notice,
    StepAction.HOLD_CHAT: _hold,
    StepAction.RELEASE_CHAT: _release,
}
