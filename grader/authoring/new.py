"""A new item: a template by kind, or a form that asks one question after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from grader.authoring.shelf import Shelf, write_whole
from grader.bank.body import COUNTS
from grader.bank.header import ID, ITEM_KINDS, RULES
from grader.bank.source import Draft, Text, compose
from grader.errors import InputError
from grader.model import LANGUAGES

__all__ = ["ask", "header", "template", "write"]

Ask = Callable[[str], str]

NAMES = {"en": "English", "zh": "Chinese"}
DRAW = """\
def draw(rng):
    calls = 10 * int(rng.integers(10, 20))
    aht = 10 * int(rng.integers(18, 30))
    return {"calls": calls, "aht": aht, "key": calls * aht / 1800, "tolerance": 0.05}"""
CODE = {
    "given": "from ccskills import staffing\n\ncalls, aht_s = 120, 240",
    "solution": "load = staffing.offered_load(calls, aht_s)",
    "test": "assert abs(load - calls * aht_s / 1800) < 0.01",
}
STEMS = {
    "choice": (
        "[[What does the person do, given this, and what is asked of the candidate?]]",
        "[[情境是什么，要考生回答什么？]]",
    ),
    "multi": ("[[Situation and question.]] Choose two.", "[[情境与问题。]]请选两项。"),
    "number": (
        "[[Situation.]] {{calls}} calls in 30 minutes, average handle time {{aht}} seconds. [[State the formula.]] "
        "How many erlangs? Round to one decimal.",
        "[[情境。]]30分钟内来电{{calls}}通，平均处理时长{{aht}}秒。[[写明公式。]]话务量是多少爱尔兰？保留一位小数。",
    ),
    "code": (
        "[[Situation. Give the names under which the answers are looked for.]] Work out the load in erlangs with "
        "`ccskills` and call it `load`.",
        "[[情境。写明答案放在哪些名称下。]]请用`ccskills`算出话务量（爱尔兰），命名为`load`。",
    ),
    "order": ("[[Situation, and by which rule the steps are put in order.]]", "[[情境，以及按什么规则排序。]]"),
    "match": (
        "[[What is matched with what.]] One entry on the right is not used.",
        "[[把什么与什么配对。]]右边有一项用不上。",
    ),
    "text": (
        "[[Situation and task; say how long the answer may be and what it must contain.]]",
        "[[情境与任务；写明字数上限和必须包含的内容。]]",
    ),
}
PLACES = {
    "en": ("[[entry {n}]]", "[[why this is right, or which mistake leads to it]]"),
    "zh": ("[[第{n}项]]", "[[为什么对，或是哪种错误造成的]]"),
}


def header(shelf: Shelf, statement: str, kind: str, slug: str, by: str, **more: Any) -> dict[str, Any]:
    """The header of a new draft.

    Raises :class:`InputError` for an unknown statement or kind, a slug that is none, and an id that the bank has.
    """
    try:
        shelf.framework.statement(statement)
    except KeyError:
        raise InputError(f"the statement must be a code of framework.yml such as FC-2.1, got {statement!r}") from None
    if kind not in ITEM_KINDS:
        raise InputError(f"the kind must be one of {', '.join(ITEM_KINDS)}, got {kind!r}")
    item_id = f"{statement}-{slug}"
    if not ID.fullmatch(item_id):
        raise InputError(f"the name must be small letters, digits and hyphens such as load-of-a-queue, got {slug!r}")
    if shelf.path(item_id).exists():
        raise InputError(f"the bank has an item {item_id}; choose another name")
    given = {"version": 1, "cognitive": "A", "minutes": 2, "use": "exam", "difficulty": 0.6, "sources": ["own"], **more}
    for name, value in given.items():
        if not RULES[name][1](value):
            raise InputError(f"`{name}` must be {RULES[name][0]}, got {value!r}")
    return {
        **given,
        "id": item_id,
        "kind": kind,
        "statement": statement,
        "status": "draft",
        "variants": [101, 102, 103] if kind == "number" else [],
        "enemies": [],
        "history": [{"date": date.today().isoformat(), "by": by, "role": "author", "verdict": "drafted"}],
    }


def template(head: Mapping[str, Any]) -> Draft:
    """An item whose texts are to be written: everything between [[ and ]]; `check` names each one that is left."""
    kind = head["kind"]
    texts = {language: _template(kind, language, STEMS[kind][place]) for place, language in enumerate(LANGUAGES)}
    return Draft(head, texts, DRAW if kind == "number" else "", CODE if kind == "code" else {})


def _template(kind: str, language: str, stem: str) -> Text:
    entry, reason = PLACES[language]
    right = {"choice": 1, "multi": 2}.get(kind, 0)
    count = {"choice": 4, "multi": 5, "order": 4}.get(kind, 0)
    options = tuple((entry.format(n=n), n <= right, reason) for n in range(1, count + 1))
    pairs = tuple(
        (
            entry.format(n=f"{n}, left" if language == "en" else f"{n}（左）"),
            entry.format(n=f"{n}, right" if language == "en" else f"{n}（右）"),
        )
        for n in range(1, 4)
    )
    spare = ("", entry.format(n="4, right" if language == "en" else "4（右）"))
    lines = {"en": "[[what earns a point]]", "zh": "[[得分点]]"}[language]
    full = {"en": "[[an answer that earns all points]]", "zh": "[[满分答案]]"}[language]
    return Text(
        stem=stem,
        options=options,
        pairs=(*pairs, spare) if kind == "match" else (),
        headings=({"en": ("[[left]]", "[[right]]"), "zh": ("[[左]]", "[[右]]")}[language])
        if kind == "match"
        else ("", ""),
        reason="" if kind in ("choice", "multi", "text") else reason,
        rubric=tuple((1.0, f"{lines} {n}") for n in range(1, 5)) if kind == "text" else (),
        samples=((4.0, full),) if kind == "text" else (),
    )


def write(shelf: Shelf, draft: Draft) -> str:
    """Write the draft to its place; the path of the file within the bank."""
    path = shelf.path(draft.header["id"])
    write_whole(path, compose(draft))
    return path.relative_to(shelf.folder).as_posix()


# --- the form ---------------------------------------------------------------------------------------------------------


def ask(shelf: Shelf, by: str, read: Ask, say: Callable[[str], None]) -> Draft:
    """Ask for an item entry by entry; an answer that cannot be used is asked for again, with what was wanted."""
    statement = _until(read, say, "Statement (e.g. FC-2.1)", lambda text: _statement(shelf, text))
    text = shelf.framework.statement(statement).text
    say(f"  {text.en}\n  {text.zh}")
    kind = _until(read, say, f"Kind ({', '.join(ITEM_KINDS)})", lambda text: _one_of(text, ITEM_KINDS))
    head = _until(read, say, "Short name (e.g. load-of-a-queue)", lambda text: header(shelf, statement, kind, text, by))
    for name, question in (
        ("cognitive", "Cognitive level: R remember, A apply, E evaluate"),
        ("minutes", "Minutes"),
        ("difficulty", "Share of just-qualified people who answer right, e.g. 0.6"),
        ("use", "Use: exam, pilot or practice"),
    ):
        head[name] = _until(read, say, question, partial(_entry, name))
    if kind in ("number", "code"):
        say("This kind is written in code: the file holds an example to change.")
        return template(head)
    return Draft(head, _texts(kind, read, say))


def _texts(kind: str, read: Ask, say: Callable[[str], None]) -> dict[str, Text]:
    stems = {language: _long(read, say, f"Question in {NAMES[language]}") for language in LANGUAGES}
    options: dict[str, list[tuple[str, bool, str]]] = {language: [] for language in LANGUAGES}
    pairs: dict[str, list[tuple[str, str]]] = {language: [] for language in LANGUAGES}
    least, most = COUNTS.get(kind, (0, 0))
    for number in range(1, most + 1):
        what = {"order": "Step", "match": "Left side"}.get(kind, "Option")
        more = "" if number <= least else ", empty to end"
        first = read(f"{what} {number} in English{more}: ").strip()
        if not first and number > least:
            break
        second = read(f"{what} {number} in Chinese: ").strip()
        if kind == "match":
            for language, left in (("en", first), ("zh", second)):
                pairs[language].append((left, read(f"  its right side in {NAMES[language]}: ").strip()))
            continue
        right = kind == "order" or read("  is it right? (y/n) ").strip().lower().startswith("y")
        for language, said in (("en", first), ("zh", second)):
            reason = "" if kind == "order" else read(f"  why, in {NAMES[language]}: ").strip()
            options[language].append((said, right, reason))
    made = {}
    for language in LANGUAGES:
        rubric = _rubric(read, say, language) if kind == "text" else ()
        sample = (
            ((4.0, _long(read, say, f"An answer in {NAMES[language]} that earns all points")),)
            if kind == "text"
            else ()
        )
        reason = _long(read, say, f"The worked answer in {NAMES[language]}") if kind in ("order", "match") else ""
        made[language] = Text(
            stems[language], tuple(options[language]), tuple(pairs[language]), ("", ""), reason, rubric, sample
        )
    return made


def _rubric(read: Ask, say: Callable[[str], None], language: str) -> tuple[tuple[float, str], ...]:
    lines: list[tuple[float, str]] = []
    while sum(points for points, _ in lines) < 4:
        points = _until(read, say, "Points of a line of the rubric (4 in all)", _points)
        lines.append((points, read(f"  what earns them, in {NAMES[language]}: ").strip()))
    return tuple(lines)


def _until(read: Ask, say: Callable[[str], None], question: str, take: Callable[[str], Any]) -> Any:
    while True:
        try:
            return take(read(f"{question}: ").strip())
        except InputError as error:
            say(f"  {error}")


def _long(read: Ask, say: Callable[[str], None], question: str) -> str:
    say(f"{question}; end with a line that holds a full stop only")
    rows = []
    while (row := read("")) != ".":
        rows.append(row)
    return "\n".join(rows).strip()


def _statement(shelf: Shelf, text: str) -> str:
    try:
        return shelf.framework.statement(text.upper()).code
    except KeyError:
        raise InputError(f"the statement must be a code of framework.yml such as FC-2.1, got {text!r}") from None


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise InputError(f"one of {', '.join(words)} is wanted, got {text!r}")
    return text


def _entry(name: str, text: str) -> Any:
    value: Any = float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    if not RULES[name][1](value):
        raise InputError(f"`{name}` must be {RULES[name][0]}, got {text!r}")
    return value


def _points(text: str) -> float:
    if not re.fullmatch(r"[1-4](\.5)?|0\.5", text) or float(text) > 4:
        raise InputError(f"0.5 to 4 points in halves are wanted, got {text!r}")
    return float(text)
