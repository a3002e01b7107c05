"""Tell open pages."""

from typing import Literal
from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.live.signals._types import RoomTold


async def tell(
    tx: Tx,
    show_id: UUID,
    about: str,
    to: Literal["all", "staff"] | UUID = "all",
    **facts: object,
) -> None:
    """Tell a room's open pages that `about` changed, if this transaction commits."""
    await tx.emit(news(show_id, about, to, **facts))


def news(
    show_id: UUID, about: str, to: Literal["all", "staff"] | UUID = "all", **facts: object
) -> RoomTold:
    """Make the fact that tells a room's open pages, to be emitted with others.

    `facts` are ids, counts and states that JSON can carry; not what someone wrote.
    """
    message = {"t": "told", "about": about, **facts}
    return RoomTold(show_id=show_id, to=str(to), message=message)
