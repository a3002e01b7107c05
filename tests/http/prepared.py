"""What a merchant has prepared for, and what went wrong in its show."""

from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.live import contingency, readiness
from xinbo.live.contingency import (
    IncidentKind,
    OpenIncident,
    Part,
    PutPlaybook,
    PutPlaybookStep,
)
from xinbo.live.readiness import TickItem


async def prepared(tx: Tx, show_id: UUID, title: str) -> dict[str, UUID]:
    """Write a playbook of the merchant's own, start it on air, and tick a checklist."""
    step = PutPlaybookStep(text=title, part=Part.LEAD)
    book = await contingency.add_playbook(
        tx, PutPlaybook(kind=IncidentKind.OTHER, title=title[:40], steps=[step], version=None)
    )
    await contingency.prepare(tx, show_id)
    incident = await contingency.open(
        tx, show_id, OpenIncident(kind=IncidentKind.OTHER, playbook_id=book.id)
    )
    first = (await readiness.checklist(tx, show_id)).items[0]
    await readiness.tick_item(tx, show_id, first.id, TickItem(done=True))
    return {"playbook_id": book.id, "incident_id": incident.id, "item_id": first.id}
