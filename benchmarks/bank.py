"""Loading and proving question banks of the size of ours and larger ones, and drawing questions from them."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _task import run

SIZES = (850, 5000)
SMALL = 41
DRAWS = 200


def copied(size: int) -> Path:
    """A bank of ``size`` files in the mix of ours: the repository's items over and over, each under its own id."""
    from grader.centre import PROJECT

    source = PROJECT / "question_bank"
    folder = Path(tempfile.mkdtemp(prefix="bank-"))
    atexit.register(shutil.rmtree, folder)
    for name in ("framework.yml", "scheme.yml"):
        shutil.copy(source / name, folder)
    if (source / "cases").is_dir():  # git keeps no empty folder
        shutil.copytree(source / "cases", folder / "cases")
    files = sorted((source / "items").rglob("*.md"))
    for number in range(size):
        file = files[number % len(files)]
        path = folder / file.relative_to(source).with_name(f"{file.stem}-copy-{number}.md")
        path.parent.mkdir(parents=True, exist_ok=True)
        text = re.sub(rf"id: {re.escape(file.stem)}$", f"id: {path.stem}", file.read_text("utf-8"), flags=re.M)
        path.write_text(text, "utf-8")
    return folder


def forgotten() -> None:
    """Nothing is kept from what was read and proved before."""
    folder = tempfile.mkdtemp(prefix="bank-kept-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["XDG_CACHE_HOME"] = folder


def loading(size: int) -> Any:
    """A task that reads a bank from its files, as for the first time."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from grader.authoring import Shelf

        folder = copied(SMALL if small else size)
        framework = Shelf(folder).framework
        assert framework

        def work() -> int:
            forgotten()
            return len(Shelf(folder).items)

        return work, float(SMALL if small else size)

    return prepare


def checking(size: int, *, again: bool) -> Any:
    """A task that reads a bank, proves each item and holds all side by side, for the first time or ``again``."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from grader.authoring import Shelf
        from grader.bank import check, prove_all

        folder = copied(SMALL if small else size)

        def work() -> dict[str, int]:
            if not again:
                forgotten()
            bank = Shelf(folder).bank
            unfair = len(prove_all(bank.items.values()))
            return {"items": len(bank.items), "unfair": unfair + len(bank.problems), "copies": len(check(bank))}

        if again:
            forgotten()
            work()
        return work, float(SMALL if small else size)

    return prepare


def one_item(small: bool) -> tuple[Callable[[], Any], float]:
    """Read and prove the item that its author has just saved, in a bank of a thousand."""
    from grader.authoring import Shelf
    from grader.bank import prove

    folder = copied(SMALL if small else 1000)
    drawn = (path for path in sorted((folder / "items").rglob("*.md")) if "kind: number" in path.read_text("utf-8"))
    name = next(drawn).stem

    def work() -> dict[str, int]:
        forgotten()
        return {"unfair": len(prove(Shelf(folder).item(name)))}

    return work, 1.0


def drawing(small: bool) -> tuple[Callable[[], Any], float]:
    """Draw questions of the items that draw numbers, each with its code run afresh."""
    from grader.authoring import Shelf
    from grader.bank import draw
    from grader.centre import PROJECT

    items = [item for item in Shelf(PROJECT / "question_bank").items.values() if item.body["draw"]]
    count = len(items) if small else DRAWS
    return lambda: len([draw(items[n % len(items)], n) for n in range(count)]), float(count)


TASKS = {
    **{f"ours loads {size}": loading(size) for size in SIZES},
    **{f"ours checks {size}": checking(size, again=False) for size in SIZES},
    **{f"ours checks {size} again": checking(size, again=True) for size in SIZES},
    "ours checks one item": one_item,
    "ours draws": drawing,
}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task

    rows: list[list[object]] = []
    for size in SIZES:
        tasks = [task("bank", f"ours {step}") for step in (f"loads {size}", f"checks {size}", f"checks {size} again")]
        rows.append([f"{size:,}", *(duration(one.seconds) for one in tasks)])
    one, drawn = task("bank", "ours checks one item"), task("bank", "ours draws")
    return (
        "Copies of the repository's items, so a fifth of them draw numbers, some of them with queueing models. "
        "*Check* loads, runs fifty draws and more of each such item, and compares all items with each other, the first "
        "time with nothing kept from before, and again when no file has changed; two processors share the work.\n\n"
        f"{table(['items', 'load', 'load and check', 'again'], rows)}\n\n"
        f"One item after a change, in a bank of a thousand: {duration(one.seconds)}. "
        f"Draws in a second: {1 / drawn.each_s:,.0f}."
    )


if __name__ == "__main__":
    run(TASKS)
