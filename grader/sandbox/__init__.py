"""Runs a candidate's code behind walls and hands out plain values; never sees a key, a hidden test or the registry."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

from grader.errors import GradingError, MissingToolError
from grader.sandbox._seccomp import open_program

__all__ = ["Limits", "Sandbox", "check_tools"]

_INSIDE = Path(__file__).with_name("_inside.py")
_WIRE = Path(__file__).parent.with_name("wire.py")
_NAMESPACES = {
    "kernel.unprivileged_userns_clone": ("0", "1"),
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "0"),
    "user.max_user_namespaces": ("0", "10000"),
}
"""Settings of the kernel that matter: what forbids, what allows."""
_MIMES = {"text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg"}


@dataclass(frozen=True)
class Limits:
    """What one submission may use."""

    cell_s: float = 30.0
    """Wall clock of one cell; after it the cell is interrupted, and soon after the whole sandbox ended."""
    total_s: float = 300.0
    """Wall clock of the submission."""
    cpu_s: int = 240
    memory_mb: int = 3072
    """Address space."""
    disk_mb: int = 128
    """Private /tmp, in memory."""
    text_kb: int = 200
    """Printed text of one cell; the rest is cut."""
    images_kb: int = 3000
    reply_mb: int = 32
    """The longest reply: a value or the outputs of one cell."""


def check_tools() -> None:
    """Start a sandbox as a submission would; the error says what to install or to allow when that fails."""
    plain = ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    tried = subprocess.run([_bubblewrap(), *plain], capture_output=True, text=True, check=False)
    if tried.returncode:
        said = " ".join(tried.stderr.split()) or f"bwrap ended with {tried.returncode}"
        raise MissingToolError(f"this machine lets nobody make a sandbox ({said}); {_what_to_allow()}")
    with Sandbox() as sandbox:
        sandbox.run("1")


def _what_to_allow(kernel: Path = Path("/proc/sys")) -> str:
    """The line that makes this kernel allow namespaces, or where else to look when it allows them already."""
    words = []
    for name, (forbids, allows) in _NAMESPACES.items():
        setting = kernel.joinpath(*name.split("."))
        if setting.exists() and setting.read_text("ascii").strip() == forbids:
            words.append(f"{name}={allows}")
    if words:
        return f"allow user namespaces: sudo sysctl {' '.join(words)}"
    return "inside a container, allow user namespaces and mounts in its settings; else ask who runs the machine"


def _bubblewrap() -> str:
    found = shutil.which("bwrap")
    if found is None:
        raise MissingToolError(
            "bubblewrap is missing: no candidate's code runs without it; install it: "
            "sudo apt-get install -y --no-install-recommends bubblewrap"
        )
    return found


class Sandbox:
    """One candidate's process, from the first cell to the last; close it, or use it in a ``with``.

    ``files`` are put into its private working folder. After :meth:`start` the process is loading; the first request
    waits for it. Once ``ended`` holds a sentence, the process is gone and every later request is answered with it.
    """

    def __init__(self, files: Mapping[str, bytes] | None = None, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.ended: str | None = None
        self._files = dict(files or {})
        self._ready = False
        self._buffer = b""
        bubblewrap, filter_number = _bubblewrap(), open_program()
        self._line, theirs = socket.socketpair()
        try:
            walls = _walls(self.limits, filter_number)
            inside = [sys.executable, "-I", "-X", "utf8", "/engine/_inside.py", str(theirs.fileno())]
            self._process = subprocess.Popen(
                [bubblewrap, *walls, *inside],
                pass_fds=(theirs.fileno(), filter_number),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                env={},
            )
        except BaseException:
            self._line.close()
            raise
        finally:
            theirs.close()
            os.close(filter_number)
        self._deadline = time.monotonic() + self.limits.total_s
        encoded = {name: base64.b64encode(data).decode() for name, data in self._files.items()}
        most = self.limits
        words = {"text": most.text_kb * 1000, "images": most.images_kb * 1000, "cell_s": most.cell_s}
        self._hello = {"files": encoded, "limits": words, "kernel": _kernel_limits(most)}

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def run(self, code: str) -> list[dict[str, Any]]:
        """Execute one cell; its outputs in the notebook format, checked and cut to the limits."""
        before = self.ended
        reply = self.request({"do": "run", "code": code})
        outputs = reply.get("outputs")
        if isinstance(outputs, list):
            return [clean for clean in map(_clean, outputs[:500]) if clean is not None]
        sentence = before or self.ended or str(reply.get("refused", "the cell broke the program that runs it"))
        return [{"output_type": "error", "ename": "SandboxEnded", "evalue": sentence, "traceback": [sentence]}]

    def request(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Ask the process: ``{"do": "run" | "get" | "call", ...}``; ``{"ended": sentence}`` when it is gone."""
        if self.ended is None and not self._ready:
            self._exchange(self._hello, 60.0)
            self._ready = self.ended is None
            if self.ended is not None:
                raise GradingError(f"the sandbox did not start: {self._complaint() or self.ended}")
        reply = self._exchange(request, self.limits.cell_s * 1.2 + 1.0) if self.ended is None else None
        return {"ended": self.ended} if reply is None else reply

    def close(self) -> None:
        """End the process and everything that it started."""
        self._end(self.ended or "the sandbox is closed")
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._line.close()

    def _complaint(self) -> str:
        self._process.wait()
        return self._process.stderr.read(2000).decode(errors="replace").strip() if self._process.stderr else ""

    def _exchange(self, message: Mapping[str, Any], wait_s: float) -> dict[str, Any] | None:
        """Send one line and wait for one; None, with ``ended`` set, when nothing sound comes back in time."""
        until = min(time.monotonic() + wait_s, self._deadline)
        try:
            self._line.settimeout(max(0.1, until - time.monotonic()))
            self._line.sendall(json.dumps(message).encode() + b"\n")
            reply = json.loads(self._read_line(until))
            if isinstance(reply, dict):
                return reply
            self._end("the program broke its line to the grader")
        except TimeoutError:
            self._end("the program ran longer than the grader waits")
        except (ConnectionError, EOFError):
            self._end("the program ended itself or was stopped at its limit of memory or time")
        except (ValueError, RecursionError):
            self._end("the program broke its line to the grader")
        return None

    def _read_line(self, until: float) -> bytes:
        chunks, size = [self._buffer], len(self._buffer)
        while b"\n" not in chunks[-1]:
            if size > self.limits.reply_mb * 1_000_000:
                raise ValueError("reply too long")
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._line], [], [], left)[0]:
                raise TimeoutError
            chunk = self._line.recv(1 << 20)
            if not chunk:
                raise EOFError
            chunks.append(chunk)
            size += len(chunk)
        line, _, self._buffer = b"".join(chunks).partition(b"\n")
        return line

    def _end(self, sentence: str) -> None:
        """Kill bubblewrap, and with it every process inside; wait until the last of them has let go of the line."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        if self.ended is None:
            with suppress(OSError):
                self._line.settimeout(5.0)
                while self._line.recv(1 << 20):
                    pass
        self.ended = sentence


def _walls(limits: Limits, filter_number: int) -> list[str]:
    """Bubblewrap's words: what the process sees, and in which namespaces it lives."""
    library = find_spec("ccskills")
    # The environment and the Python that it was made from, by the names that links use and by the real ones.
    named = [sys.prefix, sys.base_prefix, *map(os.path.realpath, (sys.prefix, sys.base_prefix))]
    roots = sorted({root for root in named if not Path(root).is_relative_to("/usr")})
    shown = [part for root in roots for part in ("--ro-bind", root, root)]
    if library is not None and library.submodule_search_locations:
        shown += ["--ro-bind", library.submodule_search_locations[0], "/engine/ccskills"]
    system = [part for top in ("/bin", "/sbin", "/lib", "/lib64") for part in _as_here(Path(top))]
    for path in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime"):
        system += ["--ro-bind-try", path, path]
    size = str(limits.disk_mb * 1_000_000)
    home = "/tmp/home"  # inside the sandbox, private
    variables = {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
    variables |= {"MPLCONFIGDIR": f"{home}/mpl", "IPYTHONDIR": f"{home}/ipython"}
    variables |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    variables |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    return [
        *("--unshare-all", "--uid", "1000", "--gid", "1000", "--hostname", "seat", "--cap-drop", "ALL"),
        *("--die-with-parent", "--new-session", "--clearenv"),
        *("--ro-bind", "/usr", "/usr", *system),
        *("--proc", "/proc", "--dev", "/dev", "--size", "8000000", "--tmpfs", "/dev/shm"),
        *("--size", size, "--tmpfs", "/tmp", "--dir", home, "--dir", "/tmp/work", "--chdir", "/tmp/work"),
        # After the private folders: a clone may lie in the machine's own /tmp.
        *("--ro-bind", str(_INSIDE), "/engine/_inside.py", "--ro-bind", str(_WIRE), "/engine/wire.py", *shown),
        # /proc too: a grader that runs as root would else let the candidate write the kernel's settings in /proc/sys
        *("--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"),
        *(part for name, value in variables.items() for part in ("--setenv", name, value)),
        *("--seccomp", str(filter_number), "--"),
    ]


def _as_here(top: Path) -> list[str]:
    """A top folder as it is on this machine: a link into /usr, a folder, or nothing."""
    if top.is_symlink():
        return ["--symlink", str(top.readlink()), str(top)]
    return ["--ro-bind", str(top), str(top)] if top.exists() else []


def _kernel_limits(limits: Limits) -> dict[str, int]:
    """What the process asks of the kernel before it runs any of the candidate's code; it cannot raise them again."""
    return {
        "RLIMIT_AS": limits.memory_mb << 20,
        "RLIMIT_CPU": limits.cpu_s,
        "RLIMIT_FSIZE": limits.disk_mb * 1_000_000,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 256,
    }


def _clean(output: Any) -> dict[str, Any] | None:
    """An output as the notebook format wants it, or None: the process may have sent anything."""
    if not isinstance(output, dict):
        return None
    kind, text = output.get("output_type"), str
    if kind == "stream" and output.get("name") in ("stdout", "stderr") and isinstance(output.get("text"), text):
        return {"output_type": "stream", "name": output["name"], "text": output["text"]}
    if kind == "error" and all(isinstance(output.get(key), text) for key in ("ename", "evalue")):
        lines = output.get("traceback")
        lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        return {"output_type": "error", "ename": output["ename"], "evalue": output["evalue"], "traceback": lines}
    data = output.get("data")
    if kind in ("display_data", "execute_result") and isinstance(data, dict):
        kept = {mime: value for mime, value in data.items() if mime in _MIMES and isinstance(value, str)}
        extra = {"execution_count": None} if kind == "execute_result" else {}
        return {"output_type": kind, "data": kept, "metadata": {}, **extra}
    return None
