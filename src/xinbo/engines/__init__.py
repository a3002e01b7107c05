"""The only package that imports a driver: PostgreSQL, NATS, chDB, DBOS, video, sockets."""
