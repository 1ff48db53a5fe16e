"""A filter of system calls for the sandbox: no new process, no new namespace, no look into other processes."""

from __future__ import annotations

import errno
import os
import platform
import struct

from grader.errors import MissingToolError

__all__ = ["open_program", "program"]

# Numbers of the kernel's system calls, from the kernel's arch/x86/entry/syscalls/syscall_64.tbl and
# include/uapi/asm-generic/unistd.h: (audit architecture, clone, what makes processes and rooms, what is forbidden too).
# Rooms: fork, vfork, unshare, setns, mount, umount2. Else: pivot_root; looks into other processes (ptrace,
# process_vm_readv, process_vm_writev, kcmp); parts of the kernel that no lesson needs (bpf, keyctl, add_key,
# request_key, perf_event_open, userfaultfd, io_uring_setup, open_by_handle_at); and memory that no limit counts
# (memfd_create, shmget, semget, msgget, mq_open).
_KERNELS = {
    "x86_64": (
        0xC000003E,
        56,
        (57, 58, 272, 308, 165, 166),
        (155, 101, 310, 311, 312, 321, 250, 248, 249, 298, 323, 425, 304, 319, 29, 64, 68, 240),
    ),
    "aarch64": (
        0xC00000B7,
        220,
        (97, 268, 40, 39),
        (41, 117, 270, 271, 272, 280, 219, 217, 218, 241, 282, 425, 265, 279, 194, 190, 186, 180),
    ),
}
# The same number everywhere: open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, process_madvise,
# mount_setattr, memfd_secret.
_NEWER = (428, 429, 430, 431, 432, 433, 438, 440, 442, 447)
_CLONE3 = 435
_CLONE_THREAD = 0x00010000
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF: ld abs, jeq, jge, jset, ret
_ALLOW, _KILL = 0x7FFF0000, 0x80000000


def program(*, forks: bool = False) -> bytes:
    """The filter as classic BPF for this machine's kernel; threads stay allowed.

    ``forks`` is the lighter one of the server, whose work is to make processes and their rooms.
    """
    if platform.machine() not in _KERNELS:
        raise MissingToolError(
            f"the sandbox knows the kernels of {' and '.join(_KERNELS)} only, and this is {platform.machine()}"
        )
    audit, clone, rooms, forbidden = _KERNELS[platform.machine()]
    deny, no_such_call = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, 0, 1, 0x40000000),  # the x32 numbering of the same calls
        (_RETURN, 0, 0, deny),
    ]
    for number in (*forbidden, *_NEWER, *(() if forks else rooms)):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, deny)]
    if not forks:
        steps += [
            (_EQUAL, 0, 1, _CLONE3),  # its flags lie in memory that a filter cannot read; libc then uses clone
            (_RETURN, 0, 0, no_such_call),
            (_EQUAL, 0, 4, clone),
            (_LOAD, 0, 0, 16),  # clone's flags
            (_BITS, 0, 1, _CLONE_THREAD),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, deny),
        ]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def open_program(*, forks: bool = False) -> int:
    """A file descriptor from which bubblewrap reads the filter."""
    number = os.memfd_create("seccomp")
    os.write(number, program(forks=forks))
    os.lseek(number, 0, os.SEEK_SET)
    return number
