"""GIFT, Moodle's plain-text format: choices, several right, numbers, pairs and essays; no order, no rubric."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.errors import Problem
from grader.exchange.carried import Carried, Choice, Read, Written
from grader.exchange.markup import left_out, markdown

__all__ = ["read", "write"]

SPECIAL = re.compile(r"([~=#{}:\\])")
META = re.compile(r"\[(id|tag):([^\]]*)\]")
SIGNS = "=~"
NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"


def write(questions: Sequence[Carried], language: str) -> Written:
    """All questions that GIFT can hold, as one UTF-8 text."""
    blocks, left = [f"// {language}"], {}
    for one in questions:
        lost = tuple(_lost(one))
        if lost:
            left[one.name] = lost
        if one.kind != "order":
            blocks.append(_block(one))
    return Written(("\n\n".join(blocks) + "\n").encode(), left)


def _lost(one: Carried) -> Iterator[str]:
    if one.kind == "order":
        yield "left out: GIFT has no questions of order"
        return
    if one.unit:
        yield f"the unit ({one.unit}); it stands in the text only"
    if one.rubric:
        yield "the rubric; it is lost"
    if one.samples:
        yield "the sample answers; they are lost"
    if one.points != 1:
        yield f"the points ({one.points:g}); set them in the quiz"


def _block(one: Carried) -> str:
    tags = "".join(f" [tag:{key} {_tag(value)}]" for key, value in one.tags.items())
    return f"// [id:{one.name}]{tags}\n::{_plain(one.name)}::[markdown]{_plain(one.stem)} {{\n{_answers(one)}}}"


def _answers(one: Carried) -> str:
    rows = []
    right = sum(choice.right for choice in one.choices)
    for choice in one.choices:
        if one.kind == "choice":
            mark = "=" if choice.right else "~"
        else:
            mark = f"~%{100 / right if choice.right else -100 / right:.5f}%".replace(".00000", "")
        rows.append(f"{mark}{_plain(choice.text)}" + (f"#{_plain(choice.reason)}" if choice.reason else ""))
    rows += [f"={_plain(one_side)} -> {_plain(other)}" for one_side, other in one.pairs]
    if one.kind == "number":
        rows.append(f"#{one.key!r}:{one.tolerance!r}")
    if one.reason:
        rows.append(f"####{_plain(one.reason)}")
    return "".join(f"{row}\n" for row in rows)


def _plain(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text).replace("\n", "\\n")


def _tag(text: str) -> str:
    return text.replace("]", ")").replace("[", "(")


# --- reading ----------------------------------------------------------------------------------------------------------


def read(data: bytes, name: str) -> Read:
    """Every question of a GIFT file that an item can hold; the others are named."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        problem = Problem(f"{name}:{line}", "the file must be UTF-8 text, this line is not; save it as UTF-8")
        return Read((), (problem,))
    questions: list[Carried] = []
    problems: list[Problem] = []
    for line, block, meta in _blocks(text.replace("\r\n", "\n")):
        try:
            one = replace(_question(block, meta, len(questions) + 1), line=line)
            questions.append(one)
            if "[html]" in block:
                problems += left_out(block, one.name, f"{name}:{line}")
        except ValueError as error:
            problems.append(Problem(f"{name}:{line}", str(error)))
    return Read(tuple(questions), tuple(problems))


def _blocks(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, text and comment of each question: a question ends at an empty line."""
    rows: list[str] = []
    meta, first = "", 0
    for number, row in enumerate([*text.split("\n"), ""], start=1):
        plain = row.strip()
        if plain.startswith("//"):
            meta += plain
        elif plain.startswith("$CATEGORY:"):
            meta = ""
        elif plain:
            first = first or number
            rows.append(row)
        elif rows:
            yield first, "\n".join(rows), meta
            rows, meta, first = [], "", 0


def _question(block: str, meta: str, place: int) -> Carried:
    title = re.match(r"\s*::((?:\\.|[^\\])*?)::", block, re.S)
    rest = block[title.end() :] if title else block
    opens, closes = _brace(rest, "{", 0), _brace(rest, "}", 0)
    if opens is None:
        raise ValueError("the question has no answers; write them between { and }")
    if closes is None or closes < opens:
        raise ValueError("the answers begin with { and have no } at their end; close them")
    if _brace(rest, "{", opens + 1) is not None:
        raise ValueError("the question has a second {; write a brace of the text as \\{")
    before, inside, after = rest[:opens], rest[opens + 1 : closes], rest[closes + 1 :]
    form, stem = _format(before)
    if after.strip():
        stem = f"{stem.strip()} _____ {_text(after).strip()}"
    found = META.findall(meta)
    tags = dict(([*value.split(" ", 1), ""])[:2] for key, value in found if key == "tag")
    own = next((value for key, value in found if key == "id"), _text(title[1]) if title else f"question-{place}")
    made = _typed(Carried(own, "text", stem.strip(), tags=tags), inside.strip())
    return _converted(made) if form == "html" else made


def _converted(one: Carried) -> Carried:
    def plain(text: str) -> str:
        return markdown(text)[0]

    return replace(
        one,
        stem=plain(one.stem),
        choices=tuple(Choice(plain(each.text), each.right, plain(each.reason)) for each in one.choices),
        pairs=tuple((plain(left), plain(right)) for left, right in one.pairs),
        reason=plain(one.reason),
    )


def _typed(base: Carried, inside: str) -> Carried:
    inside, _, general = _split_general(inside)
    base = replace(base, reason=_text(general).strip())
    if not inside:
        return base
    if inside.startswith("#"):
        return _number(base, inside[1:].strip())
    if re.fullmatch(r"(?i)T|F|TRUE|FALSE", inside.split("#")[0].strip()):
        raise ValueError("a true/false question has no place in the bank; write a choice of three options or more")
    rows = _rows(inside)
    if any("->" in text for _, text in rows):
        return replace(base, kind="match", pairs=tuple(_pair(text) for _, text in rows))
    if all(sign == "=" for sign, _ in rows):
        raise ValueError("a question with a typed word as its answer has no place in the bank; write a choice")
    options, shares = [], []
    for sign, text in rows:
        found = re.match(r"\s*%(-?\d+(?:\.\d+)?)%", text)
        share = float(found[1]) if found else 100.0 if sign == "=" else 0.0
        said, _, reason = _cut(text[found.end() :] if found else text, "#")
        options.append(Choice(_format(said)[1].strip(), share > 0, _text(reason).strip()))
        shares.append(share)
    kind = "choice" if sum(share > 0 for share in shares) == 1 else "multi"
    return replace(base, kind=kind, choices=tuple(options))


def _number(base: Carried, inside: str) -> Carried:
    value, _, reason = _cut(inside.removeprefix("="), "#")
    plain = value.strip()
    if found := re.fullmatch(rf"({NUMBER})(?::({NUMBER}))?", plain):
        key, tolerance = float(found[1]), float(found[2] or 0)
    elif found := re.fullmatch(rf"({NUMBER})\.\.({NUMBER})", plain):
        low, high = float(found[1]), float(found[2])
        key, tolerance = (low + high) / 2, (high - low) / 2
    else:
        raise ValueError(f"a number must be written 40, 40:0.5 or 39..41, got {plain[:40]!r}")
    return replace(base, kind="number", key=key, tolerance=tolerance, reason=base.reason or _text(reason).strip())


def _pair(text: str) -> tuple[str, str]:
    left, sign, right = text.partition("->")
    if not sign:
        raise ValueError("every answer of a match must be `=left -> right`, one of them is not")
    return _format(left)[1].strip(), _text(right).strip()


def _rows(inside: str) -> list[tuple[str, str]]:
    """Sign and text of each answer."""
    starts = [place for place, sign in _free(inside) if sign in SIGNS]
    if not starts or inside[: starts[0]].strip():
        raise ValueError("each answer must begin with = (right) or ~ (wrong)")
    ends = [*starts[1:], len(inside)]
    return [(inside[start], inside[start + 1 : end]) for start, end in zip(starts, ends, strict=True)]


def _free(text: str) -> Iterator[tuple[int, str]]:
    """Place and sign of every character without a backslash before it."""
    place = 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        yield place, text[place]
        place += 1


def _brace(text: str, sign: str, start: int) -> int | None:
    return next((place for place, found in _free(text) if found == sign and place >= start), None)


def _cut(text: str, sign: str) -> tuple[str, str, str]:
    place = _brace(text, sign, 0)
    return (text, "", "") if place is None else (text[:place], sign, text[place + 1 :])


def _split_general(inside: str) -> tuple[str, str, str]:
    hashes = [place for place, sign in _free(inside) if sign == "#"]
    for place in hashes:
        if inside[place : place + 4] == "####":
            return inside[:place].strip(), "####", inside[place + 4 :]
    return inside, "", ""


def _format(text: str) -> tuple[str, str]:
    found = re.match(r"\s*\[(html|moodle|plain|markdown)\]", text)
    return (found[1] if found else "markdown"), _text(text[found.end() :] if found else text)


def _text(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text, flags=re.S)
