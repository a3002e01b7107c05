"""Follows: which shoppers want to hear from a merchant.

Owns `follow`. Following is free and can be taken back at any time; the number that pages show is
the number of shoppers who follow now, and nothing else.
"""

from xinbo.identity.follows._service import follow, follows, mine, unfollow
from xinbo.identity.follows._types import Followed, Following, Unfollowed

__all__ = ["Followed", "Following", "Unfollowed", "follow", "follows", "mine", "unfollow"]
