"""Which seats a room holds: its folders are listed again only when they have changed."""

from __future__ import annotations

import time
from pathlib import Path

__all__ = ["Roll"]

_FRESH_NS = 2_000_000_000
"""A folder that was changed a moment ago may be changed again without showing it: the time of a change is coarse."""


class Roll:
    """The folders of all seats, in order."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed: dict[Path, tuple[int, list[Path]]] = {}

    def folders(self) -> list[Path]:
        """The folders of all seats, by sitting and number."""
        listed = {}
        for sitting in sorted(path for path in self._root.glob("[!.]*") if path.is_dir()):
            changed, seen = sitting.stat().st_mtime_ns, self._listed.get(sitting, (-1, []))
            if changed != seen[0]:
                found = sorted(path.parent for path in sitting.glob("[!.]*/seat.json"))
                seen = (changed if time.time_ns() - changed > _FRESH_NS else -1, found)
            listed[sitting] = seen
        self._listed = listed
        return [folder for _, found in listed.values() for folder in found]
