"""Every English sentence that `academy` can say, read out of the code as templates with named holes."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.commands import parser

__all__ = ["ROOT", "Said", "helps", "sentences", "template"]

ROOT = Path(__file__).parents[2]
_WORDS = re.compile(r"[A-Za-z][a-z']+")
_NO_SENTENCE = re.compile(
    r"^(SELECT|INSERT|CREATE|PRAGMA|DELETE|UPDATE|DROP|WITH|BEGIN)\b|^\s*(?:[<(\\^]|{{)|var\(|=> |\(\?|;}|--[a-z-]+: "
)
_CHINESE = re.compile("[\u4e00-\u9fff]")
_BESIDE = re.compile(r"{\w+(!r)?}{\w+}")
_NO_ANSWERS = ("add_parser", "add_argument", "add_argument_group", "step", "compile")


@dataclass
class Said:
    """A sentence of the code."""

    key: str
    where: str
    must: bool = True
    """Whether it surely reaches the reader: raised, or in a command; others may be parts of one, or of a page."""


# --- templates --------------------------------------------------------------------------------------------------------


class _Holes:
    """The names that the holes of one sentence get: short, from the code, none twice."""

    def __init__(self, parts: Mapping[str, ast.expr] | None = None) -> None:
        self.named: dict[str, str] = {}
        self.parts = parts or {}

    def name(self, node: ast.expr) -> str:
        text = ast.unparse(node)
        if text not in self.named:
            base = _base(node)
            count, name = 1, base
            while name in self.named.values():
                count += 1
                name = f"{base}{count}"
            self.named[text] = name
        return self.named[text]


def _base(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name.strip("_").lower()
        case ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(slice=ast.Constant(value=str(name))) if name.isidentifier():
            return name.lower()
        case ast.Subscript(value=inner) | ast.Starred(value=inner) | ast.UnaryOp(operand=inner):
            return _base(inner)
        case ast.BinOp(left=left, right=right):
            return _base(right if isinstance(left, ast.Constant) else left)
        case ast.Compare(left=left):
            return _base(left)
        case ast.BoolOp(values=[first, *_]):
            return _base(first)
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name
        case ast.Call(func=ast.Attribute(attr="join"), args=[inner]):
            return _base(inner)
        case ast.Call(args=[first, *_]) if not isinstance(first, ast.Constant):
            return _base(first)
        case ast.Call(func=func):
            return _base(func)
        case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element):
            return _base(element)
    return "it"


def template(node: ast.expr, holes: _Holes) -> str | None:
    """The template of an expression that builds text; None when it is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text.replace("{", "{{").replace("}", "}}")
        case ast.JoinedStr(values=parts):
            return "".join(_part(part, holes) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            first, second = template(left, holes), template(right, holes)
            if first is None and second is None:
                return None
            return (first if first is not None else _hole(left, holes)) + (
                second if second is not None else _hole(right, holes)
            )
        case ast.IfExp(test=test, body=body, orelse=other):
            first, second = template(body, holes), template(other, holes)
            if first is None and second is None:
                return None
            left = first if first is not None else _hole(body, holes)
            right = second if second is not None else _hole(other, holes)
            return f"{{{holes.name(test)}?{left}|{right}}}"
        case ast.BoolOp(op=ast.Or(), values=[first, ast.Constant(value=str(second))]):
            return f"{{{holes.name(node)}?{second}|{_hole(first, holes)}}}"
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "rstrip")):
            return template(inner, holes)
        case ast.Call(func=ast.Name(id="many"), args=[count, ast.Constant(value=str(noun)), *more]):
            plural = more[0].value if more and isinstance(more[0], ast.Constant) else f"{noun}s"
            return f"{{{holes.name(count)}#{noun}|{plural}}}"
    return None


def _part(node: ast.expr, holes: _Holes) -> str:
    if isinstance(node, ast.FormattedValue):
        value = node.value
        inner = template(holes.parts.get(value.id, value) if isinstance(value, ast.Name) else value, holes)
        if inner is not None and not isinstance(node.value, ast.Constant):
            return inner
        return _hole(node.value, holes, quoted=node.conversion == ord("r"))
    return template(node, holes) or ""


def _hole(node: ast.expr, holes: _Holes, *, quoted: bool = False) -> str:
    return f"{{{holes.name(node)}{'!r' if quoted else ''}}}"


# --- where they stand -------------------------------------------------------------------------------------------------

FAULTS = {
    "AcademyError", "InputError", "ItemError", "LessonError", "RulesError", "RosterError", "MissingToolError",
    "RoomError", "GradingError", "RuleBroken", "RegistryError", "Problem", "ArgumentTypeError",
}  # fmt: skip
WIDE = (
    "authoring", "autograde", "bank", "centre.py", "certificates", "certify", "commands", "decisions.py", "demo",
    "exams", "exchange", "forms", "ladder", "launch", "lessons", "marking", "model", "nbcourse", "notebooks.py",
    "people", "practice.py", "psychometrics", "rules", "sandbox", "seats", "store", "upkeep",
)  # fmt: skip


def sentences() -> Iterator[Said]:
    """Every sentence of faults, problems and answers."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        inside = path.relative_to(ROOT / "grader")
        if inside.parts[:2] == ("commands", "zh"):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        wide = inside.parts[0] in WIDE
        yield from _of(tree, str(inside), wide)


def _of(tree: ast.Module, where: str, wide: bool) -> Iterator[Said]:
    skip: set[int] = set()
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skip.add(id(node.value))  # a docstring
        if isinstance(node, ast.Call):
            name = _called(node)
            if name in _NO_ANSWERS or any(word.arg == "zh" for word in node.keywords):
                skip |= {id(one) for one in ast.walk(node)}
        pair = [child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.Constant, ast.JoinedStr))]
        if pair and not isinstance(node, ast.JoinedStr) and any(_has_chinese(child) for child in pair):
            skip |= {id(one) for child in pair if len(pair) > 1 or _is_chinese(child) for one in ast.walk(child)}
    door = where.startswith("commands")
    around = _functions(nodes)
    for node in nodes:
        if id(node) in skip:
            continue
        if isinstance(node, ast.Call) and _called(node) in FAULTS:
            if any(word.arg == "zh" for word in node.keywords):
                continue
            args = node.args[1:] if _called(node) == "Problem" else node.args[:1]
            for arg in args:
                yield from _said(arg, where, skip, around, True)
        elif wide and isinstance(node, (ast.JoinedStr, ast.Constant, ast.BinOp, ast.IfExp)):
            least = 3 if isinstance(node, ast.Constant) else 1
            if _sentence(node, least):
                yield from _said(node, where, skip, around, door)


def _has_chinese(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):  # most are, and a text needs no writing out to be looked at
        return isinstance(node.value, str) and bool(_CHINESE.search(node.value))
    return bool(_CHINESE.search(ast.unparse(node)))


def _is_chinese(node: ast.expr) -> bool:
    text = ast.unparse(node)
    return len(_CHINESE.findall(text)) > len(_WORDS.findall(text))


def _own(key: str) -> str:
    """The words of a template's own: what is not in its holes, and the nouns of what it counts."""
    return re.sub(r"{[^{}?]*}", " ", re.sub(r"{\w+#([^{}|]*)\|[^{}]*}", r"\1", key))


def _functions(nodes: list[ast.AST]) -> Mapping[int, Mapping[str, ast.expr]]:
    """For every node inside a function: the names that are given a value there once."""
    around: dict[int, Mapping[str, ast.expr]] = {}
    for function in nodes:
        if isinstance(function, ast.FunctionDef):
            inside = list(ast.walk(function))
            given = [one for one in inside if isinstance(one, (ast.Assign, ast.AugAssign))]
            names = [
                target.id
                for one in given
                for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
                if isinstance(target, ast.Name)
            ]
            once = {
                one.targets[0].id: one.value
                for one in given
                if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
                if names.count(one.targets[0].id) == 1
            }
            around |= {id(node): once for node in inside}
    return around


def _said(
    node: ast.expr, where: str, skip: set[int], around: Mapping[int, Mapping[str, ast.expr]], must: bool
) -> Iterator[Said]:
    key = template(node, _Holes())
    if key is not None and _BESIDE.search(key):
        # Two holes side by side cannot be told apart: what was put together before the sentence is read in.
        key = template(node, _Holes(around.get(id(node))))
    if key is None or id(node) in skip:
        return
    skip |= {id(one) for one in ast.walk(node)}
    for line in _lines(key):
        if re.search("[a-z]{2}", _own(line)):
            yield Said(line.strip(), f"{where}:{node.lineno}", must)


def _lines(key: str) -> list[str]:
    """The lines of a template; one whose choice holds a line break stays whole."""
    lines = key.split("\n")
    return lines if all(line.count("{") == line.count("}") for line in lines) else [key]


def _sentence(node: ast.expr, least: int) -> bool:
    key = template(node, _Holes()) or ""
    plain = _own(key)
    return len(_WORDS.findall(plain)) >= least and " " in key.strip() and not _NO_SENTENCE.search(key)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def helps(root: argparse.ArgumentParser | None = None) -> Iterator[Said]:
    """Every text of `--help`."""
    root = root or parser()
    for text in (root.description, root.epilog):
        if text:
            yield Said(text, root.prog)
    for group in root._action_groups:
        for text in (group.title, group.description):
            if text:
                yield Said(text, root.prog)
    for action in root._actions:
        if action.help and action.help != argparse.SUPPRESS:
            yield Said(action.help, f"{root.prog} {action.dest}")
        if isinstance(action, argparse._SubParsersAction):
            for choice in action._choices_actions:
                if choice.help:
                    yield Said(choice.help, f"{root.prog} {choice.dest}")
            for child in action.choices.values():
                yield from helps(child)
