"""`xinbo openapi`."""

import argparse
import importlib

import msgspec


def run(_options: argparse.Namespace) -> int:
    """Print the document that the front end's types are made from."""
    # By name: `cli` and `openapi` stand side by side at the top.
    document = importlib.import_module("xinbo.openapi").document()
    print(msgspec.json.format(msgspec.json.encode(document)).decode())  # noqa: T201
    return 0
