"""Loading and proving question banks of the size of ours and larger ones, and drawing questions from them."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from _task import run

SIZES = (850, 1000, 5000)
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


def loading(size: int) -> Any:
    """A task that reads a bank from its files."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from grader.authoring import Shelf

        folder = copied(SMALL if small else size)
        framework = Shelf(folder).framework
        assert framework
        return lambda: len(Shelf(folder).items), float(SMALL if small else size)

    return prepare


def checking(size: int) -> Any:
    """A task that reads a bank, proves each item and holds all side by side."""

    def prepare(small: bool) -> tuple[Callable[[], Any], float]:
        from grader.authoring import Shelf
        from grader.bank import check, prove

        folder = copied(SMALL if small else size)

        def work() -> dict[str, int]:
            bank = Shelf(folder).bank
            unfair = sum(len(prove(item)) for item in bank.items.values())
            return {"items": len(bank.items), "unfair": unfair + len(bank.problems), "copies": len(check(bank))}

        return work, float(SMALL if small else size)

    return prepare


def one_item(small: bool) -> tuple[Callable[[], Any], float]:
    """Read and prove the item that its author has just saved, in a bank of a thousand."""
    from grader.authoring import Shelf
    from grader.bank import prove

    folder = copied(SMALL if small else 1000)
    name = next((folder / "items").rglob("FC-2.1-positions*.md")).stem

    def work() -> dict[str, int]:
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
    **{f"ours checks {size}": checking(size) for size in SIZES},
    "ours checks one item": one_item,
    "ours draws": drawing,
}


def report() -> str:
    """The section of results.md."""
    from run import duration, table, task

    rows: list[list[object]] = []
    for size in SIZES:
        loaded, checked = task("bank", f"ours loads {size}"), task("bank", f"ours checks {size}")
        rows.append([f"{size:,}", duration(loaded.seconds), duration(checked.seconds)])
    one, drawn = task("bank", "ours checks one item"), task("bank", "ours draws")
    return (
        "Copies of the repository's items, so a quarter of them draw numbers, some of them with queueing models. "
        "*Check* loads, runs fifty draws and more of each such item, and compares all items with each other; nothing "
        f"is kept from one run to the next.\n\n{table(['items', 'load', 'load and check'], rows)}\n\n"
        f"One item after a change, in a bank of a thousand: {duration(one.seconds)}. "
        f"Draws in a second: {1 / drawn.each_s:,.0f}."
    )


if __name__ == "__main__":
    run(TASKS)
