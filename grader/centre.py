"""Where everything of one training centre lies: names of files and folders, nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PROJECT", "Centre", "own_number"]

PROJECT = Path(__file__).parent.parent
"""The project's own folder, with courses/ and question_bank/."""


@dataclass(frozen=True)
class Centre:
    """The folder of one centre. The room and the candidates never get more than ``room`` and ``home``."""

    root: Path

    @property
    def registry(self) -> Path:
        """The registry, the record of everything."""
        return self.root / "registry.db"

    @property
    def key(self) -> Path:
        """The private key that signs certificates."""
        return self.root / "keys" / "issuer.pem"

    def archived_key(self, issuer: str) -> Path:
        """Where a private key lies after another took its place; ``issuer`` is its did:key."""
        return self.root / "keys" / "archive" / f"{issuer.removeprefix('did:key:')}.pem"

    @property
    def public(self) -> Path:
        """What is put on the issuer's web page: status lists and register, nothing else."""
        return self.root / "public"

    @property
    def office(self) -> Path:
        """The exam office's own papers: forms with their keys, seat data, access codes. Never shown to the room."""
        return self.root / "office"

    @property
    def room(self) -> Path:
        """The exam room's store: one folder for each sitting, one in it for each seat."""
        return self.root / "room"

    @property
    def course(self) -> Path:
        """The nbgrader course that carries the marks."""
        return self.root / "course"

    @property
    def exchange(self) -> Path:
        """nbgrader's exchange between trainer and trainees."""
        return self.root / "exchange"

    @property
    def home(self) -> Path:
        """What JupyterLab shows: lessons, practice, and the exam folder of a running seat."""
        return self.root / "home"

    @property
    def certificates(self) -> Path:
        """Issued credentials and their printed form."""
        return self.root / "certificates"

    @property
    def results(self) -> Path:
        """What the candidates are told: one page for each decided seat."""
        return self.root / "results"

    @property
    def reports(self) -> Path:
        """What HR and the exam office open."""
        return self.root / "reports"


def own_number(login: str) -> str:
    """The number under which `academy start` knows whoever runs it, until a roster says who that is.

    >>> own_number("li.wei@corp")
    'li.wei-corp'
    """
    return re.sub(r"[^A-Za-z0-9_.-]", "-", login) or "me"
