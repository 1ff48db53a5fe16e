"""Names go to tours at the least cost that any matching has, contracts and skills never give way."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccskills.scheduling import assign

TOURS = pd.DataFrame(
    {
        "contract": ["full", "full", "part"],
        "days": ["Mon Tue Wed Thu Fri", "Wed Thu Fri Sat Sun", "Mon Tue Sat"],
        "start": ["08:00", "12:00", "09:00"],
        "heads": [2, 1, 1],
        "weekend_days": [0, 2, 1],
    },
    index=pd.Index(["T001", "T002", "T003"], name="tour"),
)


def people(**columns: Any) -> pd.DataFrame:
    return pd.DataFrame(columns, index=pd.Index(["A", "B", "C", "D"], name="agent_id"))


def test_everybody_has_one_place_and_every_place_somebody() -> None:
    result = assign(TOURS, people(start=["08:00", "12:00", None, "09:00"])).people

    assert sorted(result["position"]) == [1, 2, 3, 4]
    assert result["tour"].value_counts().to_dict() == {"T001": 2, "T002": 1, "T003": 1}
    assert result.loc[["A", "B", "D"], "start_met"].tolist() == [1, 1, 1]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.sampled_from(["07:00", "08:00", "10:30", "13:00", ""]), min_size=4, max_size=4),
    st.lists(st.sampled_from(["Sat Sun", "Mon", "", "Tue Sun"]), min_size=4, max_size=4),
)
def test_no_matching_costs_less(starts: list[str], days_off: list[str]) -> None:
    def missed(person: int, tour: int) -> float:
        total = 0.0
        if starts[person]:
            wish, is_at = (int(text[:2]) * 60 + int(text[3:]) for text in (starts[person], TOURS["start"].iloc[tour]))
            total += min(abs(wish - is_at) / 240, 1) ** 2
        if wished := days_off[person].split():
            works = TOURS["days"].iloc[tour].split()
            total += (sum(day in works for day in wished) / len(wished)) ** 2
        return total

    least = min(
        sum(missed(person, tour) for person, tour in enumerate(order)) for order in itertools.permutations([0, 0, 1, 2])
    )

    result = assign(TOURS, people(start=starts, days_off=days_off)).people

    tours = [int(label[1:]) - 1 for label in result["tour"]]
    assert sum(missed(person, tour) for person, tour in enumerate(tours)) == pytest.approx(least)


def test_contract_and_skills_come_before_wishes() -> None:
    tours = TOURS.assign(skills=["", "chat", ""])
    team = people(contract=["full", "full", "full", "part"], start=["09:00", "08:00", "08:00", "08:00"])
    team["skills"] = ["voice", "voice", "chat voice", "voice"]

    result = assign(tours, team).people

    assert result["tour"].to_dict() == {"A": "T001", "B": "T001", "C": "T002", "D": "T003"}


def test_the_bad_weekend_goes_round() -> None:
    tours = TOURS.iloc[:2].assign(heads=[3, 1])
    turns = []
    team = people(days_off="Sat Sun")
    for _ in range(4):
        result = assign(tours, team)
        turns.append(result.people.index[result.people["tour"] == "T002"][0])
        before = team.get("weekend_days", 0)
        team = team.assign(weekend_days=before + result.people["weekend_days"])

    assert sorted(turns) == ["A", "B", "C", "D"]
    assert team["weekend_days"].tolist() == [2, 2, 2, 2]


def test_who_went_without_last_time_is_served_first() -> None:
    tours = TOURS.iloc[:2].assign(heads=[1, 1])
    pair = people(start="08:00").iloc[:2]

    assert assign(tours, pair.assign(met=[1.0, 0.0])).people.at["B", "start_met"] == 1
    assert assign(tours, pair.assign(met=[0.0, 1.0])).people.at["A", "start_met"] == 1
    assert assign(tours, pair.assign(seniority=[1, 9]), seniority_weight=1).people.at["B", "start_met"] == 1


def test_fairness_is_summed_up_as_by_hand() -> None:
    tours = TOURS.iloc[:2].assign(heads=[1, 1])
    result = assign(tours, people(start="08:00", days_off="Sat Sun").iloc[:2])

    # One has both wishes, the other none: mean 1/2, Gini of (0, 1) is 1/2
    assert (result.met, result.worst_met, result.gini, result.weekend_range) == (0.5, 0.0, 0.5, 2)
    assert result.people.loc[result.worst, "tour"] == "T002"


def test_more_people_than_tours_leave_some_in_reserve() -> None:
    result = assign(TOURS.iloc[:1], people(start="08:00"))

    assert result.people["tour"].notna().sum() == 2
    assert result.people.loc[result.people["tour"].isna(), "days"].tolist() == ["", ""]
    assert result.met == 1


def test_without_wishes_all_are_met() -> None:
    result = assign(TOURS, people())

    assert result.met == 1
    assert result.gini == 0
    assert np.isnan(result.people["start_met"]).all()


@pytest.mark.parametrize(
    ("tours", "team", "sentence"),
    [
        (TOURS, people().iloc[:0], "people must hold at least one person, got none"),
        (
            TOURS,
            people().iloc[:3],
            "people must be at least as many as the heads of the tours, got 3 people for 4 heads",
        ),
        (
            TOURS,
            people(contract="full"),
            "people must fill every tour, got 1 heads without anybody left, the first on tour T003 of 1 heads, "
            "for which 0 people have the contract part",
        ),
        (
            TOURS.assign(skills=["", "chat", ""]),
            people(skills="voice"),
            "people must fill every tour, got 1 heads without anybody left, the first on tour T002 of 1 heads, "
            "for which 0 people have the contract full and the skills chat",
        ),
        (TOURS, people().set_axis(["A", "A", "B", "C"]), "people must hold everybody once, got 'A' twice"),
        (
            TOURS,
            people(days_off="Sunday"),
            "days_off of people must be days such as Mon Tue Wed Thu Fri Sat Sun, got 'Sunday'",
        ),
        (
            TOURS,
            people(start="8 am"),
            'start of people must be clock times from "00:00" to "23:59", got \'8 am\'',
        ),
        (TOURS.assign(heads=0), people(), "heads of tours must hold at least one person, got none"),
        (TOURS.assign(heads=0.5), people(), "heads of tours must be whole numbers, got fractions"),
        (TOURS, people(met=80.0), "met of people must be shares between 0 and 1, got 80"),
    ],
)
def test_teams_that_do_not_fit_are_refused(tours: pd.DataFrame, team: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        assign(tours, team)
    assert str(error.value) == sentence
