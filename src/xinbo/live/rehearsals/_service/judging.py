"""Gather what a rehearsal is judged by."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from xinbo.engines.tx import Tx
from xinbo.live.rehearsals._models import DrillRow, RehearsalRow, RehearsedCueRow
from xinbo.live.rehearsals._rules import (
    CueFact,
    DrillFact,
    DrillState,
    Facts,
    Part,
    drill_points,
    judge,
)


def minute_of(rehearsal: RehearsalRow, at: datetime) -> float:
    """Say at which minute of the show something happened."""
    return round((at - rehearsal.began_at).total_seconds() * rehearsal.speed / 60, 2)


def parts(rehearsal: RehearsalRow) -> list[Part]:
    """Show the parts of the score as they were kept; none while it runs."""
    if rehearsal.judged is None:
        return []
    kept: Any = rehearsal.judged["parts"]
    return msgspec.convert(kept, list[Part])


async def settle(tx: Tx, rehearsal: RehearsalRow, asked: int, answered: int) -> None:
    """Judge a rehearsal that has ended, and keep why."""
    cues = (
        await tx.db.scalars(
            select(RehearsedCueRow)
            .where(RehearsedCueRow.rehearsal_id == rehearsal.id)
            .order_by(RehearsedCueRow.position)
        )
    ).all()
    drills = (
        await tx.db.scalars(
            select(DrillRow)
            .where(DrillRow.rehearsal_id == rehearsal.id, DrillRow.state != DrillState.PLANNED)
            .order_by(DrillRow.began_at)
        )
    ).all()
    ended = rehearsal.ended_at or tx.now
    facts = Facts(
        speed=rehearsal.speed,
        total_minutes=rehearsal.total_minutes,
        lasted_minutes=minute_of(rehearsal, ended),
        cues=[
            CueFact(
                due=cue.due_minute,
                started=cue.started_at and minute_of(rehearsal, cue.started_at),
                by_autopilot=cue.by_autopilot,
            )
            for cue in cues
        ],
        asked=asked,
        answered=answered,
        drills=[fact_of(drill) for drill in drills],
    )
    rehearsal.score, judged = judge(facts)
    rehearsal.judged = {"parts": msgspec.to_builtins(judged)}


def fact_of(drill: DrillRow) -> DrillFact:
    """Say what a drill is judged by."""
    began = drill.began_at
    return DrillFact(
        kind=drill.kind,
        reacted=_seconds(began, drill.reacted_at),
        closed=_seconds(began, drill.closed_at),
        steps=drill.steps,
        done=drill.steps_done,
        out_of_order=drill.out_of_order,
    )


def points_of(drill: DrillRow) -> int:
    """Judge one drill."""
    return drill_points(fact_of(drill))


def _seconds(began: datetime | None, at: datetime | None) -> float | None:
    return None if began is None or at is None else max(0.0, (at - began).total_seconds())
