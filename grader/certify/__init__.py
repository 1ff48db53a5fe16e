"""The story of an exam, in its order; read this first.

::

    assembly            parallel forms from the bank, sealed on the shelf
    panel               judges set the cut of a form in two rounds
    schedule            a form, a seat with its own paper and a practical for each candidate
    grant               extra time, with a reason
    (the room)          candidates enter, answer, hand in; the clock hands in for those who do not
    close               what was handed in goes into nbgrader's submitted/
    mark                the keys mark the written slots, the sandbox and the judge the practicals
    work                work products come in over weeks; what is late or missing earns nothing
    interview           the members of a panel mark a board interview
    booklet, rating     people mark written answers blind, each for themselves, and their marks are settled
    take_manual_marks   or one person's marks come back out of formgrader
    statistics          what the answers say of items and forms, and whether a form is fit for certification
    decide              marks and cuts propose a decision
    review              near the cut, somebody looks at the marks again
    confirm             a second person confirms the decision
    issue               a passed seat becomes a signed credential and a paper
    publish             every candidate gets a page with the own result
    appeals             against a published result: filed, marked again by another, decided; then decide and confirm
    same_question       what an appeal gave for a faulty question, the others who had it are given, too
    badges              the picture of a certificate that carries its signed file
    consent, register   the certificates of those who agreed to be shown, for everybody to read
    transcript          all certificates of a person in one signed record, and on paper
    statuslist          which certificates are withdrawn or suspended, in signed lists for everybody
    renewing            hours of credit, and the certificate that follows one
    measures            suspended, withdrawn, reduced or reinstated: by two people, and the holder may appeal
    notices             the letters to holders that are due
    history             where a certificate stands, what became of it, what comes next and what waits for somebody
    keys                the key that signs, and the one that takes its place
    reissuing           certificates that a stolen key had signed, signed again with the key of today
    trace               the audit of a certificate: from its file back to the items, each link computed again

Every step is a function of an :class:`Academy` and writes what it did into the registry; a step that is not due says so
in one sentence and changes nothing.
"""

from __future__ import annotations

from . import (
    appeals,
    badges,
    consent,
    interview,
    keys,
    measures,
    notices,
    register,
    reissuing,
    renewing,
    roomlog,
    second_look,
    statuslist,
    transcript,
    work,
)
from .desk import Academy
from .history import history, waiting
from .issuing import issue
from .marks import close, mark, take_manual_marks
from .outcome import confirm, decide, mend, review, waiting_for_review
from .results import publish
from .scheduling import Candidate, SeatCard, grant, schedule
from .trace import trace

__all__ = [
    "Academy",
    "Candidate",
    "SeatCard",
    "appeals",
    "badges",
    "close",
    "confirm",
    "consent",
    "decide",
    "grant",
    "history",
    "interview",
    "issue",
    "keys",
    "mark",
    "measures",
    "mend",
    "notices",
    "publish",
    "register",
    "reissuing",
    "renewing",
    "review",
    "roomlog",
    "schedule",
    "second_look",
    "statuslist",
    "take_manual_marks",
    "trace",
    "transcript",
    "waiting",
    "waiting_for_review",
    "work",
]
