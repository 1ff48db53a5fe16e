"""The dictionary and the dashboard: answers worked out by hand, usual mistakes, and a story that is in the data."""

import contextlib
import functools
import io

import pandas as pd

from ccskills import data, performance, quality
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import code_cells, judge, text_of

LESSON = "manager/04-the-dictionary-and-the-dashboard"


@functools.cache
def notes(language="en"):
    """The made-up notes of an edition, as its cells make them."""
    scope = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in code_cells(LESSON, language):
            wanted = ("language =", "import ", "ours =", "all_notes, all_about")
            if not cell.metadata.get("nbgrader") and any(word in cell.source for word in wanted):
                exec(cell.source, scope)
            if "all_notes" in scope:
                break
    return {name: scope[name] for name in ("all_notes", "all_about", "read_notes", "read_about")}


WORDS = {
    "en": ["no text message", "new time never", "nobody told", "no notice", "expected a message"],
    "zh": ["没收到短信", "短信一直没来", "没告诉", "没有任何通知", "该发条短信"],
}
WISHES = {"en": ["would pay", "whole house", "repeater"], "zh": ["加钱", "全屋覆盖", "放大器"]}
BOARD = {
    "calls waiting": "desk",
    "today": "desk",
    "adherence": "team leader",
    "coaching due": "team leader",
    "complaint rate": "management",
    "cost per resolution": "management",
    "nps today": "none",
    "ranking": "none",
}
VERDICT = {"status page": "event", "71 percent": "sampling", "tone course": "season", "paying": "holds so far"}
STATUS = {"D1": "closed", "D2": "back", "D3": "watch", "D4": "no measure", "D5": "running"}
RIGHT = {
    "e1a": {"rate_change_pct": -1.3},  # by hand: 3,173 / 859,143 against 2,925 / 782,067
    "e1b": {"spliced_pct": -41.9, "restated_pct": -8.9},  # by hand: 433 / 121,279, 546 / 88,908, 465 / 118,649
    "e2a": {"silence": ["R2", "R5", "R7", "R9"], "hours_freed": 40},  # by hand: 10 + 7 + 9 + 14
    "e2b": {"board": BOARD},
    "e3a": {"before_mean": 105.0, "after_mean": 104.7},  # by hand: 630 / 6 and 628 / 6
    "e3b": {"paid_gap_pts": 21.5},
    "e3c": {"verdict": VERDICT},
    "e4a": {"words": WORDS["en"]} | notes(),
    "e4b": {"no_message": 87, "wishes": 22, "wish_words": WISHES["en"], "words": WORDS["en"]} | notes(),
    "e5": {"status": STATUS},
}
MISTAKES = [
    ("e1a", {"rate_change_pct": 9.3}, "Zhao Lei's count"),
    ("e1a", {"rate_change_pct": 3.8}, "contacts of one"),
    ("e1a", {"rate_change_pct": -0.5}, "second complaints"),
    ("e1a", {"rate_change_pct": 3.0}, "only calls below"),
    ("e1a", {"rate_change_pct": -1.8}, "averaged the rates"),
    ("e1a", {"rate_change_pct": -1.7}, "same days"),
    ("e1a", {"rate_change_pct": -0.013}, "percent is wanted"),
    ("e1a", {"rate_change_pct": 1.3}, "hidden"),
    ("e1b", {"spliced_pct": -0.419}, "Percent is wanted"),
    ("e1b", {"restated_pct": -9.2}, "both months by version 1"),
    ("e1b", {"restated_pct": -7.3}, "count of complaints"),
    ("e1b", {"spliced_pct": -8.9, "restated_pct": -41.9}, "swapped"),
    ("e1b", {"spliced_pct": -20.7}, "not yet the whole step"),
    ("e1b", {"spliced_pct": 41.9, "restated_pct": 8.9}, "a fall is below 0"),
    ("e1b", {"restated_pct": -12.0}, "hidden"),
    ("e2a", {"silence": ["R2", "R4", "R5", "R6", "R7", "R9"], "hours_freed": 57}, "proof that is owed"),
    ("e2a", {"silence": ["R3", "R5", "R7"], "hours_freed": 24}, "two decisions have named it"),
    ("e2a", {"silence": ["R5", "R7"], "hours_freed": 16}, "Opened is not used"),
    ("e2a", {"silence": ["R1", "R2", "R5", "R7", "R9"], "hours_freed": 46}, "so it stays"),
    ("e2a", {"hours_freed": 75}, "not the sum"),
    ("e2a", {"silence": ["ranking"]}, "list of names"),
    ("e2a", {"silence": ["R2", "R5", "R7"], "hours_freed": 26}, "hidden"),
    ("e2b", {"board": BOARD | {"calls waiting": "management"}}, "Wu Tao's work"),
    ("e2b", {"board": BOARD | {"nps today": "desk"}}, "some 17 points"),
    ("e2b", {"board": BOARD | {"ranking": "team leader"}}, "passed on"),
    ("e2b", {"board": BOARD | {"adherence": "desk"}}, "team leader's"),
    ("e2b", {"board": {"ranking": "none"}}, "is a dictionary"),
    ("e2b", {"board": BOARD | {"cost per resolution": "team leader"}}, "hidden"),
    ("e3a", {"before_mean": 146}, "Meng Fan's week"),
    ("e3a", {"before_mean": 110.9}, "week of the outage is included"),
    ("e3a", {"before_mean": 110.5}, "week of the outage is included"),
    ("e3a", {"after_mean": 112.3}, "19 April"),
    ("e3a", {"after_mean": 75}, "best single week"),
    ("e3a", {"before_mean": 15.0}, "Complaints per week"),
    ("e3a", {"after_mean": 99.0}, "hidden"),
    ("e3b", {"paid_gap_pts": 0.215}, "percentage points are wanted"),
    ("e3b", {"paid_gap_pts": -21.5}, "paid minus not paid"),
    ("e3b", {"paid_gap_pts": 20.7}, "crude gap"),
    ("e3b", {"paid_gap_pts": 22.1}, "plain mean"),
    ("e3b", {"paid_gap_pts": 25.0}, "hidden"),
    ("e3c", {"verdict": VERDICT | {"paying": "event", "status page": "holds so far"}}, "saved"),
    ("e3c", {"verdict": VERDICT | {"paying": "sampling", "71 percent": "holds so far"}}, "nobody was picked"),
    ("e3c", {"verdict": VERDICT | {"paying": "season"}}, "occurs once"),
    ("e3c", {"verdict": VERDICT | {"tone course": "event", "status page": "season"}}, "hidden"),
    ("e4a", {"words": "message"}, "list of texts"),
    ("e4a", {"words": ["a day off, the visit was moved, no text"]}, "nearly the whole note"),
    ("e4a", {"words": ["message"]}, "Precision 71%"),
    ("e4a", {"words": ["message", "nobody told", "no notice"]}, "Precision 79%"),
    ("e4a", {"words": ["message", "notice", "told", "visit", "line"]}, "Precision"),
    ("e4a", {"words": ["nobody told"]}, "in other words"),
    ("e4b", {"wishes": 28}, "counted twice"),
    ("e4b", {"wishes": 12}, "one of the three words"),
    ("e4b", {"no_message": 25}, "120 notes"),
    ("e4b", {"words": None}, "exercise 4a first"),
    ("e4b", {"wishes": 21}, "hidden"),
    ("e4b", {"no_message": 120}, "hidden"),
    ("e5", {"status": STATUS | {"D2": "closed"}}, "Monday that everybody remembers"),
    ("e5", {"status": STATUS | {"D4": "closed"}}, "112 attended"),
    ("e5", {"status": STATUS | {"D5": "back"}}, "31 December"),
    ("e5", {"status": STATUS | {"D3": "closed"}}, "One good month"),
    ("e5", {"status": STATUS | {"D3": "back"}}, "made for that"),
    ("e5", {"status": STATUS | {"D1": "running"}}, "July and August are in"),
    ("e5", {"status": STATUS | {"D1": "done"}}, "is a dictionary"),
    ("e5", {"status": STATUS | {"D1": "watch"}}, "hidden"),
]


def test_the_notes_are_alike_in_both_languages_and_the_words_of_the_author_find_them():
    english, chinese = notes("en"), notes("zh")

    assert english["all_about"] == chinese["all_about"]
    for language, held in (("en", english), ("zh", chinese)):
        hit = [any(word in note.lower() for word in WORDS[language]) for note in held["all_notes"]]
        wish = [any(word in note for word in WISHES[language]) for note in held["all_notes"]]
        assert (sum(hit), sum(wish)) == (87, 22)
        assert len(held["all_notes"]) == 468
        assert len(held["read_notes"]) == 120
    assert judge(LESSON, "e4a", words=WORDS["zh"], **chinese) is None
    assert "Precision 71%" in judge(LESSON, "e4a", words=["短信"], **chinese)
    right = {"no_message": 87, "wishes": 22, "wish_words": WISHES["zh"]} | chinese
    assert judge(LESSON, "e4b", words=WORDS["zh"], **right) is None
    fewer = WORDS["zh"][:4]  # a right count of other words is right too
    found = sum(any(word in note for word in fewer) for note in chinese["all_notes"])
    assert judge(LESSON, "e4b", words=fewer, **right | {"no_message": found}) is None


def test_a_note_copied_whole_is_too_long_in_both_languages():
    for language, most in (("en", 25), ("zh", 10)):
        held = notes(language)
        about = {note for note, one in zip(held["all_notes"], held["all_about"], strict=True) if one}
        assert min(map(len, about)) > most >= max(map(len, WORDS[language]))
        said = judge(LESSON, "e4a", language=language, words=sorted(about), **held)
        assert {"en": "nearly the whole note", "zh": "整句照抄"}[language] in said


def test_the_notes_that_were_read_are_like_those_that_were_not():
    tries = {
        "en": [
            ["message"],
            ["message", "notice"],
            ["message", "nobody told", "no notice"],
            WORDS["en"],
            WORDS["en"][:4],
        ],
        "zh": [["短信"], ["短信", "通知"], ["短信", "没告诉", "没有任何通知"], WORDS["zh"], WORDS["zh"][1:]],
    }
    for language, lists in tries.items():
        held = notes(language)
        for words in lists:
            rates = []
            for which in ("read", "all"):
                texts, about = held[f"{which}_notes"], held[f"{which}_about"]
                hit = [any(word in text.lower() for word in words) for text in texts]
                right = sum(one and true for one, true in zip(hit, about, strict=True))
                rates.append((right / sum(hit), right / sum(about)))
            assert max(abs(one - other) for one, other in zip(*rates, strict=True)) < 0.05


def test_words_that_suit_only_the_notes_that_were_read_do_not_count():
    held = notes()
    twice = held | {"all_notes": ["nothing"] * 400 + held["all_notes"][:68], "all_about": [True] * 468}

    assert judge(LESSON, "e4a", hidden=False, words=WORDS["en"], **twice) is None
    assert judge(LESSON, "e4a", words=WORDS["en"], **twice) == "hidden"


def daily():
    ours = data.centre()
    opened = ours.complaints["opened"].dt.normalize()
    tables = {"calls": ours.intervals["answered"], "chats": ours.chat["answered"], "emails": ours.email["handled"]}
    days = pd.DataFrame({name: table.groupby(table.index.normalize()).sum() for name, table in tables.items()})
    days["contacts"] = days.sum(axis=1)
    days["complaints"] = opened.value_counts()
    days["repeats"] = opened[ours.complaints["repeat"]].value_counts()
    return days.fillna(0)


def test_every_number_of_the_complaints_is_in_the_data():
    text, days, ours = text_of(LESSON), daily(), data.centre()
    before, now = days["2025-01-06":"2025-08-30"].sum(), days["2026-01-06":"2026-08-30"].sum()
    by_calls = [1000 * year["complaints"] / year["calls"] for year in (before, now)]
    by_all = [(year["complaints"] - year["repeats"]) / year["contacts"] for year in (before, now)]
    months = days.resample("MS").sum()
    june, july = months.loc["2026-06-01"], months.loc["2026-07-01"]
    first = [(month["complaints"] - month["repeats"]) / month["contacts"] for month in (june, july)]
    weeks = days["complaints"].resample("W-SUN").sum()
    contacts = days["contacts"].resample("W-SUN").sum()
    complaints = ours.complaints
    summer = complaints[complaints["closed"].notna() & (complaints["opened"] >= "2026-06-01")]
    quick = summer[(summer["closed"] - summer["opened"]) <= pd.Timedelta(days=1)]
    settled = complaints[complaints["closed"].notna()]
    paid = settled.groupby("compensated")["satisfied_after"].mean()
    cases = settled.assign(satisfied=settled["satisfied_after"].astype(int), cases=1)
    fair = performance.mix_adjusted(cases, "compensated", "severity", "satisfied", "cases")["adjusted"]
    whole = months.loc["2025-02-01":"2026-07-01"]

    told = [
        f"{100 * complaints['channel'].ne('voice').mean():.0f} % of them from chat and e-mail",
        f"{before['complaints']:,.0f} entries last year, {now['complaints']:,.0f} this year",
        f'"Complaints are up {100 * (now["complaints"] / before["complaints"] - 1):.1f} %',
        f"{by_calls[0]:.2f} to {by_calls[1]:.2f} per 1,000",
        f'"{100 * (by_calls[1] / by_calls[0] - 1):.1f} %," says Qian Li',
        f"as the dictionary says, it is down {100 * (1 - by_all[1] / by_all[0]):.1f} %",
        f"seemed to fall by {100 * (1 - first[1] / (june['complaints'] / june['calls'])):.1f} %",
        f"is restated and falls by {100 * (1 - first[1] / first[0]):.1f} %",
        f"{weeks['2026-04-19']:.0f} complaints in the last week before it, {weeks['2026-05-10']:.0f} in the third week",
        f"the week to 12 April had {weeks['2026-04-12']:.0f}",
        f"{weeks['2026-03-08':'2026-04-12'].mean():.1f} complaints a week in the six weeks before",
        f"{weeks['2026-04-26':'2026-05-31'].mean():.1f} in the six weeks after",
        f'"{100 * quick["satisfied_after"].mean():.0f} % of those who complain',
        f"I asked the {len(quick)} whose case",
        f"of all {len(summer):,} closed complaints of the summer {100 * summer['satisfied_after'].mean():.1f} % ended",
        f"fell from {months.loc['2026-01-01', 'complaints']:.0f} to {months.loc['2026-02-01', 'complaints']:.0f}",
        f"satisfied in {100 * paid[True]:.0f} % of the cases, the others in {100 * paid[False]:.0f} %",
        f"({100 * (fair[True] - fair[False]):.1f} points at equal severity)",
        f"the {(complaints['opened'] >= '2026-08-01').sum()} complaints of August 2026",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    assert months["chats"].iloc[-2] / months["chats"].iloc[6] > months["calls"].iloc[-2] / months["calls"].iloc[6]
    assert quick["severity"].eq(1).mean() > 0.7
    assert len(whole) == 18
    assert quality.u_chart(whole["complaints"] - whole["repeats"], whole["contacts"] / 1000).signals.empty
    spells = contacts["2026-03-08":"2026-04-12"].mean(), contacts["2026-04-26":"2026-05-31"].mean()
    assert 1 / 1.02 < spells[1] / spells[0] < 1.02  # "differ by less than 2 %"
    holiday = ours.events[ours.events["en"].eq("Labour Day") & ours.events["start"].ge("2026-01-01")].iloc[0]
    assert holiday["end"] >= pd.Timestamp("2026-05-04")  # the week to 10 May holds days of it


def test_the_decisions_have_the_effects_that_the_story_tells():
    text, ours = text_of(LESSON), data.centre()
    overtime = ours.costs[ours.costs["category"] == "overtime"].set_index("month")["amount"]
    email = ours.email.resample("MS").sum()
    on_time = 100 * email["handled_within_4h"] / email["handled"]
    mondays = ours.shrinkage[(ours.shrinkage.index.day_of_week == 0) & (ours.shrinkage.index >= "2026-07-06")]
    away = 100 * mondays.drop(columns="paid").sum(axis=1) / mondays["paid"]
    august = ours.complaints[ours.complaints["opened"] >= "2026-08-01"]
    held = notes()
    found = [any(word in note.lower() for word in WORDS["en"]) for note in held["all_notes"]]
    where = august["category"][found].value_counts()
    others = august["category"][[not about for about in held["all_about"]]].value_counts()

    told = [
        f"overtime {overtime['2026-07-01']:,.0f} and {overtime['2026-08-01']:,.0f} yuan",
        f"{away['2026-08-17']:.1f} % on 17 August",
        f"{on_time['2026-07-01']:.1f} and {on_time['2026-08-01']:.1f} %",
        f"{100 * (august['first_response_h'] <= 4).mean():.0f} % so far",
    ]

    assert [sentence for sentence in told if sentence not in text] == []
    assert (away > 32).sum() == 1
    assert away.mean() < 32
    assert len(where) == 4  # "spread over four categories"
    share = (where / august["category"].value_counts()).dropna()
    assert share[share > 0.5].index.tolist() == ["engineer did not come"]  # "where it is more than half"
    wish = sum(any(word in note for word in WISHES["en"]) for note in held["all_notes"])
    assert f"in one month {wish} complaints come from people who would like to buy more" in text
    assert (others > sum(found)).sum() <= 1  # "near the top of the list"
