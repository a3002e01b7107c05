"""WebSocket server for fan-out: one frame is built once and sent to thousands of sockets.

The only importer of picows. It knows nothing of rooms: whoever serves says, for each request,
who handles the connection (`Peer`) or what is answered over plain HTTP (`Answer`). All of it runs
on the event loop of the thread that called `serve`, uvloop being the fast one.
"""

from xinbo.engines.sockets._server import (
    Accept,
    Answer,
    CloseCode,
    Peer,
    Request,
    Socket,
    prebuilt,
    send_all,
    serve,
)

__all__ = [
    "Accept",
    "Answer",
    "CloseCode",
    "Peer",
    "Request",
    "Socket",
    "prebuilt",
    "send_all",
    "serve",
]
