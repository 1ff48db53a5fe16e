"""The exam room's store: the folder of each seat with its paper and its journal; only this package reads and writes it.

A journal is append-only: every line carries the hash of the line before it and is on the disk before it is
acknowledged. All times are UTC by the server's clock, to the second.
"""

from grader.seats.folder import Saved, SeatFolder, create, find, seats
from grader.seats.handed import HandedIn
from grader.seats.mend import Mended, mend
from grader.seats.paper import code_sha256, iso, moment
from grader.seats.sitting import SittingFolder, Watched, create_sitting, find_sitting, sitting_state, watch
from grader.seats.state import SeatState
from grader.seats.work import HandedFile, WorkFolder

__all__ = [
    "HandedFile",
    "HandedIn",
    "Mended",
    "Saved",
    "SeatFolder",
    "SeatState",
    "SittingFolder",
    "Watched",
    "WorkFolder",
    "code_sha256",
    "create",
    "create_sitting",
    "find",
    "find_sitting",
    "iso",
    "mend",
    "moment",
    "seats",
    "sitting_state",
    "watch",
]
