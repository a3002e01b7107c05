"""Let a prepared promotion begin at this moment, for so long: what a run-of-show does."""

from datetime import timedelta
from uuid import UUID

from xinbo.commerce.promotions._models import PromotionRow
from xinbo.commerce.promotions._rules.life import IllegalPromotionMove, PromotionState
from xinbo.commerce.promotions._service import clock
from xinbo.commerce.promotions._service.desk import changed, scheduled, shown
from xinbo.commerce.promotions._service.views import row
from xinbo.commerce.promotions._types import Promotion
from xinbo.engines.tx import Tx
from xinbo.identity.access import Can, require


async def fire(tx: Tx, promotion_id: UUID, minutes: int) -> Promotion:
    """Begin a prepared promotion now; it ends after so many minutes.

    One that runs already is left as it is. Whoever runs shows may: its terms were written by
    those who may write them. Raises `PromotionRefused`, or `IllegalPromotionMove` once it is over.
    """
    require(tx, Can.RUN_SHOWS)
    promotion = await row(tx, promotion_id, for_update=True)
    if promotion.state is PromotionState.RUNNING:
        return await shown(tx, promotion)
    if promotion.state is PromotionState.ENDED:
        raise IllegalPromotionMove(state=promotion.state, wanted=PromotionState.RUNNING)
    _from_now(tx, promotion, minutes)
    if promotion.state is PromotionState.SCHEDULED:
        await clock.begin(tx, promotion)
        return await changed(tx, promotion)
    return await shown(tx, await scheduled(tx, promotion))


def _from_now(tx: Tx, promotion: PromotionRow, minutes: int) -> None:
    promotion.starts_at = tx.now
    promotion.ends_at = tx.now + timedelta(minutes=minutes)
