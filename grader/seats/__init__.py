"""The exam room's store: the folder of each seat with its paper and its journal; only this package reads and writes it.

A journal is append-only: every line carries the hash of the line before it and is on the disk before it is
acknowledged. All times are UTC by the server's clock, to the second.
"""

from grader.seats.folder import HandedIn, Saved, SeatFolder, SeatState, create, find, seats
from grader.seats.paper import code_sha256, iso, moment

__all__ = ["HandedIn", "Saved", "SeatFolder", "SeatState", "code_sha256", "create", "find", "iso", "moment", "seats"]
