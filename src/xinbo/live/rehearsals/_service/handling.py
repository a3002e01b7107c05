"""What the response team did about a drill: read from the incident, never told by hand."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from xinbo.engines.tx import Tx
from xinbo.live import contingency
from xinbo.live.contingency import (
    Incident,
    IncidentKind,
    IncidentOutcome,
    IncidentRuns,
    OpenIncident,
)
from xinbo.live.rehearsals._models import DrillRow
from xinbo.live.rehearsals._rules import disorder, steps_to_do

ALARM_AFTER = timedelta(seconds=8)
"""How long people have to notice by themselves. Then the drill says what is wrong."""

LOOKED_AT = 50
"""Incidents of a show, the newest, among which a drill's is looked for."""


async def incidents_of(tx: Tx, show_id: UUID) -> Sequence[Incident]:
    """List a show's latest incidents."""
    return (await contingency.incidents(tx, show_id, limit=LOOKED_AT)).items


async def raise_alarm(tx: Tx, show_id: UUID, drill: DrillRow) -> UUID | None:
    """Open the drill's incident, unless somebody just did."""
    try:
        async with tx.db.begin_nested():
            opened = await contingency.open(
                tx,
                show_id,
                OpenIncident(
                    kind=IncidentKind(drill.kind.value), product_id=drill.product_id, drill=True
                ),
            )
    except IncidentRuns:
        return None
    return opened.id


def own(drill: DrillRow, incidents: Sequence[Incident], taken: set[UUID]) -> Incident | None:
    """Find the incident that is about the drill: its own, or one that someone opened for it.

    `taken` are the incidents of other drills.
    """
    for incident in incidents:
        if incident.id == drill.incident_id:
            return incident
    fits = [
        incident
        for incident in reversed(incidents)
        if incident.kind == drill.kind.value
        and incident.id not in taken
        and _goes_on(incident, drill.began_at)
    ]
    exact = [each for each in fits if each.affected.product_id == drill.product_id]
    return next(iter([*exact, *fits]), None)


def _goes_on(incident: Incident, since: datetime | None) -> bool:
    closed = incident.closed_at
    return closed is None or (since is not None and closed > since)


def note(drill: DrillRow, incident: Incident) -> bool:
    """Take over from the incident what was done; say whether it is closed."""
    drill.incident_id, drill.detected = incident.id, incident.detected
    done = [step.done_at for step in incident.steps if not step.skipped]
    ticked = [step.done_at for step in incident.steps if step.done_at is not None]
    skipped = sum(step.skipped for step in incident.steps)
    drill.steps = steps_to_do(len(incident.steps), skipped)
    drill.steps_done = sum(at is not None for at in done)
    drill.out_of_order = disorder([at and at.timestamp() for at in done])
    # Neither the house noticed it nor the drill told: somebody saw it and opened it.
    by_hand = not incident.detected and (not incident.drill or incident.opened_by is not None)
    drill.reacted_at = _first(drill.began_at, incident.opened_at if by_hand else None, *ticked)
    if incident.closed_at is None or incident.outcome is IncidentOutcome.SHOW_OVER:
        return False
    drill.closed_at = incident.closed_at
    if drill.reacted_at is None:
        drill.reacted_at = incident.closed_at
    return True


def _first(began: datetime | None, *moments: datetime | None) -> datetime | None:
    known = [at for at in moments if at is not None]
    if not known:
        return None
    return max(min(known), began) if began else min(known)
