"""Run one benchmark: `python -m bench start`. Each is a module or package here with `main()`."""

import asyncio
import importlib
import inspect
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(
    place.stem
    for place in (*HERE.glob("*.py"), *(init.parent for init in HERE.glob("*/__init__.py")))
    if not place.stem.startswith("_") and place.stem != "report"
)


def main() -> int:
    """Run the benchmark that is named, with the arguments after its name."""
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"Which one? make bench B=… with one of: {', '.join(NAMES)}")
        return 2
    module = importlib.import_module(f"bench.{sys.argv.pop(1)}")
    if inspect.iscoroutine(result := module.main()):
        result = asyncio.run(result)
    return int(result or 0)


if __name__ == "__main__":
    sys.exit(main())
