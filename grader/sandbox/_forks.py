"""The warm server inside bubblewrap: everything is imported, and each submission is a fork behind walls of its own.

The server runs no candidate's code and reads none: a child reads its files and cells from a line of its own. What the
server learns, every later child would find in its memory; so it learns nothing.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import warnings
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING or __package__:
    from grader.pages import use_large_pages
    from grader.sandbox import _figures, _inside
    from grader.sandbox._nest import Nest
else:  # in the sandbox there is no grader: the programs lie beside this file
    sys.path.append("/engine")
    import _figures
    import _inside
    from _nest import Nest
    from pages import use_large_pages

__all__: list[str] = []

WARMING = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nnp.random.seed()",
    "calls = pd.DataFrame({'hour': pd.date_range('2026-01-05', periods=4, freq='h'), 'calls': [1.5, 2, 3, 4]})\ncalls",
    "calls.groupby(calls['hour'].dt.hour)['calls'].sum()",
    "plt.plot(calls['hour'], calls['calls'], label='calls')\nplt.title('0')\nplt.legend()\nplt.show()",
    "plt.bar(['a', 'b'], [1, 2])\nplt.show()",
    "calls.set_index('hour')['calls'].plot(title='0')\nplt.show()",
    "calls.set_index('hour').resample('D').sum()",
    "def fails():\n    return 1 / 0\n\n\nfails()",
    "assert False, 'warm'",
    "1 +",
)


def warm() -> _inside.Cells:
    """A shell whose libraries, first plots and first tracebacks are behind it; nothing of them is left in its names."""
    cells = _inside.Cells({"text": 10_000, "images": 10_000_000, "cell_s": 60})
    names = dict(cells.shell.user_ns)
    with suppress(ImportError):  # a course may do without the library
        library = import_module("ccskills")
        for module in dir(library):
            with suppress(ImportError):  # a part whose extra is not installed
                getattr(library, module)
    for code in WARMING:
        cells.run(code)
    # Not before: the first plot enters IPython's own.
    figure = sys.modules["matplotlib.figure"].Figure
    cells.shell.display_formatter.formatters["image/png"].for_type(figure, _figures.png)
    cells.forget(names)
    return cells


def serve(control: socket.socket, nest: Nest, cells: _inside.Cells) -> None:
    """Fork a child for each line that the grader sends, and send back a handle by which it can be ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    while True:
        message, numbers, _, _ = socket.recv_fds(control, 16, 1)
        if not message or not numbers:
            return
        try:
            pid = nest.fork()
            if pid == 0:
                live(control, numbers[0], nest, cells)
            handle = os.pidfd_open(pid)
        except OSError as error:
            control.send((error.strerror or str(error)).encode())
        else:
            socket.send_fds(control, [b"forked"], [handle])
            os.close(handle)
        finally:
            os.close(numbers[0])


def live(control: socket.socket, number: int, nest: Nest, cells: _inside.Cells) -> NoReturn:
    """A child's whole life: close itself in, then serve one candidate."""
    try:
        control.detach()  # its number is closed with all others; the object must not close it once more
        os.setsid()  # a signal to the own group crosses namespaces: the server must not be in it
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        os.set_inheritable(number, False)
        line = socket.socket(fileno=number)
        reader = line.makefile("rb")
        first = json.loads(reader.readline())
        try:
            nest.close_in(number, first["disk"], first["kernel"])
            _inside.reseed()
        except Exception as error:
            line.sendall(json.dumps({"failed": getattr(error, "strerror", None) or str(error)}).encode() + b"\n")
            os._exit(1)
        _inside.serve(line, reader, first, cells)
    finally:
        os._exit(0)


def main() -> None:
    """Warm up, then serve the grader until it closes the line."""
    control = socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    program = control.recv(1 << 16)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cells = warm()
    try:
        nest = Nest(program)
    except OSError as error:
        control.send((error.strerror or str(error)).encode())
        return
    gc.collect()
    gc.freeze()  # what is here now is garbage in no child: its pages stay shared
    use_large_pages()
    control.send(b"ready")
    serve(control, nest, cells)


if __name__ == "__main__":
    main()
