"""A rehearsal that runs, for strangers to try."""

from uuid import UUID

from tests.support import planned_show
from xinbo.commerce.catalog import Product
from xinbo.engines.tx import Tx
from xinbo.live import rehearsals
from xinbo.live.rehearsals import Begin, DrillKind, PutCrowd, PutDrill


async def rehearsed(tx: Tx, product: Product) -> dict[str, UUID]:
    """Rehearse a show of the product; return the rehearsal's id by its name in paths."""
    show_id = await planned_show(tx, [product])
    drills = [PutDrill(kind=DrillKind.HOST_ABSENT, minute=5)]
    command = Begin(audience=PutCrowd(size=0, seed=1), drills=drills)
    return {"rehearsal_id": (await rehearsals.begin(tx, show_id, command)).id}
