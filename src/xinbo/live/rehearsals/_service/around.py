"""Where a rehearsal meets the rooms around it."""

from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.live import stage


async def clear_stage(tx: Tx, show_id: UUID) -> None:
    """Take everything off the phones that the rehearsal put there."""
    await stage.clear(tx, show_id)
