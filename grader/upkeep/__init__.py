"""Keeping a centre safe: backup, a restore that proves itself, the registry written out, and what is forgotten."""

from .backup import Backup, back_up, restore
from .export import export
from .redaction import Due, Redaction, due, keep_no_longer, redact

__all__ = ["Backup", "Due", "Redaction", "back_up", "due", "export", "keep_no_longer", "redact", "restore"]
