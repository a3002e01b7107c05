"""The analytics store: ClickHouse's engine inside this process, or a ClickHouse server by URL.

The same SQL and the same client either way. Embedded, one process may have the folder open: the
worker. Importing this package loads no engine; opening a store does.
"""

from xinbo.engines.olap._feed import Message, Sink, feed
from xinbo.engines.olap._store import Store, StoreRefused, open_store

__all__ = ["Message", "Sink", "Store", "StoreRefused", "feed", "open_store"]
