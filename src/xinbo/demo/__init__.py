"""A shop to try Xinbo with: goods, staff, a show on air, and a small simulated audience.

Nothing here runs in a real shop (`xinbo up --no-demo`). Whatever the simulated audience does is
marked as simulated, down to each order.
"""

from xinbo.demo._run import ensure, serve, summary

__all__ = ["ensure", "serve", "summary"]
