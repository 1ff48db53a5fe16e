"""A quality system that costs less than errors: answers by hand, usual mistakes, and a story that is in the data."""

from scipy.stats import fisher_exact

from ccskills import data, quality
from tests.content.lesson_proof import *  # noqa: F403, the tests that every lesson passes
from tests.content.lesson_proof import judge, missing, text_of, told

LESSON = "manager/02-a-quality-system-that-costs-less-than-errors"
STAGES = {1: "prevention", 2: "prevention", 3: "in-process", 4: "in-process", 5: "result", 6: "result"}

RIGHT = {
    "e1": {"stages": STAGES, "open_gap": 4, "broken_circle": 6},
    "e2a": {"precision_pct": 63.3, "recall_pct": 72.7},  # by hand: 88 of 139 and 88 of 121
    "e2b": {"recall_dialect_pct": 42.1, "found_of_all_pct": 67.2, "use": "assist"},  # 8/19, 88/131
    "e3": {"ranking": ["C", "B", "A"], "net_best": 58200, "b_first_from": 8300},
    "e4": {"keep": [2, 4, 6, 7], "contacts_needed": 26},  # by hand: (1.96 x 13 / 5)^2 = 25.97
    "e5a": {"missing": ["b", "c", "e", "g"]},
    "e5b": {"sample": 200, "accept": 7},
}
MISTAKES = [
    ("e1", {"stages": {1: "prevention"}}, "all six controls"),
    ("e1", {"stages": STAGES | {3: "control"}}, "The words are"),
    ("e1", {"stages": STAGES | {3: "result"}}, "before it is paid"),
    ("e1", {"stages": STAGES | {4: "prevention"}}, "nothing to step into"),
    ("e1", {"stages": STAGES | {5: "in-process"}}, "long hung up"),
    ("e1", {"stages": STAGES | {1: "in-process"}}, "hidden"),
    ("e1", {"open_gap": 5}, "sum of the others"),
    ("e1", {"open_gap": 3}, "four times over"),
    ("e1", {"open_gap": 2}, "hidden"),
    ("e1", {"broken_circle": 5}, "column Act"),
    ("e1", {"broken_circle": 4}, "hidden"),
    ("e2a", {"precision_pct": 0.633}, "Percent is wanted"),
    ("e2a", {"precision_pct": 72.7, "recall_pct": 63.3}, "swapped"),
    ("e2a", {"recall_pct": 93.8}, "brochure"),
    ("e2a", {"precision_pct": 6.4}, "share of all calls"),
    ("e2a", {"recall_pct": 67.2}, "hidden"),
    ("e2b", {"found_of_all_pct": 0.672}, "Percent is wanted"),
    ("e2b", {"recall_dialect_pct": 21.1}, "precision among dialect"),
    ("e2b", {"found_of_all_pct": 72.7}, "an error that it does not find"),
    ("e2b", {"use": "both"}, "as text"),
    ("e2b", {"use": "replace"}, "are innocent"),
    ("e2b", {"recall_dialect_pct": 30.0}, "hidden"),
    ("e3", {"ranking": ["C", "B", "X"]}, "letters from A to E"),
    ("e3", {"ranking": ["C", "B", "A", "E"]}, "more checking finds errors"),
    ("e3", {"ranking": ["C", "B", "A", "D"]}, "dear to everybody"),
    ("e3", {"net_best": 72200}, "before its own cost"),
    ("e3", {"net_best": 106300}, "avoids a share"),
    ("e3", {"b_first_from": 3000}, "more cases than now"),
    ("e3", {"b_first_from": 12200}, "you let C cost nothing"),
    ("e3", {"b_first_from": 13800}, "you let C avoid every error"),
    ("e3", {"ranking": ["B", "C", "A"]}, "hidden"),
    ("e3", {"b_first_from": 9900}, "hidden"),
    ("e4", {"keep": [2, 9]}, "from 1 to 7"),
    ("e4", {"keep": [1, 2, 4, 6, 7]}, "Rule 1"),
    ("e4", {"keep": [2, 3, 4, 6, 7]}, "stories, not a sample"),
    ("e4", {"keep": [2, 4, 5, 6, 7]}, "one month in eight"),
    ("e4", {"keep": [2, 4, 6]}, "hidden"),
    ("e4", {"contacts_needed": 25}, "rounded down"),
    ("e4", {"contacts_needed": 5}, "root of the answer"),
    ("e4", {"contacts_needed": 25.97}, "Whole contacts"),
    ("e5a", {"missing": ["b", "x"]}, "letters"),
    ("e5a", {"missing": ["b", "c", "d", "e", "g"]}, "1 of your letters stand in the draft"),
    ("e5a", {"missing": ["c", "e", "g"]}, "How many privacy errors"),
    ("e5a", {"missing": ["b", "e", "g"]}, "choosing their own exam"),
    ("e5a", {"missing": ["b", "c", "e"]}, "hidden"),
    ("e5b", {"sample": 120}, "is one of 100"),
    ("e5b", {"sample": 100, "accept": 2}, "exactly 2 %"),
    ("e5b", {"sample": 100, "accept": 4}, "unjust to the good one"),
    ("e5b", {"sample": 100, "accept": 5}, "blind to the bad one"),
    ("e5b", {"sample": 250, "accept": 9}, "hidden"),
]


def test_the_complaints_and_the_pilot_are_as_told():
    scope = told(LESSON)
    complaints, pilot, heard = scope["complaints"], scope["pilot"], scope["heard"]
    plain, spoken = heard[~heard["dialect"]], heard[heard["dialect"]]
    by_site = 100 * heard.groupby("site")[["error", "flag"]].mean()
    recall = 100 * plain.loc[plain["error"], "flag"].mean()
    heard_errors = [table.loc[table["error"], "flag"] for table in (spoken, plain)]
    limits = quality.wilson_interval(int(heard_errors[0].sum()), len(heard_errors[0]))
    _, p = fisher_exact([[one.sum(), (~one).sum()] for one in heard_errors])

    sentences = [
        f"{(complaints['category'] == 'promise not kept').sum()} of {len(complaints):,} complaints",
        f"beside them {100 * (~heard['error']).mean():.1f} %, for a machine that does nothing",
        f"{by_site.loc['Binhe', 'error']:.1f} % in Binhe and {by_site.loc['Yunshan', 'error']:.1f} % in Yunshan",
        f"the other way round, {by_site.loc['Binhe', 'flag']:.1f} and {by_site.loc['Yunshan', 'flag']:.1f} %",
        f"of its {spoken['flag'].sum()} flags on dialect calls {(spoken['flag'] & spoken['error']).sum()} are right, "
        f"of the {plain['flag'].sum()} others {(plain['flag'] & plain['error']).sum()}",
        f"({len(heard_errors[0])} errors in scored dialect calls are few: a recall of "
        f"{100 * heard_errors[0].mean():.0f} % may be anything from {100 * limits.lower:.0f} to "
        f"{100 * limits.upper:.0f} %",
        f"lower than the {recall:.0f} % of the other calls",
    ]
    assert missing(LESSON, sentences) == []
    assert 8 < len(complaints) / (complaints["category"] == "promise not kept").sum() < 9
    assert p < 0.01  # the recall of dialect calls is lower, beyond chance
    for column in ("error", "flag"):  # what the two sites differ in may be chance
        table = heard.groupby("site")[column].agg(["sum", "size"])
        assert fisher_exact([[hits, size - hits] for hits, size in table.to_numpy()]).pvalue > 0.1
    right = [(one["flag"] & one["error"]).sum() for one in (spoken, plain)]
    false = [(one["flag"] & ~one["error"]).sum() for one in (spoken, plain)]
    assert fisher_exact([right, false]).pvalue < 0.001 and 3.5 < 5 * false[0] / (right[0] + false[0]) < 4.5
    assert (10 * pilot.groupby("site")["dialect"].mean()).round().to_dict() == {"Binhe": 1, "Yunshan": 4}
    assert (len(pilot), len(heard), int(pilot["error"].sum()), int(heard["error"].sum())) == (1500, 1365, 131, 121)
    assert (int(heard["flag"].sum()), int((heard["flag"] & heard["error"]).sum())) == (139, 88)


def test_the_assessors_overlook_what_the_lesson_says():
    recalls = told(LESSON)["recalls"]

    assert round(26 * recalls["Q1"]) == 17 and int(told(LESSON)["wrong"].sum()) == 26
    assert len(told(LESSON)["marks"]) == 120
    assert min(recalls[who] for who in ("Q2", "Q3", "Q4", "Q5")) >= 0.9
    overlooked = data.centre().truth.set_index("effect")["size"]["assessor_blind"]
    assert overlooked == 0.5  # the truth behind Q1


def test_the_costs_of_errors_are_as_told():
    scope = told(LESSON)
    costs, moved = scope["costs"], scope["moved"]
    calls = data.centre().calls
    days = [calls(day) for day in ("2026-02-02", "2026-03-16", "2026-04-27", "2026-06-08", "2026-07-20", "2026-08-17")]
    again = [day.query("outcome == 'answered'").groupby("resolved")["repeat_7d"].agg(["sum", "size"]) for day in days]
    rate = 100 * sum(one["sum"] for one in again) / sum(one["size"] for one in again)
    left = 100 * data.centre().complaints.groupby("satisfied_after")["customer_left_90d"].mean()

    sentences = [
        f"Measured: {scope['contacts']:,.0f} contacts a month; the error rates of {len(scope['marked']):,} marked "
        f"contacts; {scope['contact_cost']:.1f} yuan for a contact",
        f"unhappy complainants {left[False]:.1f} % leave and of content ones {left[True]:.1f} %",
        f"{costs['yuan'].sum() / 1000:.0f},000 yuan a month for failures",
        f"{0.2 * costs.loc['identity or privacy', 'yuan']:,.0f} yuan a month for a price of 20,000",
        f"Even without a single case {(costs['yuan'].sum() - costs.loc['identity or privacy', 'yuan']) / 1000:.0f},000",
        f"the same 20 % is worth {0.2 * 0.4 * costs.loc['identity or privacy', 'yuan']:,.0f}",
    ]
    assert missing(LESSON, sentences) == []
    privacy = costs.loc["identity or privacy", "errors"]
    assert round(privacy / 5_000) == 2 and round(12 * privacy / 5_000) == 24
    assert 14 < 12 * privacy / 8_300 < 15 and round(100 * privacy / scope["contacts"]) == 9
    assert abs(rate[False] - 45) < 2 and abs(rate[True] - 6) < 1
    assert costs["errors"].sort_values().index[-2] == "wrong answer"
    assert costs["yuan"].sort_values().index.tolist()[-3:] == [
        "wrong answer",
        "wrong charge or record",
        "identity or privacy",
    ]
    assert round(0.4 * costs.loc["wrong charge or record", "yuan"] / 16_000) == 3
    assert round(0.6 * costs.loc["identity or privacy", "yuan"] / 14_000) == 5
    assert moved[["npv_low", "npv_high"]].min().min() > 255_000 > 4 * 63_000


def test_luck_in_a_month_of_few_contacts_is_as_told():
    scope = told(LESSON)
    share, by_assessor = (scope["months"]["mean"] < 70).mean(), scope["by_assessor"]

    assert 7.4 < 1 / share < 8.5
    assert by_assessor["Q2"] > 4 * by_assessor["Q4"]
    assert 2 < scope["months"]["size"].mean() < 3 and abs(scope["spread"] - 13) < 0.5
    assert f"mark {len(scope['marked']) / 12:.0f} for the whole centre" in text_of(LESSON)


def test_an_answer_in_other_letters_or_as_text_is_taken():
    written = {1: "Prevention", 2: "prevention ", 3: "In process", 4: "in-process", 5: "Result", 6: "result"}

    assert judge(LESSON, "e1", stages=written, open_gap="4", broken_circle="6") is None
    assert judge(LESSON, "e3", **RIGHT["e3"] | {"ranking": ["c", "b", "a"]}) is None
    assert judge(LESSON, "e5a", missing=["B", "C", "E", "G"]) is None


def test_who_takes_the_share_of_all_calls_for_the_recall_is_not_misled_in_the_second_part():
    assert judge(LESSON, "e2b", **RIGHT["e2b"] | {"recall_pct": 67.2}) is None


def test_the_clause_is_fair_as_told():
    passes = quality.acceptance_probability

    assert 36_500 < 45_000 / 244 * 200 < 37_000
    assert 0.30 < 1 - passes(0.02, 100, 2) < 0.35
    assert 0.73 < passes(0.06, 100, 7) < 0.77
    assert passes(0.02, 200, 7) >= 0.95 and passes(0.06, 200, 7) < 0.085
    assert all(passes(0.02, 200, c) < 0.95 for c in range(7))
    assert not any(passes(0.02, n, c) >= 0.95 and passes(0.06, n, c) <= 0.10 for n in (100, 150) for c in range(20))


def test_a_fair_but_larger_test_of_the_supplier_is_told_that_there_may_be_a_smaller_one():
    assert judge(LESSON, "e5b", hidden=False, sample=300, accept=10) is None
    assert judge(LESSON, "e5b", sample=300, accept=10) == "hidden"
