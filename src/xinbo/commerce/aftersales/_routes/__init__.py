"""HTTP face of the aftersales room."""

from xinbo.commerce.aftersales._routes.console import ConsoleAftersales
from xinbo.commerce.aftersales._routes.shop import OrderAftersales, ShopAftersales

__all__ = ["ConsoleAftersales", "OrderAftersales", "ShopAftersales"]
