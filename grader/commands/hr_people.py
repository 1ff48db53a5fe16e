"""`academy hr import | left | org`: people in, people out, and who works under whom."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..centre import Centre
from ..errors import InputError
from ._options import Nouns, by, centre, day, known, language, many, say_problems, tell

if TYPE_CHECKING:
    from ..people import Change, Plan, Roster
    from ..people.tree import Node

__all__ = ["words"]

_SHOWN = 20
"""Lines of a list that the terminal shows; --json tells all."""
_FAULTS = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def words(steps: Nouns) -> None:
    """Enter the steps."""
    load = steps.add_parser(
        "import",
        help="import people from an Excel or CSV file",
        description="Reads the whole file, says who is new, changed, back or missing, and writes all of it or, when a "
        "row has a fault, nothing. Importing the same file again changes nothing.",
    )
    load.add_argument("file", type=Path, help="people.xlsx or people.csv, headings in English or Chinese")
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    load.add_argument("--sheet", default="", metavar="NAME", help="the sheet, when several hold people")
    load.add_argument(
        "--digits", type=int, choices=range(1, 21), default=0, metavar="N",
        help="put zeros that Excel has cut back before staff numbers, up to N digits; 1: as they stand",
    )  # fmt: skip
    load.add_argument("--skip-bad", action="store_true", help="leave rows with a fault out and import the others")
    load.add_argument(
        "--rename", action="append", default=[], metavar="PERSON",
        help="this person has a new name; once for each, or `all`",
    )  # fmt: skip
    load.add_argument(
        "--managers-elsewhere", action="store_true", help="accept managers who are in neither file nor registry"
    )
    load.add_argument(
        "--leavers", type=day, metavar="DATE", help="record everybody who is missing from the file as having left then"
    )
    centre(load)
    by(load, makes=True, reads=lambda given: bool(given.dry_run))
    _json(load)
    load.set_defaults(run=_import)
    left = steps.add_parser(
        "left",
        help="record that a person left",
        description="Results and certificates stay. Whoever left examines nobody. Somebody who comes back is told by "
        "the next import, or by --back.",
    )
    left.add_argument("person", help="staff number, e.g. A1001")
    when = left.add_mutually_exclusive_group(required=True)
    when.add_argument("--on", type=day, metavar="DATE", help="the last day, e.g. 2026-11-30")
    when.add_argument("--back", action="store_true", help="the person is here again, or never left")
    centre(left)
    by(left)
    _json(left)
    left.set_defaults(run=_left)
    org = steps.add_parser("org", help="show who works under whom, or who works where")
    org.add_argument("--as", dest="shape", choices=("manager", "team", "site"), default="manager", help="what the tree "
                     "is made of (default: %(default)s)")  # fmt: skip
    org.add_argument("--site", help="only people of this site")
    org.add_argument("--team", help="only people of this team")
    org.add_argument("--under", metavar="PERSON", help="only who works under this manager")
    org.add_argument("--depth", type=int, default=0, metavar="N", help="only the first N levels")
    org.add_argument("--on", type=day, metavar="DATE", help="as it was on that day (default: today)")
    org.add_argument("--csv", action="store_true", help="print CSV that Excel opens, one line for each person")
    centre(org)
    _json(org)
    org.set_defaults(run=_org)


def _json(step: argparse.ArgumentParser) -> None:
    step.add_argument("--json", action="store_true", help="print one JSON document instead of lines")


def _today() -> date:
    return datetime.now(UTC).date()


# --- import -----------------------------------------------------------------------------------------------------------


def _import(given: argparse.Namespace) -> int:
    from .. import people
    from ..store import Store

    today = _today()
    roster = people.read_roster(given.file, today, given.sheet, given.digits)
    people.check_rename(given.rename, roster)
    if given.leavers and given.leavers > today:
        raise InputError(f"--leavers wants a day until today, got {given.leavers}; say it when they have left")
    if given.dry_run and not Centre(given.centre).registry.exists():
        return _told(given, _planned(given, roster, [], today), 0)
    with Store(Centre(given.centre).registry) as store:
        plan = _planned(given, roster, store.rows("people"), today)
        leavers = plan.leavers(given.leavers) if given.leavers else []
        facts = [*plan.facts(), *leavers]
        if facts and not given.dry_run and (given.skip_bad or not plan.faults):
            store.append_all(facts, given.by)
    return _told(given, plan, len(leavers))


def _planned(given: argparse.Namespace, roster: Roster, rows: Sequence[Mapping[str, Any]], today: date) -> Plan:
    from .. import people

    return people.plan(
        roster, rows, today, rename=given.rename, elsewhere=given.managers_elsewhere, part=given.skip_bad
    )


def _told(given: argparse.Namespace, plan: Plan, leavers: int) -> int:
    """Say what was done or would be; 1 when a row has a fault."""
    written = not given.dry_run and (given.skip_bad or not plan.faults)
    if given.json:
        tell(given, _document(plan, written, leavers), ())
        return 1 if plan.faults else 0
    say_problems(plan.faults[:_FAULTS])
    if len(plan.faults) > _FAULTS:
        say_problems([f"... and {len(plan.faults) - _FAULTS} more faults (--json tells all)"])
    tell(given, None, _lines(given, plan, written, leavers))
    return 1 if plan.faults else 0


def _document(plan: Plan, written: bool, leavers: int) -> dict[str, Any]:
    from .zh import catalogue

    told = catalogue().said if language() == "zh" else str  # the terminal leads here for faults that it does not show
    return {
        "file": plan.roster.file,
        "sheet": plan.roster.sheet,
        "written": written,
        "new": plan.new,
        "changed": [asdict(one) for one in plan.changed],
        "same": plan.same,
        "missing": [{"person": row["person"], "name": row["name"]} for row in plan.gone],
        "left": leavers,
        "faults": [asdict(fault) | {"sentence": told(fault.sentence)} for fault in plan.faults],
        "notes": [told(note) for note in plan.notes],
    }


def _lines(given: argparse.Namespace, plan: Plan, written: bool, leavers: int) -> Iterator[str]:
    bad = len({fault.row for fault in plan.faults})
    if bad and not given.skip_bad:
        yield from (f"note: {note}" for note in plan.notes)
        yield f"nothing imported: {many(bad, 'row')} with a fault; mend them, or import the others with --skip-bad"
        return
    yield from _list(f"{len(plan.new)} new", [f"{one['person']} {one['name']}" for one in plan.new])
    changed = [one for one in plan.changed if one.fields]
    yield from _list(f"{len(changed)} changed", [_change(one, plan.roster) for one in changed])
    back = [f"{one.person} {one.name}, who left on {one.back}" for one in plan.changed if one.back]
    yield from _list(f"{len(back)} back", back)
    todo = "recorded as having left" if leavers else "still recorded as working here (--leavers, or academy hr left)"
    gone = [f"{row['person']} {row['name'] or ''}".rstrip() for row in plan.gone]
    yield from _list(f"{len(gone)} missing from the file, {todo}", gone)
    yield from (f"note: {note}" for note in plan.notes)
    figures = [f"{len(plan.new)} new", f"{len(changed)} changed", f"{plan.same} as they were"]
    figures += [f"{len(back)} back"] if back else []
    figures += [f"{leavers} left"] if leavers else []
    figures += [f"{many(bad, 'row')} left out"] if bad else []
    if not (plan.new or plan.changed or leavers or bad):
        yield f"nothing changed: {many(plan.same, 'person is', 'people are')} as in the file"
    else:
        yield f"{'imported' if written else 'would be imported'}: {', '.join(figures)}"


def _list(head: str, lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        return
    yield f"{head}:"
    yield from (f"  {line}" for line in lines[:_SHOWN])
    if len(lines) > _SHOWN:
        yield f"  ... and {len(lines) - _SHOWN} more (--json tells all)"


def _change(one: Change, roster: Roster) -> str:
    """What changes, under the headings of the file."""
    fields = "; ".join(
        f"{roster.columns[name][1]} {old or '–'} -> {new or '–'}" for name, (old, new) in one.fields.items()
    )
    return f"{one.person} {one.name}: {fields}"


# --- left -------------------------------------------------------------------------------------------------------------


def _left(given: argparse.Namespace) -> int:
    from ..store import Store

    with Store(Centre(known(given.centre)).registry) as store:
        rows = store.rows("people", person=given.person)
        if not rows:
            raise InputError(f"person {given.person!r} is not in the registry; see academy hr org")
        (row,) = rows
        if given.back:
            if not row["left_on"]:
                raise InputError(f"{given.person} is not recorded as having left; there is nothing to take back")
            store.append("person.returned", given.person, {"left_on": row["left_on"]}, given.by)
            line = f"{given.person} {row['name']} works here again"
        else:
            if row["hired_on"] and given.on.isoformat() < row["hired_on"]:
                raise InputError(f"{given.person} was hired on {row['hired_on']} and cannot have left on {given.on}")
            if given.on > _today() + timedelta(days=366):
                raise InputError(f"--on wants a day within a year, got {given.on}")
            if row["left_on"] == given.on.isoformat():
                line = f"nothing changed: {given.person} {row['name']} left on {given.on} already"
            else:
                store.append("person.left", given.person, {"on": given.on.isoformat()}, given.by)
                under = sum(not one["left_on"] for one in store.rows("people", manager=given.person))
                line = f"{given.person} {row['name']} {'leaves' if given.on >= _today() else 'left'} on {given.on}"
                if under:
                    line += f"; {many(under, 'person needs', 'people need')} another manager: academy hr org --under "
                    line += given.person
    document = {"person": given.person, "left_on": None if given.back else given.on.isoformat()}
    tell(given, document, [line])
    return 0


# --- org --------------------------------------------------------------------------------------------------------------


def _org(given: argparse.Namespace) -> int:
    from ..people import tree
    from ..store import Store

    with Store(Centre(known(given.centre)).registry) as store:
        rows = tree.staff(store, given.on or _today())
    if given.under and given.under not in {row["person"] for row in rows}:
        raise InputError(f"{given.under} is not among the people of that day; give the staff number of a manager")
    for name in ("site", "team"):
        wanted = getattr(given, name)
        rows = [row for row in rows if wanted in (None, row.get(name))]
    if given.under and given.shape != "manager":
        inside = [node.person for node in tree.by_manager(rows, given.under)]
        rows = [row for row in inside if row is not None]
    if given.shape == "manager":
        nodes = list(tree.by_manager(rows, given.under or "", given.depth))
    else:
        nodes = list(tree.by_place(rows, given.shape == "site", given.depth))
    if given.csv:
        print(_csv(nodes), end="")
        return 0
    lines = [_node(node) for node in nodes] or ["Nobody is there."]
    tell(given, [_row(node) | {"kind": node.kind} for node in nodes], lines)
    return 0


def _node(node: Node) -> str:
    shift = "  " * node.depth
    said = f" ({node.below})" if node.below else ""
    if node.person is None:
        return f"{shift}{node.name}{', not in the registry' if node.kind == 'outside' else ''}{said}"
    more = [str(node.person.get(name) or "") for name in ("role", "job_level", "team", "site")]
    return f"{shift}{node.name}{said}  {', '.join(text for text in more if text)}".rstrip()


def _row(node: Node) -> dict[str, Any]:
    names = ("person", "name", "role", "job_level", "team", "site", "manager")
    person = node.person or {}
    found: dict[str, Any] = {"depth": node.depth, "label": node.name, "below": node.below}
    return found | {name: person.get(name) or "" for name in names}


def _csv(nodes: Sequence[Node]) -> str:
    """Rows for Excel: what it would run as a formula is written as text."""
    text = io.StringIO()
    table = csv.writer(text)
    rows = [_row(node) for node in nodes]
    table.writerow(rows[0] if rows else ["person"])
    for row in rows:
        table.writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in row.values()])
    return "\ufeff" + text.getvalue()
