"""The bank on its disk: framework, scheme and items read together, files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader import bank, rules
from grader.bank.header import ID
from grader.errors import ItemError
from grader.model import Framework, Item, Scheme

__all__ = ["Shelf", "write_whole"]


@dataclass(frozen=True)
class Shelf:
    """A folder with framework.yml, scheme.yml, items/ and cases/."""

    folder: Path

    @cached_property
    def framework(self) -> Framework:
        """Levels, domains and statements."""
        return rules.load_framework(self.folder / "framework.yml")

    @cached_property
    def scheme(self) -> Scheme:
        """The rules of the certificates."""
        return rules.load_scheme(self.folder / "scheme.yml", self.framework)

    @cached_property
    def bank(self) -> bank.Bank:
        """All items that load, and the problems of the files that do not."""
        return bank.load(self.folder, self.framework)

    @property
    def items(self) -> Mapping[str, Item]:
        """The items that load, by id."""
        return self.bank.items

    def path(self, item_id: str) -> Path:
        """Where the file of an id stands, whether there is one or not."""
        domain, _, rest = item_id.partition("-")
        return self.folder / "items" / domain.lower() / rest[:1] / f"{item_id}.md"

    def item(self, name: str) -> Item:
        """One item by its id or by the path of its file; only this file and its case are read.

        Raises :class:`ItemError` with every problem of the file when it cannot be used.
        """
        item_id = Path(name).stem if name.endswith(".md") else name
        path = self.path(item_id)
        if not ID.fullmatch(item_id) or not path.is_file():
            raise ItemError(f"there is no item {item_id} in {self.folder.name}/; find one with `academy bank search`")
        item, problems = bank.load_one(self.folder, path, self.framework)
        if item is None:
            raise ItemError("\n".join(str(problem) for problem in problems))
        return item


def write_whole(path: Path, text: str) -> None:
    """Write a text file: all of it or, when anything fails, nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
