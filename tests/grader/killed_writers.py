"""Kills writers of a registry at random moments: ``python killed_writers.py FOLDER TIMES SEED``; prints what it saw.

One process that has read the program once makes every writer by ``fork``, kills it after a random time, opens the
registry as the next program would, and compares it with what the writer was told to be kept.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from grader.store import Store

OLD = Path(__file__).parent / "registry_layout_1.sql"
PER_REGISTRY = 25


def facts(writer: int) -> Iterator[tuple[str, int]]:
    """What a writer does without end: one fact, several at once, the file closed and opened, a content removed."""
    number = 0
    while True:
        number += 1
        yield ("one", "several", "again", "redact")[number % 4], number + 1000 * writer


def write(path: Path, writer: int, told: int) -> None:
    """Write until killed; each number that the registry gave back is told, and then counts as kept."""
    store = Store(path)
    os.write(told, b"ready\n")
    for what, number in facts(writer):
        if what == "one":
            said = [store.append("mark.given", f"m{number}", {"points": number}, by="m1")]
        elif what == "several":
            said = store.append_all([("seat.assigned", f"s{number}-{k}", {"k": k}) for k in range(20)], by="office")
        elif what == "redact":
            said = [store.redact([store.head()[0]], f"A{number}", "the person asked", by="hr")]
        else:
            store.close()
            store = Store(path)
            continue
        os.write(told, f"{json.dumps(said)}\n".encode())


def killed(path: Path, writer: int, after_s: float) -> list[int]:
    """The numbers that a writer was told before it was killed; the time runs from when it is ready."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        write(path, writer, theirs)
        os._exit(1)
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        if told.readline() != b"ready\n":
            raise SystemExit(f"writer {writer} could not open the registry")
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return [number for line in told if line.endswith(b"\n") for number in json.loads(line)]


def writes(folder: Path, times: int, chance: random.Random) -> dict[str, int]:
    """Kill writers; the number of kills, of facts that were told, and of kills that fell into an open transaction."""
    told, halves, known = 0, 0, 0
    for writer in range(times):
        path = folder / f"{writer // PER_REGISTRY}" / "registry.db"
        known = 0 if writer % PER_REGISTRY == 0 else known
        said = killed(path, writer, chance.uniform(0, 0.02))
        with Store(path) as store:
            broken, seqs = store.verify(), [fact["seq"] for fact in store.facts()]
        if broken:
            raise SystemExit(f"kill {writer}: {broken[0]}")
        if lost := {*range(1, known + 1), *said} - {*seqs}:
            raise SystemExit(f"kill {writer}: fact {min(lost)} was acknowledged and is gone")
        # What was committed and not yet told may be there: at most the facts of one step.
        halves += len(seqs) > max([known, *said])
        told, known = told + len(said), len(seqs)
    return {"kills": times, "told": told, "committed_untold": halves}


def migrations(folder: Path, times: int, chance: random.Random) -> dict[str, int]:
    """Kill programs that bring a registry of the first layout up to date; the kills and how many found it old still."""
    old = 0
    for number in range(times):
        path = folder / f"old-{number}.db"
        with sqlite3.connect(path) as older:
            older.executescript(OLD.read_text("utf-8"))
        older.close()
        child = os.fork()
        if child == 0:
            Store(path).close()
            os._exit(0)
        time.sleep(chance.uniform(0, 0.03))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        look = sqlite3.connect(path)
        old += look.execute("PRAGMA user_version").fetchone()[0] == 1
        look.close()
        with Store(path) as store:
            if broken := store.verify():
                raise SystemExit(f"migration {number}: {broken[0]}")
            if store.rows("people") == []:
                raise SystemExit(f"migration {number}: its people are gone")
    return {"migrations": times, "still_old": old}


if __name__ == "__main__":
    place, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    print(json.dumps(writes(place, count, random.Random(seed)) | migrations(place, count // 10, random.Random(seed))))
