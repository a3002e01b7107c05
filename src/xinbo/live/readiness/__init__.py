"""Whether a show is ready: its plan checked, its kit tested, its checklist ticked.

Owns `readiness_waiver`, `kit_test` and `checklist`. Going live passes here: a show with a
run-of-show does not start while a check is red, and is told which and where to mend it. An owner
may waive one with a reason, on record. What a browser measured of camera, microphone, line and
screen is judged here, by thresholds that stand in one place, and kept with the show.
"""

from xinbo.live.readiness._rules import (
    Camera,
    CheckKind,
    ChecklistGroup,
    KitGrade,
    KitItem,
    Link,
    Measured,
    Microphone,
    Screen,
    Severity,
    Stability,
    Upload,
)
from xinbo.live.readiness._service.going import (
    CheckNotFound,
    NotReady,
    go_live,
    waive,
    withdraw,
)
from xinbo.live.readiness._service.kits import PROBE_BYTES, probe
from xinbo.live.readiness._service.kits import keep as keep_kit_test
from xinbo.live.readiness._service.kits import page_of as kit_tests
from xinbo.live.readiness._service.lists import ChecklistRefused, ItemNotFound
from xinbo.live.readiness._service.lists import get as checklist
from xinbo.live.readiness._service.lists import put as put_checklist
from xinbo.live.readiness._service.lists import tick as tick_item
from xinbo.live.readiness._service.looking import check
from xinbo.live.readiness._types import (
    Check,
    Checklist,
    ChecklistItem,
    Echo,
    KeepKitTest,
    KitTest,
    KitTested,
    KitVerdict,
    PutChecklist,
    PutChecklistItem,
    Readiness,
    ReadinessWaived,
    Received,
    TickItem,
    Waive,
    Waiver,
    WaiverWithdrawn,
)

__all__ = [
    "PROBE_BYTES",
    "Camera",
    "Check",
    "CheckKind",
    "CheckNotFound",
    "Checklist",
    "ChecklistGroup",
    "ChecklistItem",
    "ChecklistRefused",
    "Echo",
    "ItemNotFound",
    "KeepKitTest",
    "KitGrade",
    "KitItem",
    "KitTest",
    "KitTested",
    "KitVerdict",
    "Link",
    "Measured",
    "Microphone",
    "NotReady",
    "PutChecklist",
    "PutChecklistItem",
    "Readiness",
    "ReadinessWaived",
    "Received",
    "Screen",
    "Severity",
    "Stability",
    "TickItem",
    "Upload",
    "Waive",
    "Waiver",
    "WaiverWithdrawn",
    "check",
    "checklist",
    "go_live",
    "keep_kit_test",
    "kit_tests",
    "probe",
    "put_checklist",
    "tick_item",
    "waive",
    "withdraw",
]
