"""Which clocks are believed."""

from datetime import datetime, timedelta

LATE = timedelta(minutes=10)
EARLY = timedelta(minutes=1)


def believed(at: datetime, now: datetime) -> datetime:
    """Return when it happened: what the page says, or `now` where its clock cannot be right."""
    if at.tzinfo is None:
        return now
    return at if now - LATE <= at <= now + EARLY else now
