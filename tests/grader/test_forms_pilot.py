"""Pilot items stand on a form like any other and count for nobody; practice examinations are made of practice items."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import exams, forms, psychometrics
from grader.certify import Academy, assembly, panel, second_look, statistics
from grader.certify.allotment import allot
from grader.certify.drawing import POOL
from grader.certify.exposure import items_of, scored_of, seen_by
from grader.certify.outcome import _proposal, decision_of
from grader.certify.results import publish
from grader.exams import SeatPlan
from grader.model import Form, Item, digest
from grader.seats import seats as room_seats
from tests.grader import sat_form
from tests.grader.form_checker import violations
from tests.grader.test_forms_shelf import FRAMEWORK, SCHEME, bank, item, seat

PILOT = SCHEME.level(2).pilot
"""So many items of a Team Leader form are tried out."""


def pilot(code: str, number: int, kind: str = "choice", **changes: Any) -> Item:
    return replace(item(code, number, kind, "A"), use="pilot", status="approved", **changes)


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        opened.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items=bank(4))
        yield opened


def add(academy: Academy, *items: Item) -> None:
    academy.items |= {one.id: one for one in items}  # type: ignore[operator]


def line(form: Form, name: str) -> tuple[str, str, bool]:
    (found,) = [one for one in form.proof if one.constraint == name]
    return found.wanted, found.has, found.holds


def test_pilot_items_come_on_top_of_the_scored_ones_and_change_nothing_that_counts(academy: Academy) -> None:
    plain = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")
    add(academy, *(pilot("FC-2.1", 700 + number) for number in range(2 * PILOT)))
    made = assembly.assemble(academy, "TL-B", 2, 2, by="zhao")

    plan = forms.blueprint(FRAMEWORK, SCHEME.level(2), 60)
    scored = [[academy.items[slot.question.item_id] for slot in form.scored] for form in made]
    assert violations(scored, bank(4).values(), plan, anchors=12, overlap=0) == []
    for form, before in zip(made, plain, strict=True):
        assert (len(form.slots), len(form.scored), len(form.pilot)) == (60 + PILOT, 60, PILOT)
        assert form.max_points == before.max_points == 63
        assert form.expected_points == pytest.approx(
            sum(slot.question.points * academy.items[slot.question.item_id].difficulty for slot in form.scored)
        )
        assert line(form, "pilot items, not scored") == (f"up to {PILOT}", str(PILOT), True)
        # They stand anywhere among the others, which all are worth one point; the written answer stays the last.
        places = [place for place, slot in enumerate(form.slots) if slot.question.item_id in form.pilot]
        assert places != list(range(60 - 1, 60 - 1 + PILOT)) and max(places) - min(places) > PILOT
        assert [slot.question.points for slot in form.slots] == [1.0] * (59 + PILOT) + [4.0]
        assert form.minutes == pytest.approx(sum(academy.items[slot.question.item_id].minutes for slot in form.slots))
    assert not set(made[0].pilot) & set(made[1].pilot)  # the pool has enough for both
    assert [one.items for one in assembly.shelf(academy)] == [60, 60, 60, 60]


def test_a_form_without_pilot_items_says_so_and_older_forms_still_open(academy: Academy) -> None:
    (form,) = assembly.assemble(academy, "TL-A", 2, 1, by="zhao")

    assert line(form, "pilot items, not scored") == (f"up to {PILOT}", "0; the pool holds no pilot items", True)
    older = {name: value for name, value in forms.to_json(form).items() if name not in ("pilot", "digest")}
    opened = forms.from_json({**older, "digest": digest(older)})
    assert opened.pilot == () and opened.scored == opened.slots


def test_only_what_nobody_has_to_mark_and_gives_nothing_away_is_tried_out(academy: Academy) -> None:
    anchors = frozenset(assembly.assemble(academy, "TL-A", 2, 2, by="zhao")[0].anchors)
    enemy = next(iter(anchors))
    add(
        academy,
        pilot("FC-2.1", 800),
        pilot("FC-2.1", 801, "text"),
        pilot("FC-2.1", 802, case="a-case"),
        replace(pilot("FC-2.1", 803), status="draft"),
        replace(pilot("FC-2.1", 804), minutes=200.0),
        pilot("FC-2.1", 805, enemies=(enemy,)),
        replace(pilot("FC-3.1", 806)),
    )

    made = assembly.assemble(academy, "TL-B", 2, 2, by="zhao", like="TL-A")

    assert [form.pilot for form in made] == [("FC-2.1-i800",), ("FC-2.1-i800",)]
    assert line(made[0], "pilot items, not scored")[1] == "1; the pool and the time have no more"
    assert items_of(made[0]) - scored_of(made[0]) == {"FC-2.1-i800"}


def test_who_met_a_pilot_item_before_may_still_get_the_form(academy: Academy) -> None:
    academy.store.append("person.recorded", "A1", {"name": "A1", "hired_on": "2020-01-15"}, "hr")
    add(academy, pilot("FC-2.1", 800))
    (first,) = assembly.assemble(academy, "TL-A", 2, 1, by="zhao")
    seat(academy, "TL-1", "A1", first, how="candidate")
    others = {name: one for name, one in academy.items.items() if name not in scored_of(first)}
    academy.items = others  # type: ignore[misc]
    (second,) = assembly.assemble(academy, "TL-B", 2, 1, by="zhao")

    assert second.pilot == ("FC-2.1-i800",) and "FC-2.1-i800" in seen_by(academy, "A1")[first.digest][0]
    assert allot(academy, ["A1"], [second], "certification") == [second]


def test_the_paper_tells_that_some_are_tried_out_and_never_which(academy: Academy) -> None:
    add(academy, pilot("FC-2.1", 800))
    form, plain = (
        assembly.assemble(academy, "TL-A", 2, 1, by="zhao")[0],
        replace(sat_form.office_form(academy), id="F9"),
    )
    plan = SeatPlan(
        "TL-1-01", "TL-1", "A1", "A1", "en", 60, "2031-06-01T09:00:00Z", "2031-06-01T12:00:00Z",
        sat_form.text("exam"), "certification",
    )  # fmt: skip

    exams.assign(academy.centre.room, form, plan, None, {})

    (folder,) = room_seats(academy.centre.room)
    assert folder.paper["trial"] is True
    told = json.dumps(folder.paper)
    assert "pilot" not in told and "tried" not in told
    assert {len(question) for question in folder.paper["questions"] if question["kind"] == "choice"} == {
        len(next(one for one in folder.paper["questions"] if one["kind"] == "choice"))
    }
    assert exams.paper(plain, plan, None)["trial"] is False


# --- marked, and counted for nobody -----------------------------------------------------------------------------------


def tried(academy: Academy) -> Form:
    """A form of ten items and one that is tried out, which only the weak answer right."""
    asked = [*sat_form.questions(7), replace(sat_form.choice(8), item_id="TK-2.1-new", statement="TK-2.1")]
    made = forms.freeze("F1", 2, asked, {one.item_id: 0.5 for one in asked}, [], 7, pilot=["TK-2.1-new"])
    academy.write_office(sat_form.SITTING, "F1.json", forms.to_json(made))
    academy.write_office(sat_form.SITTING, "practical.json", {"id": "p", "version": 1, "points": {}, "hand": {}})
    return made


@pytest.fixture(scope="module")
def sat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Academy, Form]]:
    """Forty people sat that form."""
    with Academy(tmp_path_factory.mktemp("pilot")) as academy:
        form = tried(academy)
        sat_form.schedule(academy, form, [f"A{number}" for number in range(40)])
        given = sat_form.everybody(form, 40)
        (new,) = [slot.name for slot in form.slots if slot.question.item_id == "TK-2.1-new"]
        for number, answers in enumerate(given):
            answers[new] = sat_form.shown(form, new, "a" if number < 20 else "b")
        sat_form.sit(academy, form, given)
        yield academy, form


def points(academy: Academy, form: Form) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """What each seat earned: on the items that count, one column each, and on the one that does not."""
    (new,) = [slot.name for slot in form.slots if slot.question.item_id in form.pilot]
    marks = {(row["seat"], row["slot"]): row["points"] for row in academy.store.rows("marks")}
    people = [row["seat"] for row in academy.seats(sat_form.SITTING)]
    counted = np.array([[marks[who, slot.name] for slot in form.scored] for who in people])
    return counted, np.array([marks[who, new] for who in people])


def test_a_pilot_item_is_marked_and_counts_neither_in_the_score_nor_in_its_domain(sat: tuple[Academy, Form]) -> None:
    academy, form = sat
    counted, new = points(academy, form)
    (about,) = academy.store.rows("sittings")

    decisions = [decision_of(academy, about, row, sat_form.START.date()) for row in academy.seats(sat_form.SITTING)]

    assert [one.written_points for one in decisions] == pytest.approx(list(counted.sum(axis=1)))
    assert {(one.written_max, one.written_cut) for one in decisions} == {(13.0, 6.5)}
    assert all("TK" not in one.domains for one in decisions)
    assert new.sum() == 20  # and yet everybody's answer to it is marked
    (looked,) = [one for one in second_look.look(academy, "TL-1-001") if one.item == "TK-2.1-new@1"]
    assert looked.note == "tried out, counts for nothing" and looked.points == 1.0


def test_the_candidate_reads_that_some_questions_did_not_count(sat: tuple[Academy, Form]) -> None:
    academy, _ = sat
    (about,) = academy.store.rows("sittings")
    row = academy.seats(sat_form.SITTING)[0]
    academy.store.append("person.recorded", row["person"], {"name": row["person"]}, "hr")
    made = decision_of(academy, about, row, sat_form.START.date())
    academy.store.append("decision.proposed", row["seat"], _proposal(made, row, about), "S1001")
    academy.store.append("decision.confirmed", row["seat"], {"outcome": made.outcome, "appeal": None}, "S1003")
    academy.store.append("sitting.decided", sat_form.SITTING, {}, "S1003")

    (path,) = publish(academy, sat_form.SITTING, "S1001")

    page = path.read_text("utf-8")
    assert "They count in none of these figures." in page and "另有少量试测题" in page and "TK" not in page


def test_statistics_know_the_pilot_item_and_keep_it_out_of_the_form(sat: tuple[Academy, Form]) -> None:
    academy, form = sat
    counted, new = points(academy, form)
    totals = counted.sum(axis=1)
    k = counted.shape[1]
    alpha = k / (k - 1) * (1 - counted.var(axis=0, ddof=1).sum() / totals.var(ddof=1))  # Cronbach's own formula

    (found,) = statistics.statistics(academy, sat_form.SITTING).forms

    assert (found.max_points, found.mean, found.alpha) == pytest.approx((13, totals.mean(), alpha))
    (row,) = [row for row in found.items if row.pilot]
    assert (row.item, row.here, row.alpha_without) == ("TK-2.1-new@1", 0.5, None)
    assert row.pooled.answers == 40 and row.pooled.discrimination == pytest.approx(np.corrcoef(new, totals)[0, 1])
    assert "scored items 10" in found.fitness.sentence
    assert psychometrics.answers(["a", "b"], ["x", "y"], [1, 1], [[1, 0], [1, 1]], ["y"]).totals.tolist() == [1, 1]


def test_a_panel_does_not_judge_a_pilot_item(sat: tuple[Academy, Form]) -> None:
    academy, form = sat
    sheet = panel.sheets(academy, "P1", 1, form.id, ["J1"], "en")["J1"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet, newline="")))

    assert len([row for row in rows[2:] if row[2]]) == 10 and "TK-2.1-new" not in sheet


# --- out of which pool ------------------------------------------------------------------------------------------------


def test_practice_is_made_of_practice_items_as_long_as_they_suffice(academy: Academy) -> None:
    short = assembly.assemble(academy, "PR-A", 2, 2, by="zhao", purpose="practice", length=24)
    assert {line(form, POOL)[1] for form in short} == {"exam items, since the practice items do not suffice"}

    add(academy, *(replace(one, id=f"p-{one.id}", use="practice") for one in bank(1).values()))
    renamed = {name: one for name, one in academy.items.items() if one.use == "practice"}
    for name, one in renamed.items():  # their questions carry their own names
        body = {**one.body, "question": replace(one.body["question"], item_id=name)}
        add(academy, replace(one, body=body))
    made = assembly.assemble(academy, "PR-B", 2, 2, by="zhao", purpose="practice", length=24)
    shown = assembly.assemble(academy, "DE-A", 2, 1, by="zhao", purpose="demonstration", length=24)

    assert all(academy.items[name].use == "practice" for form in made for name in items_of(form))
    assert {line(form, POOL)[1] for form in made} == {"practice items"} and not any(form.pilot for form in made)
    assert line(shown[0], POOL) == ("exam items", "exam items", True)
    assert all(academy.items[name].use == "exam" for name in items_of(shown[0]))
