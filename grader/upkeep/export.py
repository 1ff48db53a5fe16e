"""The registry written out for others: every fact of the chain, and the tables that people read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..model import canonical
from ..store import VIEWS, Store

__all__ = ["export"]

_ABOUT = """\
facts.jsonl   one fact of the registry a line, in order. 每行一条登记事实，按顺序排列。

How to check the chain  怎样验证链条
  sealed = SHA-256 of: salt, line feed, data        sealed＝对“salt、换行、data”取SHA-256
  hash   = SHA-256 of the canonical JSON (keys sorted, no spaces, UTF-8) of at, by, kind, prev, sealed, seq, subject
           hash＝对at、by、kind、prev、sealed、seq、subject的规范JSON（键排序、无空格、UTF-8）取SHA-256
  prev   = hash of the fact before, 64 zeros for the first    prev＝上一条的hash，第一条为64个零
A fact without data was redacted, or written out without content; its hash is checked all the same.
没有data的事实，或已删除内容，或导出时未附内容；hash照样可以验证。
"""


def export(store: Store, folder: Path, *, content: bool = True) -> tuple[int, tuple[Path, ...]]:
    """Write the registry into a new folder; how many facts there are, and the files.

    ``facts.jsonl`` holds the chain, each ``VIEW.csv`` (UTF-8 with a mark, so that Excel reads it) a table. Without
    ``content`` the chain alone is written, seals in the place of what the facts say: enough to prove later that a fact
    stood there, and nothing personal but staff numbers.

    Raises :class:`InputError` when the folder holds something already or cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise InputError(f"{folder} holds something already; name a new folder, and nothing will be overwritten")
        facts = store.facts()
        kept = facts if content else [{k: v for k, v in fact.items() if k not in ("data", "salt")} for fact in facts]
        texts = {"README.txt": _ABOUT, "facts.jsonl": "".join(f"{canonical(fact)}\n" for fact in kept)}
        if content:
            texts |= {f"{view}.csv": "\ufeff" + _table(store.rows(view)) for view in VIEWS}
        for name, text in texts.items():
            folder.joinpath(name).write_text(text, "utf-8", newline="")
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); name a folder that you may write") from error
    return len(facts), tuple(folder / name for name in texts)


def _table(rows: Iterable[Mapping[str, Any]]) -> str:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    for number, row in enumerate(rows):
        if number == 0:
            lines.writerow(row)
        lines.writerow([_harmless(value) for value in row.values()])
    return out.getvalue()


def _harmless(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
