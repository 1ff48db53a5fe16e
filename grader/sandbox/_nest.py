"""The walls that a forked child puts around itself before it reads a candidate's code: rooms, folders, rights, filter.

The calls go through ctypes: Python 3.11 has no unshare, setns, mount, prctl or capset of its own. Every call that fails
raises, so that a child with a wall missing never reaches the candidate's code.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import resource
import socket
import struct
from pathlib import Path

__all__ = ["Nest"]

# From the kernel's headers: sched.h, mount.h, prctl.h, capability.h.
_NEWNS, _NEWUTS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 1 << 17, 1 << 26, 1 << 27, 1 << 28, 1 << 29, 1 << 30
_RDONLY, _NOSUID, _NODEV, _NOEXEC, _BIND, _MOVE, _REC = 1, 2, 4, 8, 4096, 8192, 16384
_DETACH = 2
_SET_SECCOMP, _FILTER, _CAPBSET_DROP, _SET_NO_NEW_PRIVS, _CAP_AMBIENT, _AMBIENT_CLEAR = 22, 2, 24, 38, 47, 4
_CAPABILITIES_V3 = 0x20080522
_FILES = 20_000
"""The most files in a private folder: each costs memory of the kernel beside its content."""

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *args: int | bytes | None) -> None:
    words = (ctypes.c_ulong(arg) if isinstance(arg, int) else arg for arg in args)
    if getattr(_libc, name)(*words) < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    _call("mount", source.encode(), target.encode(), kind.encode(), flags, data.encode())


class Nest:
    """What the server prepares once, and each child uses to close itself in."""

    def __init__(self, program: bytes) -> None:
        self._program = program
        self._uid, self._gid = os.getuid(), os.getgid()
        self._capabilities = int(Path("/proc/sys/kernel/cap_last_cap").read_text("ascii")) + 1
        # What lies below /tmp of the server, read-only: an environment in the machine's own /tmp.
        table = Path("/proc/self/mountinfo").read_text("utf-8").splitlines()
        points = (re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), line.split()[4]) for line in table)
        self._kept = sorted(point for point in points if point.startswith("/tmp/"))
        # A writable /proc that is mounted nowhere: there a child writes its map of users and its score for the kernel's
        # killer of processes; then it closes it.
        _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)
        self._proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        _call("umount2", b"/proc", _DETACH)
        self._processes = os.open("/proc/self/ns/pid", os.O_RDONLY)

    def fork(self) -> int:
        """Fork a child that is the first process of a namespace of its own; 0 in the child."""
        _call("unshare", _NEWPID)  # for children only
        try:
            return os.fork()
        finally:
            if os.getpid() != 1:  # the server: its next child gets another namespace
                _call("setns", self._processes, _NEWPID)

    def close_in(self, line: int, disk_bytes: int, kernel: dict[str, int]) -> None:
        """Put up every wall around this child; of what the server had open it keeps ``line`` alone."""
        self._folders(disk_bytes)
        self._write("oom_score_adj", "1000")  # when the machine's memory ends, the kernel ends candidates first
        _call("unshare", _NEWUSER | _NEWNET | _NEWIPC | _NEWUTS)
        self._write("setgroups", "deny")
        self._write("uid_map", f"{self._uid} {self._uid} 1")
        self._write("gid_map", f"{self._gid} {self._gid} 1")
        with socket.socket() as loopback:  # up, as in every sandbox: 127.0.0.1 refuses and does not hang
            fcntl.ioctl(loopback, 0x8914, struct.pack("16sH14x", b"lo", 0x41))  # SIOCSIFFLAGS: up and running
        os.closerange(3, line)
        os.closerange(line + 1, 1 << 20)
        for name, most in kernel.items():
            resource.setrlimit(getattr(resource, name), (most, most))
        self._rights()

    def _folders(self, disk_bytes: int) -> None:
        _call("unshare", _NEWNS)
        private = f"mode=0700,nr_inodes={_FILES}"
        _mount("tmpfs", "/engine/tmp", "tmpfs", _NOSUID | _NODEV, f"{private},size={disk_bytes}")
        for point in self._kept:
            inside = f"/engine{point}"
            Path(inside).mkdir(parents=True, exist_ok=True)
            _mount(point, inside, "", _BIND | _REC)
        _mount("/engine/tmp", "/tmp", "", _MOVE)
        _mount("tmpfs", "/dev/shm", "tmpfs", _NOSUID | _NODEV | _NOEXEC, f"{private},size=8000000")
        _mount("proc", "/proc", "proc", _RDONLY | _NOSUID | _NODEV | _NOEXEC)
        Path("/tmp/home").mkdir()
        Path("/tmp/work").mkdir()
        os.chdir("/tmp/work")

    def _write(self, name: str, text: str) -> None:
        number = os.open(f"self/{name}", os.O_WRONLY, dir_fd=self._proc)
        try:
            os.write(number, text.encode())
        finally:
            os.close(number)

    def _rights(self) -> None:
        """Give up every right of the new user namespace, for good, and put up the filter."""
        _call("prctl", _SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        _call("prctl", _CAP_AMBIENT, _AMBIENT_CLEAR, 0, 0, 0)
        for number in range(self._capabilities):
            _call("prctl", _CAPBSET_DROP, number, 0, 0, 0)
        _call("capset", struct.pack("=Ii", _CAPABILITIES_V3, 0), bytes(24))
        steps = ctypes.create_string_buffer(self._program, len(self._program))
        # struct sock_fprog: the number of steps, and where they are
        words = struct.pack("@HP", len(self._program) // 8, ctypes.addressof(steps))
        _call("prctl", _SET_SECCOMP, _FILTER, words, 0, 0)
