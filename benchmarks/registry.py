"""A registry of a hundred thousand people and half a million certificates: import, verify, pages; and making papers."""

from __future__ import annotations

import atexit
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from _task import run

ROOT = Path(__file__).resolve().parent.parent
PEOPLE, CERTIFICATES = 100_000, 500_000
SMALL = 500
AT_ONCE = 10_000
SHARED = "ACADEMY_BENCHMARK_FOLDER"
PAPERS = 1000
TODAY = date(2026, 11, 22)
FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玲晓建国海婷志雪"


def folder() -> Path:
    """A folder that goes when the program ends."""
    made = Path(tempfile.mkdtemp(prefix="registry-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def roster(path: Path, people: int) -> None:
    """A roster as HR exports it: teams of twelve under a leader, fifteen teams to a supervisor, twenty sites."""
    chance = random.Random(2026)
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["工号", "姓名", "邮箱", "职场", "班组", "岗位", "岗位等级", "上级", "入职日期", "语言"])
        for number in range(people):
            team = number // 12
            leads = number % 12 == 0
            above = (team // 15) * 15 * 12 if leads else team * 12
            name = chance.choice(FAMILY) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2))))
            level = ("L3" if number % 180 == 0 else "L2") if leads else "L1"
            hired = date(2018, 1, 1) + timedelta(days=chance.randrange(2800))
            manager = "" if above == number else f"P{above:06d}"
            words = [f"p{number:06d}@example.com", f"职场{team % 20 + 1:02d}", f"T{team:05d}", "座席", level, manager]
            lines.writerow([f"P{number:06d}", name, *words, hired.isoformat(), "zh"])


def facts(people: int, certificates: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Certificates of these people, some in force and some not, each as the office states one."""
    chance = random.Random(7)
    for number in range(certificates):
        level = chance.choice((1, 1, 1, 2, 2, 3, 4, 5))
        issued = TODAY - timedelta(days=chance.randrange(2000))
        yield (
            "certificate.issued",
            f"L{level}-{issued:%Y%m}-{number:08X}",
            {
                "person": f"P{number % people:06d}", "level": level, "seat": f"S-{number}", "purpose": "certification",
                "issued_on": issued.isoformat(), "valid_until": (issued + timedelta(days=1095)).isoformat(),
                "digest": f"{number:064x}", "status_list": 1 + number // 131072, "status_index": number % 131072,
            },
        )  # fmt: skip


def academy(*words: str) -> str:
    """One command, as typed."""
    done = subprocess.run([sys.executable, "-m", "grader", *words], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"academy {' '.join(words)}: {done.stderr[-2000:]}")
    return done.stdout


def importing(small: bool) -> tuple[Callable[[], Any], float]:
    """`academy hr import` of a roster into a new centre."""
    people, place = SMALL if small else PEOPLE, folder()
    roster(place / "people.csv", people)
    centres = iter(range(100))

    def work() -> int:
        centre = place / f"centre-{next(centres)}"
        words = ("hr", "import", str(place / "people.csv"), "--centre", str(centre), "--by", "HR-1", "--json")
        return len(academy(*words)) > 0

    return work, float(people)


@cache
def filled(small: bool) -> Path:
    """A centre with its people and certificates; the tasks of one report share it, for it takes minutes to make."""
    from grader.store import Store

    people, certificates = (SMALL, 5 * SMALL) if small else (PEOPLE, CERTIFICATES)
    place = Path(os.environ[SHARED]) if SHARED in os.environ else folder()
    if (place / "filled").exists():
        return place / "centre"
    roster(place / "people.csv", people)
    academy("hr", "import", str(place / "people.csv"), "--centre", str(place / "centre"), "--by", "HR-1")
    with Store(place / "centre" / "registry.db") as store:
        waiting = list(facts(people, certificates))
        for start in range(0, len(waiting), AT_ONCE):
            store.append_all(waiting[start : start + AT_ONCE], "office")
    (place / "filled").touch()
    return place / "centre"


def command(*words: str) -> Any:
    """A task that runs one command on the filled centre."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        centre = filled(small)
        return lambda: len(academy(*words, "--centre", str(centre))), 1.0

    return prepare


def page(small: bool) -> tuple[Callable[[], Any], float]:
    """Read the registry and write HR's page; how many bytes it has. The rules are read already."""
    from grader.reports import hr_page, overview
    from grader.rules import load_framework, load_scheme
    from grader.store import Store

    centre, bank = filled(small), ROOT / "question_bank"
    framework = load_framework(bank / "framework.yml")
    scheme = load_scheme(bank / "scheme.yml", framework)

    def work() -> int:
        with Store(centre / "registry.db") as store:
            return len(hr_page(overview(store, framework, scheme, TODAY)))

    return work, 1.0


def certificates(make: str) -> Any:
    """A task that makes credentials alone, papers in one language alone, or both with all their papers at once."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        sys.path.insert(0, str(ROOT / "tests" / "grader"))
        from certificate_facts import ISSUER
        from certificate_facts import facts as example

        from grader import certificates as engine

        path = folder() / "issuer.pem"
        key = engine.new_key(path)
        count = 3 if small else PAPERS if make == "all" else PAPERS // 5
        wanted = [example(number=f"L2-{number:08d}") for number in range(count)]
        document = engine.credential(example(), ISSUER, key)
        ways: dict[str, Callable[[], list[Any]]] = {
            "credentials": lambda: [engine.credential(one, ISSUER, key) for one in wanted],
            "papers": lambda: [engine.pdf(one, ISSUER, document, "zh") for one in wanted],
            "all": lambda: [found for found in engine.press_all(wanted, ISSUER, path) if not isinstance(found, str)],
        }
        return lambda: len(ways[make]()), float(count)

    return prepare


TASKS = {
    "ours imports": importing,
    "ours verifies": command("registry", "verify"),
    "ours writes the page": page,
    "ours lists the matrix": command("hr", "matrix"),
    "ours shows one person": command("hr", "history", "P000123"),
    "ours writes page and workbook": command("hr", "report"),
    "ours signs credentials": certificates("credentials"),
    "ours draws papers": certificates("papers"),
    "ours makes many": certificates("all"),
}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task

    os.environ[SHARED] = str(folder())
    found = {name: task("registry", name) for name in TASKS}
    size = found["ours writes the page"].found / 1e6
    each = {name: 1 / found[f"ours {name}"].each_s for name in ("signs credentials", "draws papers", "makes many")}
    rows: list[list[object]] = [
        ["import the roster (`hr import`)", duration(found["ours imports"].seconds), "30 s"],
        ["verify the chain (`registry verify`)", duration(found["ours verifies"].seconds), "20 s"],
        [f"HR's page, {size:.1f} MB", duration(found["ours writes the page"].seconds), "3 s, 15 MB"],
        ["the matrix in the terminal (`hr matrix`)", duration(found["ours lists the matrix"].seconds), ""],
        ["one person (`hr history`)", duration(found["ours shows one person"].seconds), ""],
        ["page and workbook (`hr report`)", duration(found["ours writes page and workbook"].seconds), ""],
        ["credentials alone", f"{each['signs credentials']:.0f} a second", "100 a second"],
        ["papers alone (PDF)", f"{each['draws papers']:.0f} a second", "20 a second"],
        [f"{PAPERS:,} certificates, each with two papers", f"{each['makes many']:.0f} a second", ""],
    ]
    return (
        f"{PEOPLE:,} people and {CERTIFICATES:,} certificates in one registry. Commands are timed as typed, with the "
        "start of Python; the page from the open registry to its bytes. Certificates are made one by one on one "
        "processor, and as `cert issue` makes many.\n\n" + table(["step", "takes", "goal"], rows)
    )


if __name__ == "__main__":
    run(TASKS)
