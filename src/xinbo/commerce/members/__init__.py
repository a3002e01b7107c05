"""Membership: who joined, at which level, and the points that they have.

Owns `member`, `point_move` and `club`. A balance never falls below zero, whoever spends at once;
every move is made once per shopper and key and is posted to the books in the unit "points", so a
balance is always the sum of its entries. Levels follow from what was earned in a lifetime.
"""

from xinbo.commerce.members._service.club import ClubVersionConflict, club, put_club, rule
from xinbo.commerce.members._service.membership import (
    NotAMember,
    console_get,
    console_history,
    get,
    history,
    join,
    leave,
    levels,
)
from xinbo.commerce.members._service.points import (
    TooFewPoints,
    balance,
    earn,
    give_back,
    spend,
    take_back,
)
from xinbo.commerce.members._types import (
    Club,
    Level,
    Member,
    MemberJoined,
    MemberLeft,
    MoveKind,
    PointMove,
    PointsMoved,
    PointsRule,
    PutClub,
)

__all__ = [
    "Club",
    "ClubVersionConflict",
    "Level",
    "Member",
    "MemberJoined",
    "MemberLeft",
    "MoveKind",
    "NotAMember",
    "PointMove",
    "PointsMoved",
    "PointsRule",
    "PutClub",
    "TooFewPoints",
    "balance",
    "club",
    "console_get",
    "console_history",
    "earn",
    "get",
    "give_back",
    "history",
    "join",
    "leave",
    "levels",
    "put_club",
    "rule",
    "spend",
    "take_back",
]
