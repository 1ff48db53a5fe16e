"""The practical of level 1 proves itself: model answers earn everything, empty and careless ones nothing."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.content import practical_seat as seat

NAME = "senior-agent"
CONTACTS = "ABCD"
DAY = ("adherence_pct", "conformance_pct", "lost_min", "outside_min")
ANSWERS = (*(f"{what}_{name}" for name in CONTACTS for what in ("contact", "line")), *DAY)
FULL = {f"{name}{part}": 1 for name in "abcd" for part in "123"} | {"t1": 2, "t2": 2, "t3": 1, "t4": 1}
SEEDS = range(12)
RULES = [f"R{number}" for number in range(1, 11)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def judged(answers: dict[str, Any], *only: str) -> dict[str, float]:
    return seat.judge(NAME, answers, *only)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_model_answers_earn_every_point_silently(
    seed: int, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seat.lay(NAME, seed)

    assert judged(seat.solve(NAME, ANSWERS, language)) == FULL
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_untouched_notebook_earns_nothing(language: str) -> None:
    seat.lay(NAME, 1)
    namespace: dict[str, Any] = {}
    for cell in seat.released(NAME, language).cells:
        if cell.cell_type == "code" and seat.flags(cell).get("solution"):
            with pytest.raises(NotImplementedError):
                exec(cell.source, namespace)

    assert judged({}) == dict.fromkeys(FULL, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_faults_that_the_model_finds_are_those_that_were_drawn(seed: int) -> None:
    """Held against the draw itself, not against the words of the lines."""
    drawn: list[list[str]] = []
    drawer = seat._drawer(NAME)
    own = drawer["drawn_faults"]

    def listening(rng: Any) -> Any:
        drawn.append(own(rng))
        return drawn[-1]

    drawer["drawn_faults"] = listening
    try:
        seat.lay(NAME, seed)
    finally:
        drawer["drawn_faults"] = own
    right = seat.solve(NAME, ANSWERS)

    for name, faults in zip(CONTACTS, drawn[-1], strict=True):
        gravest = min(faults, key=lambda rule: int(rule[1:]))
        assert set(right[f"contact_{name}"]) == set(faults)
        assert right[f"line_{name}"] == drawer["LINE_OF"][gravest]
    assert sorted(map(len, drawn[-1])) == [1, 2, 2, 3]


@pytest.mark.parametrize("seed", SEEDS)
def test_naming_every_rule_or_always_the_same_one_earns_next_to_nothing(seed: int) -> None:
    seat.lay(NAME, seed)

    every = {f"contact_{name}": RULES for name in CONTACTS}
    none: dict[str, Any] = {f"contact_{name}": [] for name in CONTACTS}
    assert sum(judged(every).values()) == sum(judged(none).values()) == 0
    for rule in RULES:
        assert sum(judged({f"contact_{name}": [rule] for name in CONTACTS}).values()) <= 2
    for line in range(1, 14):
        assert sum(judged({f"line_{name}": line for name in CONTACTS}).values()) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_of_the_faults_earns_a_part_and_a_false_alarm_costs_both_points(seed: int) -> None:
    seat.lay(NAME, seed)
    right = seat.solve(NAME, ANSWERS)

    for name in CONTACTS:
        faults, low = right[f"contact_{name}"], name.lower()
        some = judged(right | {f"contact_{name}": faults[:1]}, f"{low}1", f"{low}2")
        assert (some[f"{low}1"], some[f"{low}2"]) == (1, 1 if len(faults) == 1 else 0)
        wrong = next(rule for rule in RULES if rule not in faults)
        alarm = judged(right | {f"contact_{name}": [*faults, wrong]}, f"{low}1", f"{low}2")
        assert (alarm[f"{low}1"], alarm[f"{low}2"]) == (0, 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_known_mistakes_with_the_day_earn_nothing(seed: int) -> None:
    day = seat.lay(NAME, seed)["my_day.csv"]
    right = seat.solve(NAME, ANSWERS)
    minutes, planned, actual = day["minutes"], day["planned"], day["actual"]
    inside = ~planned.str.startswith("off")
    kept = float(minutes[planned == actual].sum())
    phones = float(minutes[actual.str.startswith(("phones", "training"))].sum())

    mistakes = {
        "adherence_pct": [
            100 * kept / float(minutes.sum()),  # the time after the shift in the base
            100 * phones / float(minutes[inside].sum()),  # work instead of the planned state
            right["conformance_pct"],
            right["adherence_pct"] / 100,
        ],
        "conformance_pct": [
            100 * (1 - right["lost_min"] / float(minutes[planned.str.startswith(("phones", "training"))].sum())),
            100 * phones / float(minutes[inside].sum()),
            right["adherence_pct"],
            100.0,
        ],
        "lost_min": [right["outside_min"], abs(right["lost_min"] - right["outside_min"])],
        "outside_min": [right["lost_min"], int(minutes[~inside].sum())],
    }

    for test, name in zip(("t1", "t2", "t3", "t4"), DAY, strict=True):
        for value in mistakes[name]:
            assert judged(right | {name: value}, test)[test] == 0, (name, value)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_day_adds_up_by_another_way(seed: int) -> None:
    """Minute by minute: one state for each minute of plan and of reality."""
    day = seat.lay(NAME, seed)["my_day.csv"]
    right = seat.solve(NAME, ANSWERS)
    pairs = [
        (row["planned"].split()[0], row["actual"].split()[0])
        for row in day.to_dict("records")
        for _ in range(row["minutes"])
    ]
    work = {"phones", "training"}
    scheduled = [pair for pair in pairs if pair[0] != "off"]

    assert len(scheduled) == 510  # eight and a half hours
    assert right["adherence_pct"] == round(100 * sum(one == two for one, two in scheduled) / 510, 1)
    planned_work = sum(one in work for one, _ in pairs)
    assert right["conformance_pct"] == round(100 * sum(two in work for _, two in pairs) / planned_work, 1)
    lost = sum(one in work and two not in work for one, two in pairs)
    outside = sum(two in work and one not in work for one, two in pairs)
    assert (right["lost_min"], right["outside_min"]) == (lost, outside)
    assert 88 <= right["adherence_pct"] <= 97 and abs(right["adherence_pct"] - right["conformance_pct"]) > 1


def test_the_visible_checks_help_with_the_form_and_do_not_tell_the_key() -> None:
    seat.lay(NAME, 2)
    wrong: dict[str, Any] = {f"contact_{name}": ["R1", "R2", "R3", "R10"] for name in CONTACTS}
    wrong |= {f"line_{name}": 2 for name in CONTACTS} | dict.fromkeys(DAY, 99)
    malformed: dict[str, Any] = {f"contact_{name}": "R3" for name in CONTACTS}
    malformed |= {f"line_{name}": 40 for name in CONTACTS} | {"adherence_pct": 0.914, "conformance_pct": 0.98}
    malformed |= {"lost_min": 12.5, "outside_min": -3}

    checks = seat.visible_checks(NAME)
    assert len(checks) == len(FULL)
    for cell in checks:
        assert "HIDDEN" not in cell.source and "Han Yu" not in cell.source
        exec(cell.source, dict(wrong))
        with pytest.raises(AssertionError, match="wanted"):
            exec(cell.source, dict(malformed))
    assert judged(wrong) == dict.fromkeys(FULL, 0)


def test_what_a_candidate_gets_does_not_tell_the_faults() -> None:
    for language in ("en", "zh"):
        text = "".join(cell.source for cell in seat.released(NAME, language).cells)
        assert "six-digit" not in text and "all along" not in text and "LINE_OF" not in text
    assert set(seat.seat_data(NAME, 4)["contacts.csv"].columns) == {"contact", "line", "time", "who", "en", "zh"}


def test_both_languages_carry_the_same_graded_cells() -> None:
    def graded(language: str) -> list[dict[str, Any]]:
        return [seat.flags(cell) for cell in seat.cells_of(NAME, language) if seat.flags(cell)]

    identities = [entry["grade_id"] for entry in graded("en")]

    assert graded("en") == graded("zh")
    assert len(identities) == len(set(identities))
    assert sum(entry["points"] for entry in graded("en") if entry["grade"]) == 22


def test_the_prompt_and_the_rubric_survive_in_cells_that_cannot_be_edited() -> None:
    for language, points in (("en", "Points"), ("zh", "分值")):
        cells = seat.released(NAME, language).cells
        (answer,) = (place for place, cell in enumerate(cells) if seat.flags(cell).get("grade_id") == "w1")
        rubric = cells[answer - 1]

        assert cells[answer].source == "YOUR ANSWER HERE"
        assert points in rubric.source and rubric.metadata["editable"] is False
        assert rubric.source.count("\n| 1 |") == seat.flags(cells[answer])["points"] == 4


def test_every_seat_has_data_of_its_own() -> None:
    seeds = random.Random(5).sample(range(10**6), 12)
    first = {
        seed: {file: frame.to_csv(index=False) for file, frame in seat.seat_data(NAME, seed).items()} for seed in seeds
    }

    assert first == {
        seed: {file: frame.to_csv(index=False) for file, frame in seat.seat_data(NAME, seed).items()} for seed in seeds
    }
    for file in ("contacts.csv", "my_day.csv"):
        assert len({files[file] for files in first.values()}) == len(seeds)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_contacts_are_some_that_a_floor_would_believe(seed: int) -> None:
    talks = seat.seat_data(NAME, seed)["contacts.csv"]

    assert talks.groupby("contact")["line"].max().to_dict() == dict.fromkeys(CONTACTS, 13)
    for _, talk in talks.groupby("contact"):
        clock = [60 * int(time[:2]) + int(time[3:]) for time in talk["time"]]
        assert clock == sorted(clock) and 180 <= clock[-1] <= 420
    assert not any(talks[language].str.contains(r"[{}]").any() for language in ("en", "zh"))
