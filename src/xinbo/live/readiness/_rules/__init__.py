"""Whether a show may go on air, whether its kit is good, what stands on its checklist: pure."""

from xinbo.live.readiness._rules.checking import findings, ready
from xinbo.live.readiness._rules.kit import (
    Camera,
    KitGrade,
    KitItem,
    Measured,
    Microphone,
    Screen,
    Stability,
    Upload,
    judged,
    passed,
    worst,
)
from xinbo.live.readiness._rules.lists import BROUGHT, Brought, ChecklistGroup, brought_id
from xinbo.live.readiness._rules.planned import (
    CheckKind,
    Fact,
    Finding,
    Link,
    PlannedCue,
    PlannedItem,
    PlannedSku,
    Severity,
    Snapshot,
    Window,
)

__all__ = [
    "BROUGHT",
    "Brought",
    "Camera",
    "CheckKind",
    "ChecklistGroup",
    "Fact",
    "Finding",
    "KitGrade",
    "KitItem",
    "Link",
    "Measured",
    "Microphone",
    "PlannedCue",
    "PlannedItem",
    "PlannedSku",
    "Screen",
    "Severity",
    "Snapshot",
    "Stability",
    "Upload",
    "Window",
    "brought_id",
    "findings",
    "judged",
    "passed",
    "ready",
    "worst",
]
