"""Who may import whom: the table of docs/architecture.md, held against every import in the code."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
LAYERS = {
    module: int(number)
    for number, modules in re.findall(r"^\| (\d) \w+ \| (.+?) \|", DOCUMENT, re.M)
    for module in re.findall(r"`(\w+)`", modules)
}
DOORS = {
    library: door.replace("`", "")
    for libraries, door in re.findall(r"^\| ([a-z\-, ]+) \| (`[\w.]+`) \|$", DOCUMENT, re.M)
    for library in libraries.replace("-", "_").split(", ")
}
JUPYTER = {"jupytext", "nbformat", "nbgrader", "nbconvert", "nbclient", "jupyter_server", "jupyter_client", "IPython"}


def sources() -> Iterator[tuple[str, Path]]:
    """Every module as ``package.module`` (files of a package, and private helpers, go by their package or user)."""
    for package in ("grader", "ccskills"):
        for path in sorted((ROOT / package).rglob("*.py")):
            yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path


def imports(name: str, path: Path) -> set[str]:
    """Full dotted names of what a module imports, at its top or inside a function."""
    package = name.split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            found |= {start} | {f"{start}.{alias.name}" for alias in node.names}
    return found


@cache
def all_imports() -> dict[str, set[str]]:
    """Every module with what it imports; parsed when the first test asks, not while tests are collected."""
    return {name: imports(name, path) for name, path in sources()}


def of_grader() -> dict[str, set[str]]:
    """The same of the engine's modules."""
    return {name: all_imports()[name] for name in GRADER}


GRADER = [name for name, _ in sources() if name.startswith("grader.") and name != "grader.__init__"]


def room_of(dotted: str) -> str | None:
    """The public module of grader that a dotted name belongs to, if any."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "grader" and len(parts) > 1 else None


def test_the_table_names_every_module_and_no_other() -> None:
    rooms = {room_of(name) for name in GRADER}
    public = {room for room in rooms if room and (not room.startswith("_") or room == "__main__")}

    assert public == set(LAYERS)


@pytest.mark.parametrize("name", sorted(GRADER))
def test_a_module_imports_only_from_layers_below_its_own(name: str) -> None:
    here = room_of(name)
    assert here is not None
    layer = LAYERS.get(here)
    for imported in all_imports()[name]:
        there = room_of(imported)
        if there in (None, here) or there not in LAYERS:
            continue
        if layer is None:  # a private helper such as _sheet: it may lean on words only
            assert LAYERS[there] == 0, f"{name} imports {imported}"
        else:
            assert LAYERS[there] < layer, f"{name} (layer {layer}) imports {imported} (layer {LAYERS[there]})"


def test_a_private_helper_serves_one_module_or_other_private_helpers() -> None:
    private = {name for name in GRADER if (room_of(name) or "").startswith("_") and room_of(name) != "__main__"}
    for helper in private:
        users = {room_of(name) for name, found in of_grader().items() if helper in found and name not in private}
        assert len(users) == 1, f"{helper} is used by {users}"


def test_words_import_the_standard_library_only() -> None:
    words = {room for room, layer in LAYERS.items() if layer == 0}
    modules = {name: found for name, found in of_grader().items() if room_of(name) in words}

    assert {room_of(name) for name in modules} == words
    for name, found in modules.items():
        assert {one.split(".")[0] for one in found} - sys.stdlib_module_names - {"grader"} == set(), name


@pytest.mark.parametrize(("library", "door"), sorted(DOORS.items()))
def test_a_library_with_one_door_is_imported_there_only(library: str, door: str) -> None:
    inside = door if door.startswith("ccskills.") else f"grader.{door}"
    users = {name for name, found in all_imports().items() if any(one.split(".")[0] == library for one in found)}

    assert users, f"nothing imports {library}; take it out of docs/architecture.md"
    assert {user for user in users if user != inside and not user.startswith(f"{inside}.")} == set()


def test_the_sandbox_knows_no_key_and_no_judge() -> None:
    for name, found in of_grader().items():
        if room_of(name) == "sandbox":
            assert {room_of(one) for one in found} & {"bank", "judge", "marking", "forms", "store", "seats"} == set()


def test_marking_needs_nothing_of_jupyter() -> None:
    for name, found in of_grader().items():
        if room_of(name) in ("marking", "psychometrics"):
            assert {one.split(".")[0] for one in found} & JUPYTER == set()


def test_the_library_knows_nothing_of_exams() -> None:
    for name, found in all_imports().items():
        if name.startswith("ccskills."):
            assert {one.split(".")[0] for one in found} & {"grader", "nbgrader", "IPython"} == set(), name
