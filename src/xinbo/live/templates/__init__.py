"""Templates: a run-of-show kept for other shows, taken from one, or read from a sheet.

Owns `plan_template` and `plan_change`. Applying one writes cues, line-up roles, draft games,
draft discounts and contingency in one go, or nothing; what was applied can be taken back while
nobody has changed the plan since. Reading a sheet changes nothing and names every fault.
"""

from xinbo.live.templates._service.applying import (
    PlanChangeNotFound,
    ShowBegun,
    apply,
    take_back,
)
from xinbo.live.templates._service.builtin import BEAUTY, LAUNCH
from xinbo.live.templates._service.library import (
    TemplateNotFound,
    get,
    of_show,
    page_of,
    remove,
    save,
)
from xinbo.live.templates._service.making import SlotRefused
from xinbo.live.templates._service.sheet import LARGEST, export, read
from xinbo.live.templates._types import (
    ApplyTemplate,
    PlanApplied,
    PlanLanguage,
    PlanSlot,
    PlanTemplate,
    RowFault,
    SaveTemplate,
    SheetRead,
    TakeBack,
    TemplateCard,
    TemplateCue,
    TemplateGame,
    TemplatePromotion,
    TemplateSource,
)

__all__ = [
    "BEAUTY",
    "LARGEST",
    "LAUNCH",
    "ApplyTemplate",
    "PlanApplied",
    "PlanChangeNotFound",
    "PlanLanguage",
    "PlanSlot",
    "PlanTemplate",
    "RowFault",
    "SaveTemplate",
    "SheetRead",
    "ShowBegun",
    "SlotRefused",
    "TakeBack",
    "TemplateCard",
    "TemplateCue",
    "TemplateGame",
    "TemplateNotFound",
    "TemplatePromotion",
    "TemplateSource",
    "apply",
    "export",
    "get",
    "of_show",
    "page_of",
    "read",
    "remove",
    "save",
    "take_back",
]
