"""The embedded analytics engine of a test process: it allows one folder in its lifetime."""

import atexit
import shutil
import tempfile
from pathlib import Path

DATA = Path(tempfile.mkdtemp(prefix="xinbo-olap-"))
"""The data folder; the store is in `analytics` below it."""

atexit.register(shutil.rmtree, DATA, ignore_errors=True)
