"""The views of the registry: what people read is the newest fact of each kind, never a table of its own."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["VIEWS", "view_text"]

# Each view shows the newest event of its kind for a subject; a field that later events change is looked up from those.
_NEWEST = """
CREATE VIEW {view} AS
SELECT {columns} FROM events e
WHERE e.kind = '{kind}' AND e.data IS NOT NULL
  AND e.seq = (SELECT max(seq) FROM events n WHERE n.kind = e.kind AND n.subject = e.subject)
"""


def _field(name: str) -> str:
    return f"json_extract(e.data, '$.{name}') AS {name}"


def _last(kind: str, value: str, column: str, *, after: bool = False) -> str:
    """A value of the newest later event of a kind about the subject; ``after`` leaves out what came before this one."""
    order = "AND l.seq > e.seq " if after else ""
    return (
        f"(SELECT {value} FROM events l WHERE l.kind = '{kind}' AND l.subject = e.subject "
        f"{order}ORDER BY l.seq DESC LIMIT 1) AS {column}"
    )


def _later(kind: str, name: str, column: str = "", *, after: bool = False) -> str:
    return _last(kind, f"json_extract(l.data, '$.{name}')", column or name, after=after)


_SITTING_STATE = """coalesce((SELECT replace(l.kind, 'sitting.', '') FROM events l
    WHERE l.subject = e.subject AND l.kind IN ('sitting.opened', 'sitting.closed', 'sitting.marked', 'sitting.decided')
    ORDER BY l.seq DESC LIMIT 1), 'scheduled') AS state"""

_EXTRA = """coalesce(json_extract(e.data, '$.extra_min'), 0) + coalesce((SELECT sum(json_extract(l.data, '$.extra_min'))
    FROM events l WHERE l.kind = 'seat.extra-time' AND l.subject = e.subject), 0) AS extra_min"""

_CERTIFICATE_STATE = """coalesce((SELECT CASE l.kind WHEN 'certificate.reinstated' THEN 'active'
    ELSE replace(l.kind, 'certificate.', '') END FROM events l WHERE l.subject = e.subject AND l.kind IN
    ('certificate.suspended', 'certificate.reinstated', 'certificate.withdrawn', 'certificate.reduced')
    ORDER BY l.seq DESC LIMIT 1), 'active') AS state"""


def _renewal(value: str, column: str) -> str:
    """A value of the certificate that renews this one; the plus lets SQLite find it by its index."""
    return (
        f"(SELECT {value} FROM events l WHERE l.kind = 'certificate.issued' "
        f"AND json_extract(l.data, '$.renews') = +e.subject ORDER BY l.seq DESC LIMIT 1) AS {column}"
    )


_LEFT_ON = """(SELECT CASE l.kind WHEN 'person.left' THEN json_extract(l.data, '$.on') END FROM events l
    WHERE l.subject = e.subject AND l.kind IN ('person.left', 'person.returned')
    ORDER BY l.seq DESC LIMIT 1) AS left_on"""

VIEWS: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "people": (
        "person.recorded",
        "person",
        (
            *map(_field, ("name", "email", "site", "team", "role", "manager", "hired_on", "language", "job_level")),
            _LEFT_ON,
        ),
    ),
    "examiners": (
        "examiner.recorded",
        "person",
        (
            *map(_field, ("roles", "levels", "domains", "qualified_on", "valid_until", "evidence")),
            "e.by AS recorded_by",
            "e.at AS recorded_at",
        ),
    ),
    "sittings": (
        "sitting.scheduled",
        "sitting",
        (
            *map(_field, ("level", "purpose", "title_en", "title_zh", "opens_at", "closes_at", "minutes")),
            _SITTING_STATE,
            *map(_field, ("forms", "cut_practical_percent", "cut_method", "scheme", "framework")),
        ),
    ),
    "seats": (
        "seat.assigned",
        "seat",
        (
            *map(_field, ("sitting", "person", "form", "form_digest", "language", "minutes")),
            _EXTRA,
            _later("seat.handed-in", "at", "handed_in_at"),
            _later("seat.handed-in", "how", "handed_in_how"),
            _later("seat.handed-in", "digest", "receipt"),
            _later("result.published", "on", "published_on"),
            _later("result.published", "appeal_until"),
        ),
    ),
    "marks": (
        "mark.given",
        "mark",
        (
            *map(_field, ("seat", "slot", "item", "item_version", "statement", "points", "max_points")),
            "e.by AS marker",
            "e.at AS at",
            _field("note"),
        ),
    ),
    "decisions": (
        "decision.proposed",
        "seat",
        (
            *map(_field, ("person", "sitting", "level", "outcome")),
            "e.seq AS proposal",
            "e.by AS proposed_by",
            # Only a review and a confirmation of this very proposal count: what is proposed again is confirmed again.
            _last("seat.reviewed", "l.by", "reviewed_by", after=True),
            _later("seat.reviewed", "finding", after=True),
            _last("decision.confirmed", "l.by", "confirmed_by", after=True),
            _last("decision.confirmed", "l.at", "confirmed_at", after=True),
            *map(
                _field,
                (
                    "written_points", "written_max", "written_cut",
                    "practical_points", "practical_max", "practical_cut", "domains", "reasons",
                    "error", "in_band", "compliance", "cut_method",
                ),
            ),
        ),
    ),
    "certificates": (
        "certificate.issued",
        "number",
        (
            *map(_field, ("person", "level", "seat", "purpose", "issued_on", "valid_until")),
            _CERTIFICATE_STATE,
            _field("digest"),
            _field("renews"),
            _field("status_list"),
            _field("status_index"),
            _renewal("l.subject", "renewed_by"),
            _renewal("json_extract(l.data, '$.issued_on')", "renewed_from"),
        ),
    ),
    "appeals": (
        "appeal.filed",
        "appeal",
        (
            *map(_field, ("seat", "person", "sitting", "proposal", "ground", "text", "filed_on", "decide_by")),
            "e.by AS filed_by",
            _later("appeal.remarking", "slots", "remarked"),
            _later("appeal.decided", "outcome"),
            _later("appeal.decided", "reason"),
            _later("appeal.decided", "on", "decided_on"),
            _last("appeal.decided", "l.by", "decided_by"),
        ),
    ),
}  # fmt: skip
"""Event and subject of each view, and its columns; whoever changes one raises ``_layout.SCHEMA``."""


def view_text(view: str) -> str:
    """The SQL that makes a view."""
    kind, subject, columns = VIEWS[view]
    return _NEWEST.format(view=view, kind=kind, columns=", ".join((f"e.subject AS {subject}", *columns))).strip()
