"""Forms on the office's shelf: assembled by the scheme, signed, given out to nobody twice, worn items left to rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from grader import certify, forms, rules
from grader.centre import PROJECT
from grader.certify import Academy, Candidate, assembly
from grader.certify.allotment import allot, taken_from_shelf
from grader.certify.exposure import items_of, seen_by, uses_of
from grader.commands import main
from grader.errors import AcademyError, InputError, RuleBroken
from grader.forms import blueprint
from grader.model import Bilingual, Criterion, Form, Item, Option, Question, digest
from tests.grader.form_checker import violations

NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
FRAMEWORK = rules.load_framework(PROJECT / "question_bank" / "framework.yml")
SCHEME = rules.load_scheme(PROJECT / "question_bank" / "scheme.yml", FRAMEWORK)
KINDS = ("choice", "multi", "choice", "number", "choice", "order", "choice", "number", "match", "choice")


def question(name: str, kind: str, points: float) -> Question:
    said = Bilingual(name, f"{name}题")
    options = tuple(Option(letter, Bilingual(letter, f"{letter}项"), letter in "ac") for letter in "abcd")
    parts: dict[str, Any] = {
        "choice": {"options": options, "key": "a"},
        "multi": {"options": options, "key": ("a", "c")},
        "number": {"key": 4.0, "tolerance": 0.1},
        "order": {"options": options, "key": ("a", "b", "c", "d")},
        "match": {"options": options[:2], "targets": options, "key": {"a": "a", "b": "b"}},
        "text": {"rubric": (Criterion("r1", said, 4.0),)},
    }[kind]
    return Question(name, 1, None, kind, name.rsplit("-", 1)[0], points, said, **parts)


def item(code: str, number: int, kind: str, cognitive: str) -> Item:
    name = f"{code}-i{number}"
    return Item(
        id=name, version=1, kind=kind, statement=code, cognitive=cognitive, minutes=1.0 + number % 3 / 10, use="exam",
        status="live", difficulty=0.45 + 0.05 * (number % 9), variants=(), enemies=(), sources=(), history=(),
        case=None, path="", source_digest="", body={"question": question(name, kind, 4.0 if kind == "text" else 1.0),
                                                     "draw": None},
    )  # fmt: skip


def bank(times: int) -> dict[str, Item]:
    """So many items for each place of a Team Leader form, and as many written answers."""
    plan = blueprint(FRAMEWORK, SCHEME.level(2), 60)
    items = []
    for code, count in plan.domains.items():
        items += [
            item(f"{code}-2.{1 + number % 4}", number, KINDS[number % 10], "RAAEARAAER"[number % 10])
            for number in range(times * count)
        ]
    items += [item("QA-2.1", 900 + number, "text", "E") for number in range(times)]
    return {one.id: one for one in items}


@pytest.fixture
def academy(tmp_path: Path) -> Iterator[Academy]:
    with Academy(tmp_path) as opened:
        # In the place of what would be read from the files.
        opened.__dict__.update(framework=FRAMEWORK, scheme=SCHEME, items=bank(4))
        facts = {"hired_on": "2020-01-15", "language": "en"}
        opened.store.append_all(
            [("person.recorded", f"A{number}", {"name": f"Person {number}", **facts}) for number in range(1, 7)], "hr"
        )
        yield opened


def cut(academy: Academy, *forms: Form) -> None:
    for form in forms:
        said = {"form": form.id, "cut": 50.0, "se": 1.2, "method": "modified Angoff", "panel": "P1"}
        academy.store.append("cut.set", form.digest, {**said, "judges": [f"J{n}" for n in range(10)]}, "office")


def seat(academy: Academy, sitting: str, person: str, form: Form, **more: Any) -> None:
    """The facts of a seat, as scheduling writes them."""
    opens = more.get("on", TODAY)
    said = {"level": 2, "purpose": more.get("purpose", "certification"), "opens_at": f"{opens.isoformat()}T09:00:00Z"}
    academy.store.append("sitting.scheduled", sitting, {**said, "forms": {}}, "office")
    given = {"sitting": sitting, "person": person, "form": form.id, "form_digest": form.digest}
    academy.store.append("seat.assigned", f"{sitting}-{person}", given, "office")
    if how := more.get("how"):
        academy.store.append(
            "seat.handed-in", f"{sitting}-{person}", {"at": None, "how": how, "digest": None}, "office"
        )


def refused(step: Any, *words: Any, **more: Any) -> str:
    with pytest.raises(AcademyError) as caught:
        step(*words, **more)
    return str(caught.value)


def test_a_set_is_made_by_the_scheme_and_told_to_the_registry(academy: Academy) -> None:
    made = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")

    pool = list(academy.items.values())
    chosen = [[academy.items[slot.question.item_id] for slot in form.slots] for form in made]
    plan = blueprint(FRAMEWORK, SCHEME.level(2), 60)
    # 8 to 50 %, 4 to 21 % and 4 to 13 % of 60, a fifth of 60 as anchors
    kinds = {"number": (5, 30), "multi": (2, 13), "order": (2, 8), "match": (2, 8), "text": (1, 1)}
    assert violations(chosen, pool, plan, kinds=kinds, minutes=(0, 120), anchors=12, overlap=0) == []
    assert [form.id for form in made] == ["TL-A-F1", "TL-A-F2"]
    assert abs(made[0].expected_points - made[1].expected_points) <= 0.05
    assert all(line.holds for form in made for line in form.proof)
    told = academy.store.events("form.assembled")
    assert [(event.subject, event.by, event.data["digest"]) for event in told] == [
        (form.id, "zhao", form.digest) for form in made
    ]
    assert {one["id"] for one in told[0].data["items"]} == items_of(made[0])
    assert [one.holds for one in assembly.shelf(academy)] == [True, True] and assembly.shelf(academy, 3) == []
    assert assembly.stored(academy, "TL-A-F2") == made[1]
    path = academy.centre.office / assembly.SHELF / "TL-A-F1.json"
    assert path.stat().st_mode & 0o077 == 0


def test_a_form_that_is_not_the_sealed_one_is_refused(academy: Academy) -> None:
    one, two = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")
    folder = academy.centre.office / assembly.SHELF

    altered = json.loads((folder / "TL-A-F1.json").read_text("utf-8"))
    altered["slots"][0]["question"]["points"] = 2.0
    (folder / "TL-A-F1.json").write_text(json.dumps(altered), "utf-8")
    assert "was altered after it was frozen" in refused(assembly.stored, academy, one.id)

    other = json.loads((folder / "TL-A-F2.json").read_text("utf-8"))
    (folder / "TL-A-F1.json").write_text(json.dumps(other), "utf-8")  # whole, but another form
    assert "is not the one that was sealed" in refused(assembly.stored, academy, one.id)

    (folder / "TL-A-F2.json").unlink()
    assert "restore it from a backup" in refused(assembly.stored, academy, two.id)


def test_what_cannot_be_a_set_is_refused_and_leaves_nothing(academy: Academy) -> None:
    assert "named by letters" in refused(assembly.assemble, academy, "../x", 2, 2, by="z")
    assert "a set has 1 to 20 forms, got 0" in refused(assembly.assemble, academy, "A", 2, 0, by="z")
    assert "60 scored items, 24 were asked for" in refused(assembly.assemble, academy, "A", 2, 2, by="z", length=24)
    assert "there is no set of forms 'B' of level 2; the shelf has none" in refused(
        assembly.assemble, academy, "A", 2, 2, by="z", like="B"
    )
    # 6 forms of 9 QA items, 2 of them common: 2 + 6 x 7 different ones of 4 x 9 + 4.
    said = refused(assembly.assemble, academy, "A", 2, 6, by="z")
    assert "domain QA wants 9 in each of 6 forms, 44 different ones with 2 in common, and the pool has 40" in said
    assert academy.store.events("form.assembled") == [] and not academy.centre.office.exists()


def test_a_full_disk_is_told_and_leaves_no_half_set(academy: Academy, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = Academy.write_office

    def full(self: Academy, sitting: str, name: str, content: Any) -> None:
        if name.endswith("F2.json"):
            raise OSError(28, "No space left on device")
        keep(self, sitting, name, content)

    monkeypatch.setattr(Academy, "write_office", full)

    said = refused(assembly.assemble, academy, "P", 2, 2, by="z", purpose="practice", length=24)

    assert said == f"the forms cannot be kept in {academy.centre.office} (No space left on device)"
    assert assembly.shelf(academy) == [] and list((academy.centre.office / assembly.SHELF).iterdir()) == []


def test_a_later_set_has_the_anchors_of_the_earlier_one_and_no_other_question_of_it(academy: Academy) -> None:
    first = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")

    later = assembly.assemble(academy, "TL-B", 2, 1, by="zhao", like="TL-A")[0]

    assert later.anchors == first[0].anchors
    for form in first:
        assert items_of(form) & items_of(later) == set(later.anchors)
    assert abs(later.expected_points - first[0].expected_points) <= 0.05
    assert all(line.holds for line in later.proof)


def test_anchors_that_changed_link_nothing(academy: Academy) -> None:
    first = assembly.assemble(academy, "TL-A", 2, 1, by="zhao")[0]
    name = first.anchors[0]
    changed = {**academy.items[name].__dict__, "version": 2}
    academy.__dict__["items"] = {**academy.items, name: Item(**changed)}

    with pytest.raises(RuleBroken, match=f"the anchors {name} changed since TL-A-F1 was made"):
        assembly.assemble(academy, "TL-B", 2, 1, by="zhao", like="TL-A")


def test_an_item_rests_after_four_sittings_and_comes_back_after_a_year(academy: Academy) -> None:
    form = assembly.assemble(academy, "TL-A", 2, 1, by="zhao")[0]
    cut(academy, form)
    waiting = uses_of(academy, TODAY, shelf=True)
    for number in range(4):
        seat(academy, f"S{number}", "A1", form, on=TODAY - timedelta(days=30 * number))
    long_ago = TODAY - timedelta(days=500)
    seat(academy, "S9", "A2", form, on=long_ago)

    uses = uses_of(academy, TODAY, shelf=True)

    assert waiting == dict.fromkeys(items_of(form), 1)  # nobody has sat it, it is about to be used
    assert uses == dict.fromkeys(items_of(form), 4)
    assert uses_of(academy, TODAY + timedelta(days=700), shelf=False) == {}
    said = refused(taken_from_shelf, academy, 2, "certification", ["TL-A"], 200, TODAY)
    assert "was used in 4 sittings of the last 12 months, 4 are allowed; assemble a new set" in said
    fresh = assembly.assemble(academy, "TL-C", 2, 1, by="zhao")[0]
    assert not items_of(fresh) & items_of(form)


def test_nobody_gets_a_form_twice_nor_a_question_again_in_a_retake(academy: Academy) -> None:
    first = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")
    other = assembly.assemble(academy, "TL-B", 2, 1, by="zhao", like="TL-A")[0]
    seat(academy, "S1", "A1", first[0])
    seat(academy, "S2", "A2", first[0], how="never")
    seat(academy, "S3", "A3", first[1], purpose="demonstration")

    given = allot(academy, ["A1", "A2", "A3", "A4"], first, "certification")

    assert set(seen_by(academy, "A1")) == {first[0].digest} and seen_by(academy, "A2") == {}
    assert [form.id for form in given] == ["TL-A-F2", "TL-A-F1", "TL-A-F1", "TL-A-F2"]
    assert "A1 has seen the form TL-A-F1, or questions of it; assemble another set" in refused(
        allot, academy, ["A1"], first[:1], "practice"
    )
    assert [form.id for form in allot(academy, ["A1"], [other], "certification")] == ["TL-B-F1"]
    clash = [replace(first[0], id="X-F1", digest="0" * 64, anchors=())]  # the same questions in another form
    assert "A1 has seen the form X-F1, or questions of it" in refused(allot, academy, ["A1"], clash, "certification")
    assert allot(academy, ["A1"], clash, "practice") == clash


def test_who_judged_a_form_on_a_panel_never_sits_it(academy: Academy) -> None:
    one, two = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")
    said = {"form": one.id, "form_digest": one.digest, "judge": "A1 Person 1", "round": 1, "ratings": {}}
    academy.store.append("panel.rated", "P1", said, "office")

    assert allot(academy, ["A1", "A1"], [one, two], "certification") == [two, two]


def test_a_certification_takes_forms_with_a_cut_and_a_whole_proof_only(academy: Academy) -> None:
    one, two = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")
    assembly.assemble(academy, "TL-P", 2, 1, by="zhao", purpose="practice", length=24)

    def take(purpose: str, *names: str, level: int = 2, minutes: float = 200) -> list[str]:
        return [form.id for form in taken_from_shelf(academy, level, purpose, names, minutes, TODAY)]

    assert "wants a cut score set by a panel" in refused(take, "certification")
    assert "form TL-A-F1 has none" in refused(take, "certification", "TL-A")
    cut(academy, one)
    assert take("certification") == ["TL-A-F1"]
    assert "form TL-A-F2 has none" in refused(take, "certification", "TL-A")
    cut(academy, two)
    assert take("certification") == take("certification", "TL-A", "TL-A-F1") == ["TL-A-F1", "TL-A-F2"]
    assert take("practice") == [] and take("demonstration", "TL-P") == ["TL-P-F1"]
    assert "TL-P was assembled for practice and is not given out for certification" in refused(
        take, "certification", "TL-P"
    )
    assert "TL-A was assembled for certification and is not given out for practice" in refused(take, "practice", "TL-A")
    assert "TL-A is of level 2, and the sitting is of level 3" in refused(take, "certification", "TL-A", level=3)
    assert "no form or set 'TL-Z' is on the shelf" in refused(take, "practice", "TL-Z")
    assert "minutes and the written part has 30; give --minutes more" in refused(
        take, "certification", "TL-A", minutes=30
    )


def test_a_certification_sitting_gives_its_candidates_the_forms_and_cuts_of_the_panel(academy: Academy) -> None:
    made = assembly.assemble(academy, "TL-A", 2, 2, by="zhao")
    cut(academy, *made)

    certify.schedule(
        academy, "TL-1", 2, [Candidate("A1"), Candidate("A2")], opens_at=NOW, closes_at=NOW + timedelta(hours=4),
        minutes=160, purpose="certification", by="office",
    )  # fmt: skip

    (sitting,) = academy.store.rows("sittings")
    assert {name: one["cut"] for name, one in json.loads(sitting["forms"]).items()} == {"TL-A-F1": 50, "TL-A-F2": 50}
    assert sitting["cut_method"] == "modified Angoff"
    assert [row["form"] for row in academy.seats("TL-1")] == ["TL-A-F1", "TL-A-F2"]
    assert academy.form("TL-1", "TL-A-F1") == made[0]
    assert [one.seats for one in assembly.shelf(academy)] == [1, 1]
    paper = (academy.centre.room / "TL-1" / "TL-1-01" / "paper.json").read_text("utf-8")
    assert '"key"' not in paper and '"right"' not in paper


def test_the_office_lists_its_forms_and_reads_a_proof(
    academy: Academy, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Academy, "items", academy.items)
    centre = ["--centre", str(academy.centre.root)]

    assert main(["exam", "forms", *centre]) == 0
    assert "no forms on the shelf" in capsys.readouterr().out
    assert main(["exam", "assemble", "TL-A", "--level", "2", "--forms", "2", "--by", "zhao", "--json", *centre]) == 0
    told = capsys.readouterr()
    document = json.loads(told.out)
    assert "form 2 of 2" in told.err and len(document["forms"]) == 2
    assert "stem" not in told.out and '"key"' not in told.out
    assert main(["exam", "forms", *centre]) == 0
    assert "TL-A-F1      2  certification     60" in capsys.readouterr().out
    assert main(["exam", "forms", "TL-A-F1", *centre]) == 0
    proof = capsys.readouterr().out
    assert "anchors" in proof and "DOES NOT HOLD" not in proof
    papers = academy.centre.office / assembly.SHELF
    (papers / "TL-A-F1.json").write_text((papers / "TL-A-F1.json").read_text("utf-8").replace("zh", "hz", 1), "utf-8")
    (papers / "TL-A-F2.json").unlink()
    assert main(["exam", "forms", *centre]) == 0
    shelf = capsys.readouterr().out
    assert shelf.count("BROKEN") == 2 and "holds" not in shelf
    assert "TL-A-F1 cannot be used: the form TL-A-F1 was altered after it was frozen" in shelf
    assert "TL-A-F2 cannot be used: the exam office's paper _forms/TL-A-F2.json cannot be read" in shelf
    assert main(["exam", "assemble", "TL-A", "--level", "2", "--by", "zhao", *centre]) == 2
    assert "there are forms of the name TL-A already" in capsys.readouterr().err


def test_a_set_that_somebody_else_sealed_meanwhile_is_left_alone(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = academy.centre.office / assembly.SHELF / "TL-P-F1.json"
    draw_up = assembly.draw_up

    def meanwhile(*given: Any, **named: Any) -> list[Form]:
        monkeypatch.setattr(assembly, "draw_up", draw_up)
        assembly.assemble(academy, "TL-P", 2, 1, by="zhao", purpose="practice", length=24)
        return draw_up(*given, **named)

    monkeypatch.setattr(assembly, "draw_up", meanwhile)

    with pytest.raises(RuleBroken, match="there are forms of the name TL-P already"):
        assembly.assemble(academy, "TL-P", 2, 1, by="qian", purpose="practice", length=25)

    assert len(academy.store.events("form.assembled")) == 1
    assert len(forms.from_json(json.loads(kept.read_text("utf-8"))).slots) == 24


def test_a_form_of_before_opens_without_what_it_did_not_know(academy: Academy) -> None:
    form = assembly.assemble(academy, "TL-P", 2, 1, by="zhao", purpose="practice", length=24)[0]
    data = forms.to_json(form)
    for name in ("anchors", "minutes", "information", "digest"):
        del data[name]
    data["digest"] = digest(json.loads(json.dumps(data)))

    old = forms.from_json(json.loads(json.dumps(data)))

    assert (old.anchors, old.minutes, old.information) == ((), 0.0, ())
    assert old.slots == form.slots


def test_months_of_rest_are_those_of_the_scheme(academy: Academy) -> None:
    form = assembly.assemble(academy, "TL-P", 2, 1, by="zhao", purpose="practice", length=24)[0]
    seat(academy, "S1", "A1", form, on=date(2026, 3, 31), purpose="practice")

    assert uses_of(academy, date(2027, 3, 31), shelf=False)
    assert not uses_of(academy, date(2027, 4, 1), shelf=False)


def test_a_name_of_the_shelf_is_not_taken_by_a_sitting_with_forms_of_its_own(academy: Academy) -> None:
    assembly.assemble(academy, "TL-1", 2, 1, by="zhao", purpose="practice", length=24)

    with pytest.raises(RuleBroken, match="there are forms of the name TL-1 already; choose another name"):
        certify.schedule(
            academy, "TL-1", 2, [Candidate("A1")], opens_at=NOW, closes_at=NOW + timedelta(hours=4), minutes=160,
            purpose="practice", by="office", length=24,
        )  # fmt: skip
    assert [path.name for path in academy.centre.office.iterdir()] == [assembly.SHELF]


def test_forms_of_two_shapes_are_not_mixed_in_a_sitting(academy: Academy) -> None:
    assembly.assemble(academy, "P-24", 2, 1, by="zhao", purpose="practice", length=24)
    assembly.assemble(academy, "P-30", 2, 1, by="zhao", purpose="practice", length=30)

    with pytest.raises(RuleBroken, match="P-24-F1 and P-30-F1 differ in their number of questions or points"):
        taken_from_shelf(academy, 2, "practice", ["P-24", "P-30"], 200, TODAY)
    with pytest.raises(InputError, match="no form 'P-99' is on the shelf"):
        assembly.stored(academy, "P-99")


def test_a_form_with_an_item_that_was_retired_since_is_given_out_no_more(academy: Academy) -> None:
    form = assembly.assemble(academy, "P-24", 2, 1, by="zhao", purpose="practice", length=24)[0]
    bad = form.slots[3].question.item_id
    before = taken_from_shelf(academy, 2, "practice", ["P-24"], 200, TODAY)

    academy.__dict__.update(items={**academy.items, bad: replace(academy.items[bad], status="retired")})

    assert [one.id for one in before] == ["P-24-F1"]
    said = refused(taken_from_shelf, academy, 2, "practice", ["P-24"], 200, TODAY)
    assert said == f"{bad} on form P-24-F1 was retired since the form was assembled; assemble a new set"
    other = assembly.assemble(academy, "P-25", 2, 1, by="zhao", purpose="practice", length=24)[0]
    assert bad not in items_of(other)
