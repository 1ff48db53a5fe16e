"""Where the trainer's tests are run: their names, what stands for the candidate's values, the verdict on each cell."""

from __future__ import annotations

import ast
import builtins
import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, NoReturn

from grader import wire

__all__ = ["Ask", "Bench", "Reply", "Verdict", "check", "give"]

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Reply = Mapping[str, Any]
# What a name of the candidate's may mean when it is a module; the trainer's own cells add theirs.
_MODULES = {"ccskills", "collections", "datetime", "decimal", "fractions", "functools", "itertools", "json", "math"}
_MODULES |= {"matplotlib", "numpy", "operator", "pandas", "random", "re", "scipy", "statistics", "string"}


# Short names that everybody uses: no other module answers to them, nor to the name of a module that tests may use.
_ALIASES = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "mpl": "matplotlib", "sp": "scipy"}
_ALIASES |= {"dt": "datetime"}


@dataclass(frozen=True)
class Verdict:
    """What became of a test cell: ``passed``, ``failed``, ``score`` (partial credit), ``unjudged`` (its own fault)."""

    state: str
    score: float | None = None
    ename: str = ""
    sentence: str = ""


class _Wall(BaseException):
    """The candidate's program is gone or its value cannot cross: no ``except Exception`` of a test may swallow it."""


class _Remote:
    """What stands for a value of the candidate's that is no plain data: it may be called, and nothing else."""

    def __init__(self, bench: Bench, number: int, kind: str, name: str) -> None:
        self.__dict__["_words"] = (bench, number, kind, name)

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        """Call the candidate's function with plain values; its plain result comes back."""
        bench, number, _, name = self.__dict__["_words"]
        return bench.call(number, name, args, keywords)

    def __repr__(self) -> str:
        return f"<{self.__dict__['_words'][3]} of the candidate>"

    def _refuse(self, *_: Any) -> NoReturn:
        kind, name = self.__dict__["_words"][2:]
        raise _Wall(f"{name} is of the kind {kind!r}: only numbers, text, lists, tables and functions can be tested")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __bool__ = __len__ = __iter__ = __contains__ = __getitem__ = __getattr__ = _refuse
    __float__ = __int__ = __index__ = __complex__ = __neg__ = __abs__ = __round__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __hash__ = _refuse


class _Names(dict[str, Any]):
    """The namespace of one test cell: its own names, Python's, the trainer's, then the candidate's."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self.bench = bench

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            return getattr(builtins, name)
        for trusted in (self.bench.given, self.bench.defined):
            if name in trusted:
                return trusted[name]
        return self.bench.look_up(name)


class Bench:
    """Where tests are run: the names given by the trainer, those left by earlier tests, the line to the grader."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.modules = ask, set(_MODULES)
        self.given, self.left = _Names(self), {}  # type: _Names, dict[str, Any]
        self.defined: dict[str, Any] = {}  # what earlier tests define; the candidate cannot replace it

    def keep(self, names: Mapping[str, Any]) -> None:
        """Remember what a test cell leaves, whether it passed or not."""
        left = {name: item for name, item in names.items() if not name.startswith("__")}
        kinds = (FunctionType, ModuleType, type)
        self.defined |= {name: item for name, item in left.items() if isinstance(item, kinds)}
        self.left |= left

    def look_up(self, name: str) -> Any:
        reply = self.ask({"do": "get", "name": name})
        if "value" in reply:
            return self.decode(name, reply["value"])
        if "missing" not in reply:
            raise _Wall(str(reply.get("ended") or f"{name} cannot cross to the test: {reply.get('refused')}"))
        if name in self.left:
            return self.left[name]
        raise NameError(f"name {name!r} is not defined")

    def call(self, number: int, name: str, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        def keep(value: Any) -> NoReturn:
            raise _Wall(f"the test hands {type(value).__name__} to {name}, which cannot cross the wall yet")

        wires = {"args": [wire.encode(arg, keep) for arg in args]}
        named = {key: wire.encode(value, keep) for key, value in keywords.items()}
        reply = self.ask({"do": "call", "handle": number, **wires, "keywords": named})
        if "value" in reply:
            return self.decode(f"the result of {name}", reply["value"])
        if isinstance(reply.get("raised"), list):
            kind = getattr(builtins, str(reply["raised"][0]), None)
            if not (isinstance(kind, type) and issubclass(kind, Exception)):
                kind = RuntimeError
            raise kind(f"{name} raised {reply['raised'][0]}: {str(reply['raised'][1])[:500]}")
        raise _Wall(str(reply.get("ended") or f"the result of {name} cannot cross to the test: {reply.get('refused')}"))

    def decode(self, name: str, value: Any) -> Any:
        def stand(number: int | None, kind: str, function: bool) -> Any:
            return self.module(name, kind) if number is None else _Remote(self, number, kind, name)

        try:
            return wire.decode(value, stand)
        except (wire.WireError, RecursionError, MemoryError) as error:
            raise _Wall(f"{name}: {error}") from None

    def module(self, name: str, dotted: str) -> ModuleType:
        """The judge's own module for one of the candidate's, when it goes by its usual name."""
        if dotted.partition(".")[0] not in self.modules:
            raise _Wall(f"the module {dotted} is not one that a test may use")
        if dotted != _ALIASES.get(name, dotted) or (name in self.modules and name != dotted):
            raise _Wall(f"{name} stands for the module {dotted} here, and not for the one that goes by that name")
        return importlib.import_module(dotted)


def give(bench: Bench, source: str) -> None:
    """Run the imports, definitions and CONSTANTS of a read-only cell; what fails is left to the sandbox."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    for node in (node for node in _parse(source).body if isinstance(node, kinds) or _is_constant(node)):
        bench.modules |= _imported(node)
        try:
            exec(compile(ast.Module([node], []), "<given>", "exec"), bench.given)
        except Exception:
            continue


def _is_constant(node: ast.stmt) -> bool:
    """Whether a line gives literal values to names in capitals."""
    if not isinstance(node, ast.Assign):
        return False
    if not all(isinstance(target, ast.Name) and target.id.isupper() for target in node.targets):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _parse(source: str) -> ast.Module:
    """The cell's syntax; empty for a cell with magics, which only IPython understands."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def _imported(node: ast.AST) -> set[str]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
    return {name.partition(".")[0] for name in names}


def check(bench: Bench, source: str, points: float) -> Verdict:
    """Run one test cell; the value of its last expression may be the points that it gives."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        why = f"the test cell is no plain Python: {error.msg}, line {error.lineno}"
        return Verdict("unjudged", None, "SyntaxError", why)
    if not tree.body:
        return Verdict("unjudged", None, "EmptyTest", "the test cell is empty: nothing was tested")
    for node in ast.walk(tree):
        bench.modules |= _imported(node)
    names, value = _Names(bench), None
    try:
        last = tree.body[-1]
        if isinstance(last, ast.Expr) and not source.rstrip().endswith(";"):
            exec(compile(ast.Module(tree.body[:-1], []), "<test>", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "<test>", "eval"), names)
        else:
            exec(compile(tree, "<test>", "exec"), names)
    except (Exception, _Wall, SystemExit) as error:
        return _failed(error, source)
    finally:
        bench.keep(names)
    return _scored(value, points)


def _scored(value: Any, points: float) -> Verdict:
    if isinstance(value, bool) or type(value).__name__ == "bool":  # numpy's too
        false = Verdict("failed", None, "AssertionError", "the test's last value is False")
        return Verdict("passed") if value else false
    try:
        number = None if isinstance(value, (str, bytes, _Remote)) else float(value)
    except (TypeError, ValueError):
        number = None
    if number is None:
        return Verdict("passed")
    if not 0 <= number <= points:
        return Verdict("unjudged", None, "ValueError", f"the test gives {number:g} of {points:g} points")
    return Verdict("score", number)


def _failed(error: BaseException, source: str) -> Verdict:
    """The sentence for the marker: the assertion's own, or else the line that does not hold."""
    ename = "CannotCross" if isinstance(error, _Wall) else type(error).__name__
    try:
        sentence = str(error)[:2000]
    except Exception:  # the text of an error may hold a candidate's value that refuses to be shown
        sentence = ""
    at, line = error.__traceback__, None
    while at is not None:
        line = at.tb_lineno if at.tb_frame.f_code.co_filename == "<test>" else line
        at = at.tb_next
    lines = source.splitlines()
    if not sentence and line is not None and line <= len(lines):
        sentence = f"does not hold: {lines[line - 1].strip()}"
    return Verdict("failed", None, ename, sentence)
