"""Bubblewrap's words: what a sandbox sees and in which namespaces it lives, and what to do when it cannot be made."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from grader.errors import MissingToolError
from grader.sandbox._limits import Limits
from grader.sandbox._seccomp import open_program

__all__ = ["bubblewrap", "check_namespaces", "start", "walls", "what_to_allow"]

_HERE = Path(__file__).parent
_ENGINE = (
    *(_HERE / f"{name}.py" for name in ("_inside", "_forks", "_nest", "_figures")),
    *(_HERE.with_name(f"{name}.py") for name in ("wire", "pages")),
)
"""The programs of a sandbox: its cells, the server that forks, the walls of a fork, the codec."""
_DEVICES = ("null", "zero", "full", "random", "urandom")
_NAMESPACES = {
    "kernel.unprivileged_userns_clone": ("0", "1"),
    "kernel.apparmor_restrict_unprivileged_userns": ("1", "0"),
    "user.max_user_namespaces": ("0", "10000"),
}
"""Settings of the kernel that matter: what forbids, what allows."""


def bubblewrap() -> str:
    """Where bubblewrap lies; the error says how to install it."""
    found = shutil.which("bwrap")
    if found is None:
        raise MissingToolError(
            "bubblewrap is missing: no candidate's code runs without it; install it: "
            "sudo apt-get install -y --no-install-recommends bubblewrap"
        )
    return found


def check_namespaces() -> None:
    """Make an empty sandbox; the error says what to allow when that fails."""
    plain = ["--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"]
    tried = subprocess.run([bubblewrap(), *plain], capture_output=True, text=True, check=False)
    if tried.returncode:
        said = " ".join(tried.stderr.split()) or f"bwrap ended with {tried.returncode}"
        raise MissingToolError(f"this machine lets nobody make a sandbox ({said}); {what_to_allow()}")


def what_to_allow(kernel: Path = Path("/proc/sys")) -> str:
    """The line that makes this kernel allow namespaces, or where else to look when it allows them already."""
    words = []
    for name, (forbids, allows) in _NAMESPACES.items():
        setting = kernel.joinpath(*name.split("."))
        if setting.exists() and setting.read_text("ascii").strip() == forbids:
            words.append(f"{name}={allows}")
    if words:
        return f"allow user namespaces: sudo sysctl {' '.join(words)}"
    return "inside a container, allow user namespaces and mounts in its settings; else ask who runs the machine"


def start(program: str, limits: Limits, *, forks: bool = False) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a program of the engine behind bubblewrap; the process, and the line to the program."""
    found, filter_number = bubblewrap(), open_program(forks=forks)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET if forks else socket.SOCK_STREAM)
    inside = [sys.executable, "-I", "-X", "utf8", f"/engine/{program}", str(theirs.fileno())]
    try:
        process = subprocess.Popen(
            [found, *walls(limits, filter_number, forks=forks), *inside],
            pass_fds=(theirs.fileno(), filter_number),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={},
        )
    except BaseException:
        ours.close()
        raise
    finally:
        theirs.close()
        os.close(filter_number)
    return process, ours


def walls(limits: Limits, filter_number: int, *, forks: bool = False) -> list[str]:
    """Bubblewrap's words; ``forks`` lets the program make the namespaces of its children, and nothing else."""
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
    engine = [part for path in _ENGINE for part in ("--ro-bind", str(path), f"/engine/{path.name}")]
    size = str(limits.disk_mb * 1_000_000)
    home = "/tmp/home"  # inside the sandbox, private
    variables = {"HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb"}
    variables |= {"MPLCONFIGDIR": f"{home}/mpl", "IPYTHONDIR": f"{home}/ipython"}
    variables |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    variables |= {"NBGRADER_EXECUTION": "autograde"}  # by which a notebook knows, as under nbgrader itself
    variables |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    return [
        *("--unshare-all", "--uid", "1000", "--gid", "1000", "--hostname", "seat", "--cap-drop", "ALL"),
        *(("--cap-add", "CAP_SYS_ADMIN") if forks else ()),  # inside its own user namespace, of no use outside
        *("--die-with-parent", "--new-session", "--clearenv"),
        *("--ro-bind", "/usr", "/usr", *system, "--proc", "/proc", *_devices()),
        *("--size", "8000000", "--tmpfs", "/dev/shm"),
        *("--size", size, "--tmpfs", "/tmp", "--dir", home, "--dir", "/tmp/work", "--chdir", "/tmp/work"),
        # After the private folders: a clone may lie in the machine's own /tmp.
        *(*engine, "--dir", "/engine/tmp", *shown),
        # /proc too: a grader that runs as root would else let the candidate write the kernel's settings in /proc/sys
        *("--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"),
        *(part for name, value in variables.items() for part in ("--setenv", name, value)),
        *("--seccomp", str(filter_number), "--"),
    ]


def _devices() -> list[str]:
    """The harmless devices; no terminals, by which candidates that share a server could talk to each other."""
    words = ["--size", "1000000", "--tmpfs", "/dev", "--symlink", "/proc/self/fd", "/dev/fd"]
    for name in _DEVICES:
        words += ["--dev-bind", f"/dev/{name}", f"/dev/{name}"]
    return words


def _as_here(top: Path) -> list[str]:
    """A top folder as it is on this machine: a link into /usr, a folder, or nothing."""
    if top.is_symlink():
        return ["--symlink", str(top.readlink()), str(top)]
    return ["--ro-bind", str(top), str(top)] if top.exists() else []
