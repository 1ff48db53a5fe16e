"""What the listener hears: answers worked out by hand, usual mistakes, and marks that are in the records."""

import itertools
import re

import pandas as pd

from ccskills import data, quality
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import code_cells, text_of

LESSON = "senior-agent/02-what-the-listener-hears"
ME = "A0109"
CRITICAL = ["customer_critical", "business_critical", "compliance_critical"]

MET = dict.fromkeys(["greeting", "listening", "explanation", "tone", "notes"], "met")
RIGHT = {
    "e1a": MET | {"hold_handling": "not met", "closing": "partly"},
    "e1b": {  # by hand: 100 - 8 - 8 / 2
        "customer_critical": "not met",
        "business_critical": "met",
        "compliance_critical": "met",
        "points": 88,
        "passed": "no",
    },
    "e2": {f"error_{n}": clause for n, clause in enumerate(["C2", "C1", "C3", "C4", "C2", "C1"], start=1)},
    "e3a": {"line_2": "ok", "line_4": "R2", "line_6": "R3", "line_8": "R4", "line_10": "ok", "line_12": "R5"},
    "e3b": {"right_4": "D", "right_6": "F", "right_8": "A", "right_12": "B"},
    "e4": {"critical_calls": 3, "passed_calls": 5, "worst_part": "problem solving"},  # counted by hand
    "e5": {"draft_1": "behaviour", "draft_2": "date", "draft_3": "none", "draft_4": "own"},
}
MISTAKES = [
    ("e1a", {"greeting": "good"}, "in quotes"),
    ("e1a", {"hold_handling": "met"}, "72 seconds"),
    ("e1a", {"hold_handling": "partly"}, "hidden"),
    ("e1a", {"explanation": "not met"}, "another line of the form"),
    ("e1a", {"closing": "met"}, "What comes next"),
    ("e1a", {"closing": "not met"}, "hidden"),
    ("e1a", {"listening": "not met"}, "the need said back"),
    ("e1a", {"notes": "not met"}, "not the ticket's fault"),
    ("e1a", {"tone": "partly"}, "hidden"),
    ("e1b", {"customer_critical": "partly"}, "no half of it"),
    ("e1b", {"customer_critical": "met"}, "is happy decides nothing"),
    ("e1b", {"compliance_critical": "not met"}, "only in line 9"),
    ("e1b", {"business_critical": "not met"}, "hidden"),
    ("e1b", {"points": 0}, "stands beside them"),
    ("e1b", {"points": 92}, "one half of its 8"),
    ("e1b", {"passed": "yes"}, "two conditions"),
    ("e1b", {"passed": "failed"}, "in quotes"),
    ("e1b", {"points": 80}, "hidden"),
    ("e2", {"error_1": "customer"}, "from C1 to C4"),
    ("e2", {"error_1": "C4"}, "the exam freezes"),
    ("e2", {"error_2": "C4"}, "was identity checked"),
    ("e2", {"error_3": "C4"}, "no right to give away"),
    ("e2", {"error_4": "C2"}, "nobody lost anything"),
    ("e2", {"error_5": "C3"}, "waited at home"),
    ("e2", {"error_6": "C4"}, "is luck"),
    ("e2", {"error_1": "C3"}, "hidden"),
    ("e3a", {"line_2": "fine"}, "or a rule"),
    ("e3a", {"line_2": "R1"}, "counts seconds"),
    ("e3a", {"line_4": "ok"}, "at the other end"),
    ("e3a", {"line_6": "ok"}, "Look at the clock"),
    ("e3a", {"line_10": "R4"}, "short and dry"),
    ("e3a", {"line_12": "ok"}, "when the bill comes"),
    ("e3a", {"line_8": "ok"}, "hidden"),
    ("e3a", {"line_12": "R6"}, "hidden"),
    ("e3b", {"right_4": "G"}, "one letter"),
    ("e3b", {"right_8": "C"}, "blames more politely"),
    ("e3b", {"right_12": "E"}, "cannot be checked"),
    ("e3b", {"right_8": "F"}, "stands twice"),
    ("e3b", {"right_6": "A", "right_8": "F"}, "hidden"),
    ("e4", {"critical_calls": 2}, "one class only"),
    ("e4", {"critical_calls": 13}, "have none"),
    ("e4", {"passed_calls": 6}, "it did not pass"),
    ("e4", {"passed_calls": 13}, "the other is 80 points"),
    ("e4", {"worst_part": "explanation"}, "an item of the form"),
    ("e4", {"worst_part": "solution"}, "spelled as in the chart"),
    ("e4", {"worst_part": "process"}, "hidden"),
    ("e4", {"critical_calls": 4}, "hidden"),
    ("e5", {"draft_1": "vague"}, "is wanted"),
    ("e5", {"draft_1": "none"}, "has no sound"),
    ("e5", {"draft_1": "check"}, "what to listen for"),
    ("e5", {"draft_2": "check"}, "when does it begin"),
    ("e5", {"draft_4": "none"}, "Whose action"),
    ("e5", {"draft_3": "date"}, "hidden"),
]


def own():
    evaluations = data.centre().evaluations
    return evaluations[evaluations["agent_id"] == ME].set_index("date")


def points_lost(calls):
    """Points lost by item, worked out from the marks: two steps for most items, one for hold and ticket."""
    steps = {"hold_handling": 1, "notes": 1}
    items = [item for item in quality.standard_form().items if not item.critical]
    return {
        item.key: sum(item.weight * (1 - mark / steps.get(item.key, 2)) for mark in calls[item.key]) for item in items
    }


def test_the_call_that_is_told_was_marked_as_the_story_says():
    call, text = own().loc["2026-05-13"], text_of(LESSON)
    said = RIGHT["e1a"] | RIGHT["e1b"]
    marks = {"met": 2, "partly": 1, "not met": 0}

    lost = points_lost(call.to_frame().T)
    speed, attitude = 8 - lost["hold_handling"], 28 - lost["greeting"] - lost["tone"]
    solving, process = 44 - lost["listening"] - lost["explanation"], 12 - lost["notes"]
    parts = f"speed {speed:.0f} of 8 points, attitude {attitude:.0f} of 28, problem solving {solving:.0f} of 44, "
    assert parts + f"process {process:.0f} of 12, result {8 - lost['closing']:.0f} of 8" in text
    assert pd.Timestamp("2026-05-13").day_name() == "Wednesday" and "rang on a Wednesday" in text
    assert call["score"] == said["points"] and "It scored **88 points**" in text
    assert all(call[item] == (said[item] == "met") for item in [*CRITICAL, "hold_handling", "notes"])
    assert all(call[item] == marks[said[item]] for item in ["greeting", "listening", "explanation", "tone", "closing"])
    assert quality.standard_form().pass_score == 80 and "80 are enough" in text
    scored = quality.score(quality.standard_form(), pd.DataFrame([RIGHT["e1a"] | {k: said[k] for k in CRITICAL}]))
    assert scored[["score", "customer", "passed"]].iloc[0].tolist() == [88.0, 1, False]


def test_the_worked_example_adds_up():
    call, text = own().loc["2026-08-27"], text_of(LESSON)
    lost = {item: points for item, points in points_lost(call.to_frame().T).items() if points}

    assert lost == {"greeting": 5, "notes": 12} and call[CRITICAL].all()
    assert "5 + 20 + 24 + 18 + 8 + 8 + 0 = **83 points**" in text and call["score"] == 83


def test_the_mirror_shows_what_the_story_says():
    calls, text = own().loc["2026-05-13":], text_of(LESSON)
    failed = (calls[CRITICAL] == 0).stack()
    failed = failed[failed].index.tolist()
    lost = points_lost(calls)
    parts = {
        "attitude": lost["greeting"] + lost["tone"],
        "problem solving": lost["listening"] + lost["explanation"],
        "process": lost["notes"],
        "result": lost["closing"],
        "speed": lost["hold_handling"],
    }

    assert len(calls) == 16 and "sixteen of your calls have been marked" in text
    assert [(f"{day:%m-%d}", item) for day, item in failed] == [
        ("05-13", "customer_critical"),
        ("06-21", "business_critical"),
        ("07-08", "customer_critical"),
    ]
    assert f"incomplete in {(calls['notes'] == 0).sum()} of the 16 calls" in text
    assert calls["notes"].tolist()[-4:] == [1, 0, 0, 0]  # the last three in a row
    assert max(parts, key=parts.get) == "problem solving" and max(lost, key=lost.get) == "explanation"
    assert abs(sum(lost.values()) - (100 - calls["score"]).sum()) < 1e-9


def test_the_seconds_of_the_chat_are_those_of_its_clock():
    def seconds(first, second):
        return (pd.Timestamp(f"2026-08-20 {second}") - pd.Timestamp(f"2026-08-20 {first}")).total_seconds()

    text = text_of(LESSON)

    assert all(clock in text for clock in ("19:02:10", "19:02:48", "19:03:41", "19:06:55"))
    assert seconds("19:02:10", "19:02:48") == 38 <= 60
    assert seconds("19:03:41", "19:06:55") == 194 > 90
    assert pd.Timestamp("2026-08-20").day_name() == "Thursday" and "Thursday 20 August" in text


def test_the_seconds_of_the_call_are_those_of_its_lines():
    rows = re.findall(r"\| ?(\d*) \| 0(\d):(\d\d) \|([^|]*)\|", text_of(LESSON))
    starts = [60 * int(minute) + int(second) for _, minute, second, _ in rows]
    lengths = [later - earlier for earlier, later in itertools.pairwise(starts)]
    told = {"You": [], "Ms Qin": [], "": []}
    for (_, _, _, who), length in zip(rows[:-1], lengths, strict=True):
        told[who.strip().replace("\u00a0", " ")].append(length)
    drawn = next(cell.source for cell in code_cells(LESSON) if cell.source.startswith("spoken = "))

    assert starts[-1] == 176 and "Whose were the 176 seconds?" in text_of(LESSON)
    assert str({"you": told["You"], "qin": told["Ms Qin"], "music": told[""]}).replace("'", '"') in drawn


def test_in_august_alone_there_were_more_than_a_thousand_calls():
    ours = data.centre()
    handled = sum((ours.calls(day)["agent_id"] == ME).sum() for day in pd.date_range("2026-08-01", "2026-08-30"))

    assert handled > 1000
