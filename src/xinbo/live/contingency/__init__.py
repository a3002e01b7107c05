"""What may go wrong in a show, what is done then, and what was done when it did.

Owns `playbook`, `contingency`, `risk` and `incident`. A playbook is a list of steps, some of which
act by themselves when they are ticked: slow mode, the text room, the backup stream, a replacement,
a corrected price. An incident keeps the steps it began with, who ticked which and when, and how it
ended; a step is ticked once, whoever of two operators is faster. Pictures that stay away and hero
products that run out open one by themselves.
"""

from xinbo.live.contingency._rules import IncidentKind, IncidentOutcome, Part, RiskLevel, StepAction
from xinbo.live.contingency._service.acts import MessageMissing, ProductMissing
from xinbo.live.contingency._service.books import (
    PlaybookNotFound,
    PlaybookRefused,
    add_playbook,
    playbook,
    playbooks,
    put_playbook,
    remove_playbook,
)
from xinbo.live.contingency._service.incidents import (
    IncidentMoved,
    IncidentNotFound,
    IncidentOver,
    IncidentRuns,
    StepNotFound,
    close,
    incidents,
    tick,
)
from xinbo.live.contingency._service.incidents import get as incident
from xinbo.live.contingency._service.incidents import open_incident as open  # noqa: A004
from xinbo.live.contingency._service.plans import (
    ContingencyRefused,
    get,
    heroes,
    prepare,
    prepared,
    put,
    risks,
)
from xinbo.live.contingency._types import (
    Affected,
    CloseIncident,
    Contingency,
    ContingencyChanged,
    Incident,
    IncidentClosed,
    IncidentOpened,
    IncidentStep,
    IncidentStepTicked,
    OpenIncident,
    Playbook,
    PlaybookStep,
    Post,
    PutContingency,
    PutPlaybook,
    PutPlaybookStep,
    PutPost,
    PutRisk,
    Risk,
    TickStep,
)

__all__ = [
    "Affected",
    "CloseIncident",
    "Contingency",
    "ContingencyChanged",
    "ContingencyRefused",
    "Incident",
    "IncidentClosed",
    "IncidentKind",
    "IncidentMoved",
    "IncidentNotFound",
    "IncidentOpened",
    "IncidentOutcome",
    "IncidentOver",
    "IncidentRuns",
    "IncidentStep",
    "IncidentStepTicked",
    "MessageMissing",
    "OpenIncident",
    "Part",
    "Playbook",
    "PlaybookNotFound",
    "PlaybookRefused",
    "PlaybookStep",
    "Post",
    "ProductMissing",
    "PutContingency",
    "PutPlaybook",
    "PutPlaybookStep",
    "PutPost",
    "PutRisk",
    "Risk",
    "RiskLevel",
    "StepAction",
    "StepNotFound",
    "TickStep",
    "add_playbook",
    "close",
    "get",
    "heroes",
    "incident",
    "incidents",
    "open",
    "playbook",
    "playbooks",
    "prepare",
    "prepared",
    "put",
    "put_playbook",
    "remove_playbook",
    "risks",
    "tick",
]
