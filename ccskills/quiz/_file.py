"""The files of a quiz: the questions, read and checked, and the learner's answers, one line of JSON each."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ._marks import Refused

__all__ = ["KINDS", "append_progress", "read_progress", "read_quiz"]

KINDS = ("choice", "multi", "number", "order", "match")
_ENDING = ".quiz.json"


def read_quiz(path: Path) -> dict[str, Any]:
    """The quiz in ``path``, every question of it usable.

    Raises :class:`Refused`, a ``ValueError`` with one sentence in each language: what was wanted, what came, where.
    """
    try:
        quiz = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise _missing(path) from None
    except OSError as error:
        raise Refused(
            f"The quiz {path.name} cannot be opened: {error.strerror}.",
            f"无法打开练习文件{path.name}：{error.strerror}。",
        ) from None
    except ValueError as error:  # not UTF-8, or not JSON
        line = getattr(error, "lineno", 1)
        raise Refused(
            f"The quiz {path.name} is damaged at line {line}: it is no JSON text. Put the original file back.",
            f"练习文件{path.name}第{line}行已损坏，不是JSON文本，请换回原来的文件。",
        ) from None
    if isinstance(quiz, dict) and "lesson" in quiz:  # the file of a lesson carries its quiz
        quiz = quiz.get("quiz")
    if not isinstance(quiz, dict) or quiz.get("quiz") != 1 or not isinstance(quiz.get("questions"), list):
        raise Refused(
            f'{path.name} is no quiz that this version reads: it needs `"quiz": 1` and a list of `questions`.',
            f"{path.name}不是本版本能读的练习文件，应有“quiz: 1”和题目列表“questions”。",
        )
    if not quiz["questions"]:
        raise Refused(f"The quiz {path.name} holds no questions.", f"练习文件{path.name}里没有题目。")
    if not _both(quiz.get("title")):
        raise _lacks(path, "The quiz", "练习", "a `title` in both languages", "中英文标题title")
    for number, question in enumerate(quiz["questions"], start=1):
        if fault := _fault(question):
            raise _lacks(path, f"Question {number}", f"第{number}题", *fault)
    ids = [question["id"] for question in quiz["questions"]]
    if len(set(ids)) < len(ids):
        raise _lacks(path, "The quiz", "练习", "questions with different `id`", "各不相同的题目编号id")
    return quiz


def _missing(path: Path) -> Refused:
    there = sorted(one.name for one in path.parent.glob(f"*{_ENDING}")) if path.parent.is_dir() else []
    english = f"the folder holds {', '.join(there)}" if there else f"the folder holds no {_ENDING} file"
    chinese = f"该文件夹里有：{'、'.join(there)}" if there else f"该文件夹里没有{_ENDING}文件"
    return Refused(
        f"There is no quiz {path.name} beside this notebook; {english}.",
        f"笔记本旁边没有练习文件{path.name}；{chinese}。",
    )


def _lacks(path: Path, who_en: str, who_zh: str, en: str, zh: str) -> Refused:
    return Refused(
        f"{who_en} of {path.name} cannot be shown: it needs {en}. Put the original file back.",
        f"{path.name}中的{who_zh}无法显示：缺少{zh}，请换回原来的文件。",
    )


def _both(text: Any) -> bool:
    return isinstance(text, dict) and isinstance(text.get("en"), str) and isinstance(text.get("zh"), str)


def _fault(question: Any) -> tuple[str, str] | None:
    """What a question lacks to be asked and marked, in both languages; None when nothing."""
    if not isinstance(question, dict) or not isinstance(question.get("id"), str):
        return "an `id`", "题目编号id"
    kind = question.get("kind")
    if kind not in KINDS:
        return f"a `kind` among {', '.join(KINDS)}", f"题型kind（{'、'.join(KINDS)}之一）"
    if not _both(question.get("stem_html")):
        return "`stem_html` in both languages", "中英文题干stem_html"
    if not isinstance(question.get("statement"), str) or not _both(question.get("statement_text")):
        return "its `statement` and `statement_text`", "能力条目statement及其文字statement_text"
    if kind == "number":
        good = _is_number(question.get("key")) and _is_number(question.get("tolerance"))
        return None if good else ("a number as `key` and as `tolerance`", "数值key和允许误差tolerance")
    for side in ("options", "targets") if kind == "match" else ("options",):
        entries = question.get(side)
        if not isinstance(entries, list) or len(entries) < 2 or not all(_is_option(entry) for entry in entries):
            return (
                f"two or more `{side}`, each with `id` and `html` in both languages",
                f"两个以上的选项{side}（id和中英文html）",
            )
    return None if _key_fits(question) else ("a `key` that fits its options", "跟选项对得上的答案key")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_option(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("id"), str) and _both(entry.get("html"))


def _key_fits(question: Mapping[str, Any]) -> bool:
    key, ids = question.get("key"), {option["id"] for option in question["options"]}
    if question["kind"] == "choice":
        return isinstance(key, str) and key in ids
    if question["kind"] == "match":
        targets = {target["id"] for target in question["targets"]}
        return isinstance(key, dict) and set(key) == ids and all(right in targets for right in key.values())
    if not isinstance(key, list) or not key or not all(isinstance(one, str) for one in key):
        return False
    return set(key) <= ids if question["kind"] == "multi" else sorted(key) == sorted(ids)


def read_progress(path: Path) -> list[dict[str, Any]]:
    """What a learner did, oldest first, from a ``.progress.jsonl`` file; a line that cannot be read is left out.

    An answer has ``at`` (ISO 8601, UTC), ``event`` ``"answer"``, ``question``, ``version``, ``variant``, ``statement``,
    ``value`` and ``points`` (0 to 1); ``event`` ``"again"`` names the ``questions`` that were opened anew. A file that
    is not there is an empty one.

    Parameters
    ----------
    path : Path
        The file beside the quiz file.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> read_progress(Path("nobody-practised.progress.jsonl"))
    []
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:  # empty, or torn by a power cut while it was written
            continue
        if isinstance(entry, dict) and (_is_answer(entry) or _is_again(entry)):
            found.append(entry)
    return found


def _is_answer(entry: Mapping[str, Any]) -> bool:
    words = all(isinstance(entry.get(name), str) for name in ("at", "question", "statement"))
    return entry.get("event") == "answer" and words and "value" in entry and _is_number(entry.get("points"))


def _is_again(entry: Mapping[str, Any]) -> bool:
    return entry.get("event") == "again" and isinstance(entry.get("questions"), list)


def append_progress(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one line with the time, safe on the disk before this returns; a torn last line is closed first."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    line = json.dumps({"at": now, **entry}, ensure_ascii=False).encode() + b"\n"
    with path.open("a+b") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
