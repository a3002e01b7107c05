"""The analytics store: ClickHouse's engine inside this process, or a ClickHouse server by URL."""
