"""PostgreSQL and NATS as children of this process, on loopback, gone when it is gone.

Owns the folders it is given: a PostgreSQL 18 cluster with role and database `xinbo`, and a
JetStream store. Works as root (the database server then runs as an unprivileged account) and as
a normal user. Nothing is installed and nothing is left running: on Linux the kernel signals a
child when its parent dies, elsewhere a small watcher does.

Both servers trust whoever can reach loopback, as the ports are bound to nothing else. A machine
that is shared with accounts you do not trust needs servers of its own, named by
`XINBO_POSTGRES_URL` and `XINBO_NATS_URL`.
"""

from xinbo.engines.embedded._leash import leashed
from xinbo.engines.embedded._nats import Nats
from xinbo.engines.embedded._ports import PortBusy, free_port, owner_of, require_free
from xinbo.engines.embedded._postgres import NoAccount, NotOurs, Postgres
from xinbo.engines.embedded._server import DidNotStart, Server

__all__ = [
    "DidNotStart",
    "Nats",
    "NoAccount",
    "NotOurs",
    "PortBusy",
    "Postgres",
    "Server",
    "free_port",
    "leashed",
    "owner_of",
    "require_free",
]
