"""A show's numbers, second by second: who is there, what they do, what they buy.

Owns the tables `behaviour` and `fact` of the analytics store. The worker keeps every event there
and counts the shows on air in memory; the two agree to the unit whatever comes late, twice or in
the wrong order. Everyone else asks over the bus. Definitions stand in `LiveNumbers`.
"""

from xinbo.analytics.metrics._service._questions import chart, numbers, products
from xinbo.analytics.metrics._service._serve import serve_analytics
from xinbo.analytics.metrics._types import (
    Chart,
    ChartMark,
    ChartPoint,
    Likes,
    LiveNumbers,
    ProductNumbers,
)

__all__ = [
    "Chart",
    "ChartMark",
    "ChartPoint",
    "Likes",
    "LiveNumbers",
    "ProductNumbers",
    "chart",
    "numbers",
    "products",
    "serve_analytics",
]
