"""What one submission may use, in the words of the grader and in those of the kernel."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

__all__ = ["Limits"]


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
    outputs_mb: int = 20
    """Outputs of all cells together; the rest is cut."""

    def kernel(self) -> dict[str, int]:
        """What the process asks of the kernel before the candidate's code begins; it cannot raise them again.

        Threads are counted for each sandbox alone since Linux 5.14, and before that for all of a user's programs
        together, which would be unfair; those of root are never counted.
        """
        release = tuple(int(part) for part in re.findall(r"\d+", os.uname().release)[:2])
        threads = {"RLIMIT_NPROC": 512} if release >= (5, 14) else {}
        return {
            "RLIMIT_AS": self.memory_mb << 20,
            "RLIMIT_CPU": self.cpu_s,
            "RLIMIT_FSIZE": self.disk_mb * 1_000_000,
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": 256,
            **threads,
        }

    def cells(self) -> dict[str, float]:
        """What the program that runs the cells keeps to by itself."""
        words = {"text": self.text_kb * 1000, "images": self.images_kb * 1000, "reply": self.reply_mb * 1_000_000}
        return {**words, "cell_s": self.cell_s}
