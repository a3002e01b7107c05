"""HTTP face of the conversations room."""

from xinbo.live.conversations._routes.console import ConsoleConversations, ShowDuty
from xinbo.live.conversations._routes.shop import ShopConversations

__all__ = ["ConsoleConversations", "ShopConversations", "ShowDuty"]
