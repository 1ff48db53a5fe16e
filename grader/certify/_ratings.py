"""The sheet of a judge, out and back in: CSV that Excel opens, one file for each judge and round."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..bank.header import KIND_NAMES
from ..errors import InputError
from ..model import LANGUAGES, Bilingual, Form, Question, Slot
from ..psychometrics import Bounds
from ._answers import label

__all__ = ["BOUNDS", "Feedback", "Sheet", "read_sheet", "sheet_text", "write_sheet"]

BOUNDS = {
    "lowest cut": Bilingual(
        "Hofstee, in percent: the lowest cut that you could still answer for, of all points of the form",
        "Hofstee，填百分数：你还能接受的最低合格线（占试卷满分的百分比）",
    ),
    "highest cut": Bilingual(
        "Hofstee, in percent: the highest cut that you could still answer for",
        "Hofstee，填百分数：你还能接受的最高合格线（占试卷满分的百分比）",
    ),
    "lowest failing": Bilingual(
        "Hofstee, in percent: the smallest share of candidates that may fail",
        "Hofstee，填百分数：可以接受的最小不通过比例",
    ),
    "highest failing": Bilingual(
        "Hofstee, in percent: the largest share of candidates that may fail",
        "Hofstee，填百分数：可以接受的最大不通过比例",
    ),
}
"""The four lines below the items of a second round; the panel's compromise is drawn from them."""
_ASKED = Bilingual(
    "What percentage of candidates who only just qualify will answer right (with partial credit: what percentage "
    "of the points will they earn)? Write a number from 0 to 100 into the last column.",
    "刚好合格的考生里，有百分之几能答对（有部分得分的题：能得到满分的百分之几）？请在最后一列填0到100的数。",
)
_FIXED = (
    Bilingual("form", "试卷"),
    Bilingual("round", "轮次"),
    Bilingual("slot", "题位"),
    Bilingual("item", "试题"),
    Bilingual("kind", "题型"),
    Bilingual("points", "分值"),
    Bilingual("question", "题目"),
    Bilingual("options", "选项"),
    Bilingual("key", "答案"),
)
_SEEN = (
    Bilingual("own first", "本人首轮"),
    Bilingual("panel mean", "评审组平均"),
    Bilingual("panel lowest", "评审组最低"),
    Bilingual("panel highest", "评审组最高"),
    Bilingual("candidates", "考生得分率"),
)
_HEADS = {head.say(language): head.en for head in (*_FIXED, *_SEEN) for language in LANGUAGES}
_NAME = re.compile(r"[A-Za-z0-9._-]{1,40}")


@dataclass(frozen=True)
class Feedback:
    """What a judge is shown of an item in the second round; shares."""

    own: float
    mean: float
    low: float
    high: float
    facility: float | None
    """What candidates earned; None below 30 of them."""


@dataclass(frozen=True)
class Sheet:
    """What one file says."""

    form: str
    round: int
    ratings: Mapping[str, Mapping[str, float]]
    """Judge to item (``id@version``) to share."""
    bounds: Mapping[str, Bounds]
    """Judge to Hofstee's four values; of a second round only."""


def write_sheet(
    form: Form, judge: str, round_: int, language: str, feedback: Mapping[str, Feedback] | None = None
) -> bytes:
    """The sheet of one judge; in the second round with what the panel said in the first."""
    if not _NAME.fullmatch(judge):
        raise InputError(f"a judge is named by 1 to 40 letters, digits or any of - _ ., got {judge!r}")
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    seen = _SEEN if feedback is not None else ()
    out.writerow([*(head.say(language) for head in (*_FIXED, *seen)), judge])
    out.writerow([form.id, round_, "", "", "", "", _ASKED.say(language), "", "", *("" for _ in seen), ""])
    for slot in form.scored:
        item = label(slot.question)
        shown = [] if feedback is None else _shown(feedback[item])
        out.writerow([form.id, round_, slot.name, item, *_asked(slot, language), *shown, ""])
    if round_ == 2:
        for name, said in BOUNDS.items():
            out.writerow([form.id, round_, "", name, "", "", said.say(language), "", "", *("" for _ in seen), ""])
    return b"\xef\xbb\xbf" + text.getvalue().encode()  # the mark by which Excel knows UTF-8


def read_sheet(name: str, data: bytes, form: Form) -> Sheet:
    """What the judges wrote, each rating a percentage; :class:`InputError` with the line of the first fault."""
    rows = _rows(name, data)
    head = [_HEADS.get(cell, cell) for cell in rows[0]]
    judges = {cell: at for at, cell in enumerate(head) if cell not in _HEADS}
    if missing := [cell for cell in ("form", "round", "item") if cell not in head]:
        raise InputError(
            f"{name}: the first line lacks {', '.join(missing)}; use a sheet of `academy exam panel sheet`"
        )
    if not judges or any(not _NAME.fullmatch(judge) for judge in judges):
        raise InputError(
            f"{name}: the column of ratings is headed by the judge's name (letters, digits, - _ .), "
            f"got {', '.join(map(repr, judges)) or 'no such column'}"
        )
    at = {cell: head.index(cell) for cell in ("form", "round", "item")}
    lines = [(number, row) for number, row in enumerate(rows[1:], start=2) if row[at["item"]]]
    forms, rounds = {row[at["form"]] for _, row in lines}, {row[at["round"]] for _, row in lines}
    if forms != {form.id}:
        raise InputError(
            f"{name}: a sheet of form {form.id} is wanted, got one of {', '.join(sorted(forms)) or 'none'}"
        )
    if rounds not in ({"1"}, {"2"}):
        raise InputError(f"{name}: the round is 1 or 2 and the same in all lines, got {', '.join(sorted(rounds))}")
    round_ = int(rounds.pop())
    wanted = [*(label(slot.question) for slot in form.scored), *(BOUNDS if round_ == 2 else ())]
    given = [row[at["item"]] for _, row in lines]
    if sorted(given) != sorted(wanted):
        odd = sorted(set(given) ^ set(wanted)) or sorted({item for item in given if given.count(item) > 1})
        raise InputError(f"{name}: every item of the form stands once in the sheet; look at {', '.join(odd)}")
    shares = {
        judge: dict(_shares(name, judge, [(number, row[at["item"]], row[column]) for number, row in lines]))
        for judge, column in judges.items()
    }
    bounds = {judge: _bounds(name, judge, found) for judge, found in shares.items()} if round_ == 2 else {}
    return Sheet(form.id, round_, shares, bounds)


def _asked(slot: Slot, language: str) -> list[str | float]:
    question = slot.question
    options = [f"{one.id}) {one.text.say(language)}" for one in (*question.options, *question.targets)]
    options += [f"{line.points:g}: {line.text.say(language)}" for line in question.rubric]
    return [
        KIND_NAMES[question.kind].say(language),
        question.points,
        question.stem.say(language),
        "\n".join(options),
        _key(question, language),
    ]


def _key(question: Question, language: str) -> str:
    if question.kind == "number":
        unit = f" {question.unit.say(language)}" if question.unit else ""
        return f"{question.key:g} ± {question.tolerance or 0:g}{unit}"
    if isinstance(question.key, Mapping):
        return ", ".join(f"{left}-{right}" for left, right in question.key.items())
    if isinstance(question.key, Sequence) and not isinstance(question.key, str):
        return ", ".join(question.key)
    return question.key or ""


def _shown(one: Feedback) -> list[str]:
    facility = "" if one.facility is None else f"{one.facility:.0%}"
    return [*(f"{share:.0%}" for share in (one.own, one.mean, one.low, one.high)), facility]


def _rows(name: str, data: bytes) -> list[list[str]]:
    text = sheet_text(name, data)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # Excel in some countries parts cells by semicolons
    try:
        rows = [
            [cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise InputError(f"{name} cannot be read as CSV ({error}); save it again from Excel") from error
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise InputError(f"{name} holds no ratings; use a sheet of `academy exam panel sheet`")
    return [[*row, *([""] * (len(rows[0]) - len(row)))] for row in rows]


def sheet_text(name: str, data: bytes) -> str:
    """The text of a sheet as Excel saves it; :class:`InputError` says how to save one that cannot be read."""
    # Excel in China saves CSV as GBK; "Unicode text" is UTF-16, which its mark tells.
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        f"{name} is no text that can be read: save it in Excel by *Save as*, file type *CSV UTF-8 (comma delimited)*"
    )


def _shares(name: str, judge: str, cells: Sequence[tuple[int, str, str]]) -> Iterator[tuple[str, float]]:
    found = []
    for number, item, cell in cells:
        plain = unicodedata.normalize("NFKC", cell).removesuffix("%").strip()
        if not re.fullmatch(r"\d{1,3}(\.\d+)?", plain) or not float(plain) <= 100:
            raise InputError(
                f"{name}, line {number}: {judge} rates {item} by a percentage from 0 to 100, got "
                f"{f'{cell!r}' if cell else 'nothing'}"
            )
        found.append(float(plain))
        if 0 < float(plain) < 1:
            raise InputError(f"{name}, line {number}: {judge} rates {item} by {plain}; write 70 for 70 %, not 0.7")
        yield item, float(plain) / 100
    if max(found) <= 1:
        raise InputError(f"{name}: no rating of {judge} is above 1 %; write 70 for 70 %, not 0.7")


def _bounds(name: str, judge: str, shares: dict[str, float]) -> Bounds:
    """Hofstee's four values, taken out of the judge's ratings."""
    try:
        return Bounds(*(shares.pop(word) for word in BOUNDS))
    except InputError as error:
        raise InputError(f"{name}, {judge}: {error}") from None
