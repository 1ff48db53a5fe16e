"""A confirmed decision becomes a signed credential and a paper; a copy of either can be checked by anybody.

>>> check_wording("Certificate of Assessed Competence")
[]
"""

from __future__ import annotations

from ._typeset import typeset
from .badge import Look, badge, unbaked
from .credential import belongs_to, credential, credential_bytes
from .facts import (
    BANDS,
    BLOCKED,
    CUT_METHODS,
    PURPOSES,
    Facts,
    Issuer,
    Score,
    StatusEntry,
    band,
    check_wording,
    number_text,
    printable,
    refuse_blocked,
)
from .paper import code_text, day_text, pdf
from .pressing import Pressed, press, press_all
from .proof import did, load_key, new_key, public_key
from .record import RECORD, is_record, record, verify_record
from .record_paper import Line, record_pdf
from .status import STATUS_PURPOSES, draw, list_address, status_list
from .verify import Verification, verify

__all__ = [
    "BANDS",
    "BLOCKED",
    "CUT_METHODS",
    "PURPOSES",
    "RECORD",
    "STATUS_PURPOSES",
    "Facts",
    "Issuer",
    "Line",
    "Look",
    "Pressed",
    "Score",
    "StatusEntry",
    "Verification",
    "badge",
    "band",
    "belongs_to",
    "check_wording",
    "code_text",
    "credential",
    "credential_bytes",
    "day_text",
    "did",
    "draw",
    "is_record",
    "list_address",
    "load_key",
    "new_key",
    "number_text",
    "pdf",
    "press",
    "press_all",
    "printable",
    "public_key",
    "record",
    "record_pdf",
    "refuse_blocked",
    "status_list",
    "typeset",
    "unbaked",
    "verify",
    "verify_record",
]  # fmt: skip
