"""The work on the question bank: write, look, review, cover, search, compare, exchange, report.

Each module is one step of it, as `academy bank` calls it; :class:`Shelf` is the bank on its disk.
"""

from __future__ import annotations

from grader.authoring.shelf import Shelf

__all__ = ["Shelf"]
