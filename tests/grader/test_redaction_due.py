"""What a centre may keep no longer: due on the day that the scheme names, let go once, and then due no more."""

from __future__ import annotations

import json
from datetime import date

import pytest

from grader import rules, upkeep
from grader.__main__ import main
from grader.centre import PROJECT, Centre
from grader.model import KeepingRules
from grader.store import Store
from tests.grader.redaction_centre import copied, holding, once, say

built = pytest.fixture(once, scope="module")
centre = pytest.fixture(copied)


@pytest.fixture(scope="module")
def keeping() -> KeepingRules:
    """The shipped scheme: identity 24 months, answers 36, certificates 120."""
    folder = PROJECT / "question_bank"
    return rules.load_scheme(folder / "scheme.yml", rules.load_framework(folder / "framework.yml")).keeping


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        # The result was published on 4 May 2020; the certificates ended on 4 May 2023; A1001 left on 30 June 2022.
        (date(2023, 5, 4), []),
        (date(2023, 5, 5), ["answers TL-1-01", "answers TL-1-02"]),
        (date(2025, 5, 4), ["answers TL-1-01", "answers TL-1-02"]),
        (date(2025, 5, 5), ["answers TL-1-01", "answers TL-1-02", "identity A1001"]),
        (
            date(2033, 5, 5),
            ["answers TL-1-01", "answers TL-1-02", "certificates L2-1", "certificates L2-2", "identity A1001"],
        ),
    ],
)
def test_what_is_due_is_counted_from_the_day_that_the_scheme_names(
    day: date, kinds: list[str], centre: Centre, keeping: KeepingRules
) -> None:
    with Store(centre.registry) as store:
        say(store, "person.left", "A1001", {"on": "2022-06-30"})

        found = upkeep.due(centre, store, keeping, day)

    assert sorted(f"{one.kind} {one.subject}" for one in found) == kinds


def test_the_identity_of_somebody_who_came_back_stays(centre: Centre, keeping: KeepingRules) -> None:
    with Store(centre.registry) as store:
        say(store, "person.left", "A1001", {"on": "2022-06-30"})
        say(store, "person.returned", "A1001", {"left_on": "2022-06-30"})

        found = upkeep.due(centre, store, keeping, date(2033, 5, 5))

    assert "identity" not in {one.kind for one in found}


def test_what_is_due_is_let_go_and_then_due_no_more(
    centre: Centre, keeping: KeepingRules, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store(centre.registry) as store:
        say(store, "person.left", "A1001", {"on": "2022-06-30"})
    words = ["registry", "due", "--centre", str(centre.root), "--on", "2033-05-05"]

    assert main([*words, "--json"]) == 0
    looked = json.loads(capsys.readouterr().out)
    assert main([*words, "--carry-out", "--by", "HR-1"]) == 0
    said = capsys.readouterr().out
    assert main([*words, "--json"]) == 0

    assert len(looked["due"]) == 5 and json.loads(capsys.readouterr().out)["due"] == []
    assert said.endswith("5 records due on 2033-05-05, 5 let go\n")
    assert holding(centre) == [] and not [*centre.certificates.iterdir()] and not [*centre.room.glob("*/*")]
    with Store(centre.registry) as store:
        assert store.verify() == [] and [row["person"] for row in store.rows("people")] == ["A1002"]
        assert store.rows("certificates", number="L2-2")[0]["valid_until"] == "2023-05-04"
