"""Keeping a centre safe: a backup of everything, a restore that proves itself, and the registry written out."""

from .backup import Backup, back_up, restore
from .export import export

__all__ = ["Backup", "back_up", "export", "restore"]
