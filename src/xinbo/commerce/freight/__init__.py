"""What it costs to send goods somewhere, and where nothing is sent: 运费模板.

Owns `freight_template` and `freight_product`. A template says for each region what the first
pieces or grams cost, what each further ones do, and from which amount on it is free. Products
without a template of their own are charged by the default one; goods of several templates are
charged by each. What is not delivered to a region is refused by SKU, never silently dropped.
"""

from xinbo.commerce.freight._rules import ChargedBy, Parcel, Zone
from xinbo.commerce.freight._service import (
    TemplateNotFound,
    TooManyTemplates,
    add,
    assign,
    assigned,
    put,
    quote,
    quote_all,
    remove,
    templates,
)
from xinbo.commerce.freight._types import (
    AssignTemplate,
    Freight,
    FreightStep,
    PutTemplate,
    Template,
)

__all__ = [
    "AssignTemplate",
    "ChargedBy",
    "Freight",
    "FreightStep",
    "Parcel",
    "PutTemplate",
    "Template",
    "TemplateNotFound",
    "TooManyTemplates",
    "Zone",
    "add",
    "assign",
    "assigned",
    "put",
    "quote",
    "quote_all",
    "remove",
    "templates",
]
