"""The table of permissions."""

from enum import StrEnum

from xinbo.engines.callers import SignInRequired
from xinbo.engines.tx import Role, Tx
from xinbo.kit.errors import NotAllowed


class Can(StrEnum):
    """Something that not everyone may do."""

    MANAGE_STAFF = "manage_staff"
    EDIT_GOODS = "edit_goods"
    PLAN_SHOWS = "plan_shows"
    RUN_SHOWS = "run_shows"
    PUBLISH_VIDEO = "publish_video"
    SEE_ORDERS = "see_orders"
    SERVE_ORDERS = "serve_orders"
    SEE_NUMBERS = "see_numbers"
    SEE_CONSOLE = "see_console"
    RUN_PROMOTIONS = "run_promotions"
    SEE_MONEY = "see_money"
    ARBITRATE = "arbitrate"
    MODERATE_CHAT = "moderate_chat"


_GRANTS: dict[Role, frozenset[Can]] = {
    Role.SYSTEM: frozenset(Can),
    Role.OWNER: frozenset(Can) - {Can.ARBITRATE},
    Role.OPERATOR: frozenset(Can) - {Can.MANAGE_STAFF, Can.ARBITRATE},
    Role.HOST: frozenset(
        {Can.SEE_CONSOLE, Can.RUN_SHOWS, Can.PUBLISH_VIDEO, Can.SEE_NUMBERS, Can.MODERATE_CHAT}
    ),
    Role.SERVICE: frozenset({Can.SEE_CONSOLE, Can.SEE_ORDERS, Can.SERVE_ORDERS, Can.MODERATE_CHAT}),
    Role.ANALYST: frozenset({Can.SEE_CONSOLE, Can.SEE_NUMBERS, Can.SEE_ORDERS, Can.SEE_MONEY}),
    Role.SUPERVISOR: frozenset(
        {Can.SEE_CONSOLE, Can.SEE_NUMBERS, Can.SEE_ORDERS, Can.SEE_MONEY, Can.ARBITRATE}
    ),
}


class NotPermitted(NotAllowed):
    """Raised when the actor's role does not include what was asked for."""


def allowed(role: Role) -> frozenset[Can]:
    """List what a role may do."""
    return _GRANTS.get(role, frozenset())


def require(tx: Tx, permission: Can) -> None:
    """Refuse with `NotPermitted` unless the actor's role includes the permission.

    Guests get `SignInRequired` instead: they may turn out to be someone who may.
    """
    if tx.actor.role is Role.GUEST:
        raise SignInRequired
    if permission not in allowed(tx.actor.role):
        raise NotPermitted(permission=permission, role=tx.actor.role)
