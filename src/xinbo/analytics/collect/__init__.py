"""What viewers do, on its way in: which kinds there are, who may report them, whose clock counts.

Owns no table. Pages report through `take`, edges publish `Observed` themselves; both end in the
stream BEHAVIOUR, from which the metrics room keeps and counts them.
"""

from xinbo.analytics.collect._service import KindRefused, take
from xinbo.analytics.collect._types import FROM_PAGES, Behaviour, Collect, Kind, Observed

__all__ = ["FROM_PAGES", "Behaviour", "Collect", "Kind", "KindRefused", "Observed", "take"]
