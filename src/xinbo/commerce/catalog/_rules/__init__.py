"""What a product's texts, variants, categories and attributes must be like. Pure."""

from xinbo.commerce.catalog._rules.attributes import AttributeValue, Definition, fault
from xinbo.commerce.catalog._rules.measures import UnitPrice, unit_price
from xinbo.commerce.catalog._rules.texts import clean, free, handle_of, mismatch, paragraph

__all__ = [
    "AttributeValue",
    "Definition",
    "UnitPrice",
    "clean",
    "fault",
    "free",
    "handle_of",
    "mismatch",
    "paragraph",
    "unit_price",
]
