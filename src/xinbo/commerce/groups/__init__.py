"""People who buy together for a better price: 拼团.

Owns `buying_group` and `group_seat`. An order takes a seat when it is placed and counts once
it is paid; the time runs from the first paid seat. The last seat goes to one order however many
ask, a group fails once however many sweep, and nobody sits in a group who did not pay. What
becomes of the orders is for orders to do: it calls `take_seats`, `paid`, `leave`, `due`, `fail`
and `refunded`.
"""

from xinbo.commerce.groups._rules import GroupState, SeatState
from xinbo.commerce.groups._service.reads import (
    console_page,
    get,
    joinable,
    mine,
    of_orders,
    order_ids,
)
from xinbo.commerce.groups._service.seats import (
    AlreadyInGroup,
    GroupFull,
    GroupNotFound,
    GroupOver,
    due,
    fail,
    leave,
    paid,
    refunded,
    take_seats,
)
from xinbo.commerce.groups._types import (
    Booking,
    Group,
    GroupFailed,
    GroupMember,
    GroupSucceeded,
)

__all__ = [
    "AlreadyInGroup",
    "Booking",
    "Group",
    "GroupFailed",
    "GroupFull",
    "GroupMember",
    "GroupNotFound",
    "GroupOver",
    "GroupState",
    "GroupSucceeded",
    "SeatState",
    "console_page",
    "due",
    "fail",
    "get",
    "joinable",
    "leave",
    "mine",
    "of_orders",
    "order_ids",
    "paid",
    "refunded",
    "take_seats",
]
