"""The program that runs inside the sandbox: it executes a candidate's cells and hands out plain values when asked.

Nothing here is a wall: the candidate's code lives in this process and can change all of it. The walls are around the
process, and whoever reads its replies treats them as the candidate's own words.
"""

from __future__ import annotations

import base64
import json
import linecache
import os
import resource
import signal
import socket
import sys
import traceback
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING or __package__:
    from grader import wire
else:  # in the sandbox there is no grader: the codec lies beside this file
    sys.path.append("/engine")
    import wire

__all__: list[str] = []

MIMES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg")


class Recorder:
    """Outputs of one cell in the notebook format, cut when they are too long."""

    def __init__(self, text_limit: int, image_limit: int) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.text_left, self.image_left = text_limit, image_limit
        self.cut = False

    def stream(self, name: str, text: str) -> None:
        text = self._fit(text)
        last = self.outputs[-1] if self.outputs else None
        if text and last and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(text)
        elif text:
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def rich(self, data: dict[str, Any], result: int | None = None) -> None:
        kept: dict[str, str] = {}
        for mime in MIMES:
            value = data.get(mime)
            if isinstance(value, bytes):
                value = base64.b64encode(value).decode()
            if not isinstance(value, str):
                continue
            if mime.startswith("image/"):
                if len(value) <= self.image_left:
                    self.image_left -= len(value)
                    kept[mime] = value
            else:
                kept[mime] = self._fit(value)
        if kept:
            output: dict[str, Any] = {"output_type": "display_data", "data": kept, "metadata": {}}
            self.outputs.append(output if result is None else {**output, "output_type": "execute_result"})

    def error(self, ename: str, evalue: str, lines: list[str]) -> None:
        words = {"ename": ename[:200], "evalue": evalue[:2000], "traceback": [line[:4000] for line in lines[-40:]]}
        self.outputs.append({"output_type": "error", **words})

    def done(self) -> list[dict[str, Any]]:
        for output in self.outputs:
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
        return self.outputs

    def _fit(self, text: str) -> str:
        if len(text) <= self.text_left:
            self.text_left -= len(text)
            return text
        kept, self.text_left = text[: self.text_left], 0
        note = "" if self.cut else "\n[the rest of the output was cut 其余输出已截断]\n"
        self.cut = True
        return kept + note


class Stream:
    """Stands for sys.stdout or sys.stderr while a cell runs."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, recorder: Recorder, name: str) -> None:
        self.recorder, self.name = recorder, name

    def write(self, text: str) -> int:
        self.recorder.stream(self.name, str(text))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False


class Cells:
    """IPython's shell, without history, profile or terminal."""

    def __init__(self, limits: dict[str, Any]) -> None:
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.cache_size = 0
        self.limits = limits
        self.recorder = Recorder(0, 0)
        self.shell: Any = cast(Any, InteractiveShell).instance(config=config)
        self.shell.display_pub.publish = self.publish
        self.shell.display_trap.hook = self.show
        self.shell._showtraceback = self.failed
        self.shell.ask_exit = lambda: None  # exit() ends a cell, not the grading
        # IPython keeps all that is printed for a history that we do not have; a flood would fill the memory with it.
        self.shell._tee = lambda channel: nullcontext()
        self.handles: list[Any] = []

    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        self.recorder.rich(data)

    def failed(self, kind: type, value: BaseException, lines: list[str]) -> None:
        self.recorder.error(kind.__name__, str(value), lines)

    def show(self, value: Any) -> None:
        if value is not None:
            data, _ = self.shell.display_formatter.format(value)
            self.recorder.rich(data, result=1)

    def run(self, code: str) -> list[dict[str, Any]]:
        self.recorder = Recorder(self.limits["text"], self.limits["images"])
        sys.stdout, sys.stderr = (cast(Any, Stream(self.recorder, name)) for name in ("stdout", "stderr"))
        signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, self.limits["cell_s"])
        try:
            self.shell.run_cell(code, store_history=False)
        except BaseException as error:  # a cell may break IPython itself
            self.recorder.error(type(error).__name__, str(error), traceback.format_exception_only(error))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        return self.recorder.done()

    def forget(self, names: dict[str, Any]) -> None:
        """Leave nothing of the cells so far but what they have loaded; ``names`` is the namespace from before."""
        self.shell.user_ns.clear()
        self.shell.user_ns.update(names)
        self.shell.last_execution_result, self.shell.last_execution_succeeded = None, True
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)
        self.recorder = Recorder(0, 0)
        self.handles.clear()
        linecache.clearcache()

    def get(self, name: str) -> dict[str, Any]:
        names = self.shell.user_ns
        hidden = self.shell.user_ns_hidden
        if name not in names or (name in hidden and names[name] is hidden[name]):
            return {"missing": True}
        return {"value": self.encode(names[name])}

    def call(self, handle: int, args: Any, keywords: Any) -> dict[str, Any]:
        try:
            stand = self.module
            positional = [wire.decode(arg, stand) for arg in args]
            named = {key: wire.decode(value, stand) for key, value in keywords.items()}
            value = self.handles[handle](*positional, **named)
        except Exception as error:  # whatever the candidate's function raises belongs to the test
            return {"raised": [type(error).__name__, str(error)[:2000]]}
        return {"value": self.encode(value)}

    def encode(self, value: Any) -> Any:
        return wire.encode(value, self.keep)

    def keep(self, value: Any) -> int:
        self.handles.append(value)
        return len(self.handles) - 1

    def module(self, number: int | None, name: str, function: bool) -> ModuleType:
        raise wire.WireError(f"{name} cannot be handed to the candidate's function")


def too_long(*_: Any) -> None:
    raise TimeoutError("the cell ran longer than the grader waits 单元格运行超时")


def answer(cells: Cells, request: dict[str, Any]) -> dict[str, Any]:
    if request["do"] == "run":
        return {"outputs": cells.run(request["code"])}
    if request["do"] == "get":
        return cells.get(request["name"])
    return cells.call(request["handle"], request["args"], request["keywords"])


def reseed() -> None:
    """Give a fork a random state of its own; Python's `random` sees to itself."""
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def serve(line: socket.socket, reader: BinaryIO, first: dict[str, Any], cells: Cells) -> None:
    """Write the files of the submission, then answer until the grader closes the line."""
    for name, data in first["files"].items():
        path = Path.cwd() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data))
    cells.limits = first["limits"]
    sys.path.append(str(Path.cwd()))  # last: a numpy.py beside the notebook must not stand before numpy
    line.sendall(b'{"ready": true}\n')
    for text in reader:
        try:
            reply = json.dumps(answer(cells, json.loads(text))).encode()
            if len(reply) > first["limits"]["reply"]:
                raise ValueError(f"{len(reply) / 1e6:.0f} MB are too long for a test")
        except BaseException as error:  # the candidate may have broken anything: say so, go on
            reply = json.dumps({"refused": f"{type(error).__name__}: {str(error)[:500]}"}).encode()
        line.sendall(reply + b"\n")


def main() -> None:
    """One candidate in a bubblewrap of his own."""
    line = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(line.fileno(), False)
    reader = line.makefile("rb")
    first = json.loads(reader.readline())
    for name, most in first["kernel"].items():
        resource.setrlimit(getattr(resource, name), (most, most))
    serve(line, reader, first, Cells(first["limits"]))


if __name__ == "__main__":
    main()
