"""What each role may do: one table, asked by every room before it changes anything.

Owns no rows. A room calls `require(tx, Can.EDIT_GOODS)`; who holds which permission is decided
here and nowhere else.
"""

from xinbo.identity.access._rules import Can, NotPermitted, allowed, require

__all__ = ["Can", "NotPermitted", "allowed", "require"]
