"""`xinbo version`."""

import argparse
from importlib.metadata import version


def run(_options: argparse.Namespace) -> int:
    """Print the version."""
    print(version("xinbo"))  # noqa: T201
    return 0
