"""`python -m xinbo` is `xinbo`."""

import sys

from xinbo.cli import main

sys.exit(main())
