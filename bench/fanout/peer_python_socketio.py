"""A room on python-socketio and uvicorn, as its guide makes one: what one says goes to all."""
# pyright: basic, reportOptionalCall=false

import sys

import socketio
import uvicorn

server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins=[], ping_interval=600)
"""The load client does not answer pings, so there are none within a run."""


@server.on("pub")
async def pub(_: str, text: str) -> None:
    """Emit to everyone."""
    await server.emit("chat", text)


@server.on("beat")
async def beat(_: str) -> None:
    """Take note of nothing."""


if __name__ == "__main__":
    app = socketio.ASGIApp(server)
    port = int(sys.argv[1])
    uvicorn.run(app, port=port, log_level="error", ws="websockets-sansio", backlog=4096)
