"""Runs the trainer's tests in a trusted process that asks the sandbox for values; it sees no file of the candidate.

Run as a program it is that process: tests arrive on its standard input, verdicts leave on its standard output.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NoReturn

from grader import wire

__all__ = ["Judge", "Verdict"]

Ask = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Reply = Mapping[str, Any]
# What a name of the candidate's may mean when it is a module; the trainer's own cells add theirs.
_MODULES = {"ccskills", "collections", "datetime", "decimal", "fractions", "functools", "itertools", "json", "math"}
_MODULES |= {"matplotlib", "numpy", "operator", "pandas", "random", "re", "scipy", "statistics", "string"}


@dataclass(frozen=True)
class Verdict:
    """What became of a test cell: ``passed``, ``failed``, ``score`` (partial credit), ``unjudged`` (its own fault)."""

    state: str
    score: float | None = None
    ename: str = ""
    sentence: str = ""


class Judge:
    """The process that holds the tests; close it, or use it in a ``with``.

    ``data`` is its working folder: the data files as the exam office issued them, never the candidate's. ``ask``
    carries its questions to the sandbox (``{"do": "get", "name": ...}``) and brings the replies.
    """

    def __init__(self, data: Path, ask: Ask, limit_s: float = 60.0) -> None:
        self._data, self._ask, self._limit_s = data, ask, limit_s
        self._given: list[str] = []
        self._start()

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def give(self, source: str) -> None:
        """Define what a read-only cell of the trainer's imports and defines: the candidate cannot replace it."""
        self._given.append(source)
        self._exchange({"give": source})

    def check(self, source: str, points: float) -> Verdict:
        """Run one test cell that is worth ``points``."""
        reply = self._exchange({"test": source, "points": points})
        if reply is not None:
            return Verdict(**{key: reply[key] for key in ("state", "score", "ename", "sentence")})
        self.close()  # the candidate's values were too much for the test; the next test gets a fresh process
        self._start()
        for given in self._given:
            self._exchange({"give": given})
        return Verdict("failed", None, "TimeoutError", "the test ran longer than the grader waits, or out of memory")

    def close(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _start(self) -> None:
        root = str(Path(__file__).resolve().parent.parent)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MPL"))}
        self._buffer = b""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", "grader.judge"],
            cwd=self._data,
            env={**environment, "PYTHONPATH": root, "MPLBACKEND": "agg"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _exchange(self, message: Mapping[str, Any]) -> Reply | None:
        """Send one message and answer the questions of the process until its reply; None when it is late or gone."""
        until = time.monotonic() + self._limit_s
        question = message
        while True:
            try:
                self._write(question)
                reply = self._read(until)
            except (BrokenPipeError, TimeoutError, EOFError, RecursionError):
                return None
            if "ask" not in reply:
                return reply
            began = time.monotonic()
            question = self._ask(reply["ask"])
            until += time.monotonic() - began  # the sandbox has its own clock

    def _write(self, message: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _read(self, until: float) -> Reply:
        assert self._process.stdout is not None
        while b"\n" not in self._buffer:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise TimeoutError
            chunk = os.read(self._process.stdout.fileno(), 1 << 20)
            if not chunk:
                raise EOFError
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        found: Reply = json.loads(line)
        return found


# --- inside the process -----------------------------------------------------------------------------------------------


class _Wall(BaseException):
    """The candidate's program is gone or its value cannot cross: no ``except Exception`` of a test may swallow it."""


class Remote:
    """What stands for a value of the candidate's that is no plain data: it may be called, and nothing else."""

    def __init__(self, bench: _Bench, number: int, kind: str, name: str) -> None:
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

    def __init__(self, bench: _Bench) -> None:
        super().__init__(__name__="__main__", __builtins__=builtins)
        self.bench = bench

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):
            return getattr(builtins, name)
        if name in self.bench.given:
            return self.bench.given[name]
        return self.bench.look_up(name)


class _Bench:
    """Where tests are run: the names given by the trainer, those left by earlier tests, the line to the grader."""

    def __init__(self, ask: Ask) -> None:
        self.ask, self.modules = ask, set(_MODULES)
        self.given, self.left = _Names(self), {}  # type: _Names, dict[str, Any]

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
            return self.module(kind) if number is None else Remote(self, number, kind, name)

        try:
            return wire.decode(value, stand)
        except (wire.WireError, RecursionError, MemoryError) as error:
            raise _Wall(f"{name}: {error}") from None

    def module(self, name: str) -> ModuleType:
        if name.partition(".")[0] not in self.modules:
            raise _Wall(f"the module {name} is not one that a test may use")
        return importlib.import_module(name)


def _give(bench: _Bench, source: str) -> None:
    """Run the imports and definitions of a read-only cell; what fails is left to the sandbox."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    for node in (node for node in _parse(source).body if isinstance(node, kinds)):
        bench.modules |= _imported(node)
        try:
            exec(compile(ast.Module([node], []), "<given>", "exec"), bench.given)
        except Exception:
            continue


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


def _test(bench: _Bench, source: str, points: float) -> Verdict:
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
    bench.left |= {name: item for name, item in names.items() if not name.startswith("__")}
    return _scored(value, points)


def _scored(value: Any, points: float) -> Verdict:
    if isinstance(value, bool) or type(value).__name__ == "bool":  # numpy's too
        false = Verdict("failed", None, "AssertionError", "the test's last value is False")
        return Verdict("passed") if value else false
    try:
        number = None if isinstance(value, (str, bytes, Remote)) else float(value)
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


def _words(verdict: Verdict) -> dict[str, Any]:
    return {name: getattr(verdict, name) for name in ("state", "score", "ename", "sentence")}


def main() -> None:
    """Serve the grader until it closes the line; what tests print goes nowhere."""
    asks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    warnings.simplefilter("ignore")  # a warning must not cost a mark

    def send(message: Mapping[str, Any]) -> None:
        answers.write(json.dumps(message).encode() + b"\n")
        answers.flush()

    def ask(question: Mapping[str, Any]) -> Reply:
        send({"ask": question})
        reply: Reply = json.loads(asks.readline())
        return reply

    sys.path.append(str(Path.cwd()))  # helper modules of the trainer; nothing of the candidate lies here
    bench = _Bench(ask)
    for line in asks:
        message = json.loads(line)
        if "give" in message:
            _give(bench, message["give"])
            send({})
        else:
            send(_words(_test(bench, message["test"], message["points"])))


if __name__ == "__main__":
    main()
