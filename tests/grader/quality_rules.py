"""The limits of quality that the statistics of items and forms are tested with."""

from grader.model import Quality

__all__ = ["QUALITY"]

QUALITY = Quality(0.80, 0.85, 8, 12, 0.30, 0.90, 0.15)
