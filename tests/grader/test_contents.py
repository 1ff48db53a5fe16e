"""The notebook server writes whole files: who reads during a save finds what was there before, or what is new."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from grader.contents import WholeFiles
from grader.launch.config import write_shelf_config

Result = TypeVar("Result")
# Long enough that a reader meets the save half done, if there is such a moment.
LONG = "x" * 20_000_000


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run it in a thread of its own: where a browser test came before, this one has a loop that runs."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def notebook(text: str) -> dict[str, object]:
    return {"type": "notebook", "content": nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text)])}


def read_while_saving(manager: AsyncLargeFileManager, work: Path) -> list[str]:
    """What lay there each time that somebody looked while a long notebook was saved over a short one."""

    async def both() -> list[str]:
        await manager.save(notebook("short"), work.name)
        saving = asyncio.create_task(manager.save(notebook(LONG), work.name))
        seen = []
        while not saving.done():
            seen.append(work.read_text("utf-8"))
            await asyncio.sleep(0)
        await saving
        return [*seen, work.read_text("utf-8")]

    return run(both())


def is_whole(text: str) -> bool:
    try:
        return bool(json.loads(text)["cells"])
    except ValueError:
        return False


def test_a_reader_during_a_save_finds_a_whole_notebook(tmp_path: Path) -> None:
    seen = read_while_saving(WholeFiles(root_dir=str(tmp_path)), tmp_path / "work.ipynb")

    assert all(is_whole(text) for text in seen)
    assert "short" in seen[0] and LONG in seen[-1]


def test_the_servers_own_way_shows_the_reader_an_empty_one(tmp_path: Path) -> None:
    """What the manager is for; when Jupyter's own passes the test above, it can go."""
    seen = read_while_saving(AsyncLargeFileManager(root_dir=str(tmp_path)), tmp_path / "work.ipynb")

    assert not all(is_whole(text) for text in seen)


def test_the_file_keeps_its_permissions_and_nothing_is_left_aside(tmp_path: Path) -> None:
    work = tmp_path / "work.ipynb"
    manager = WholeFiles(root_dir=str(tmp_path))
    run(manager.save(notebook("first"), work.name))
    work.chmod(0o640)
    run(manager.save(notebook("second"), work.name))

    assert work.stat().st_mode & 0o777 == 0o640
    assert "second" in work.read_text("utf-8")
    aside = [path.name for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(set(aside)) in (["work.ipynb"], ["work-checkpoint.ipynb", "work.ipynb"])


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "work.ipynb", tmp_path / "work.ipynb"
    manager = WholeFiles(root_dir=str(tmp_path))
    run(manager.save(notebook("first"), "real/work.ipynb"))
    link.symlink_to(real)
    run(manager.save(notebook("second"), link.name))

    assert link.is_symlink() and "second" in real.read_text("utf-8")


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    work = tmp_path / "work.ipynb"
    manager = WholeFiles(root_dir=str(tmp_path))
    run(manager.save(notebook("first"), work.name))

    with pytest.raises(OSError, match="full"), manager.atomic_writing(str(work)) as file:
        file.write("half")
        raise OSError("the disk is full")

    assert "first" in work.read_text("utf-8")
    assert not [path for path in tmp_path.rglob("*") if "half" in path.name or path.name.startswith("work.ipynb.")]


def test_every_server_of_a_centre_writes_so(tmp_path: Path) -> None:
    write_shelf_config(tmp_path, tmp_path / "exchange", "zh")
    config = json.loads((tmp_path / "jupyter_server_config.json").read_text("utf-8"))
    room = json.loads(Path("deploy/exam_server/jupyter_server_config.json").read_text("utf-8"))

    named = f"{WholeFiles.__module__}.{WholeFiles.__qualname__}"
    assert config["ServerApp"]["contents_manager_class"] == named == room["ServerApp"]["contents_manager_class"]
