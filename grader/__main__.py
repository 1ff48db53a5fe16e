"""`python -m grader` is the command `academy`; its words stand in `commands`."""

from __future__ import annotations

import sys

from .commands import main

if __name__ == "__main__":
    sys.exit(main())
