"""Complaints and their arbitration: the way on when an after-sales case is refused or stands still.

Owns `complaint` and `complaint_message`. Both sides talk, the arbiter decides with a reason in
writing, and the decision carries itself out once, under the complaint's id. Every state has a
deadline; nobody of the merchant can end a complaint, and silence never helps the merchant.
"""

from xinbo.commerce.complaints._reactions import keep_time, sweep
from xinbo.commerce.complaints._rules import (
    Act,
    ComplaintState,
    IllegalAct,
    Party,
    Topic,
    Verdict,
)
from xinbo.commerce.complaints._service.life import (
    ClaimRefused,
    ComplaintOpen,
    NothingToComplainAbout,
    TooManyMessages,
    admit,
    ask_decision,
    decide,
    open_complaint,
    say,
    withdraw,
)
from xinbo.commerce.complaints._service.reads import (
    ComplaintNotFound,
    console_get,
    desk,
    get,
    messages,
    page_of,
)
from xinbo.commerce.complaints._types import (
    Complaint,
    ComplaintDecided,
    ComplaintMessage,
    ComplaintMoved,
    ComplaintOpened,
    Decide,
    Decision,
    OpenComplaint,
    SayIt,
)

__all__ = [
    "Act",
    "ClaimRefused",
    "Complaint",
    "ComplaintDecided",
    "ComplaintMessage",
    "ComplaintMoved",
    "ComplaintNotFound",
    "ComplaintOpen",
    "ComplaintOpened",
    "ComplaintState",
    "Decide",
    "Decision",
    "IllegalAct",
    "NothingToComplainAbout",
    "OpenComplaint",
    "Party",
    "SayIt",
    "TooManyMessages",
    "Topic",
    "Verdict",
    "admit",
    "ask_decision",
    "console_get",
    "decide",
    "desk",
    "get",
    "keep_time",
    "messages",
    "open_complaint",
    "page_of",
    "say",
    "sweep",
    "withdraw",
]
