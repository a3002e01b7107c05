"""The edge process: sockets on one side, the bus on the other, rooms in between."""

from xinbo.live.edge._server._edge import Edge, run

__all__ = ["Edge", "run"]
