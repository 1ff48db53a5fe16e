"""`python -m grader` is the command `academy`; its words stand in `commands`."""

from __future__ import annotations

import sys

from .commands import main

if __name__ == "__main__":
    # jsonschema would build a grammar of internet addresses for almost two seconds; no format of ours has any.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    sys.exit(main())
