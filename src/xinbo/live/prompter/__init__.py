"""The prompter on a second screen: what the host says now, for whoever holds a show's token.

Owns no table. A token, signed here and given out as a QR code in the console, reads one show's
prompter until it runs out and does nothing else: it knows no orders, no people and no figures,
and cannot change anything. The page asks again every second and shows what stands on the stage.
"""

from xinbo.live.prompter._rules import TokenRefused
from xinbo.live.prompter._service import read, token
from xinbo.live.prompter._types import (
    Prompter,
    PrompterCue,
    PrompterNext,
    PrompterProduct,
    PrompterToken,
)

__all__ = [
    "Prompter",
    "PrompterCue",
    "PrompterNext",
    "PrompterProduct",
    "PrompterToken",
    "TokenRefused",
    "read",
    "token",
]
