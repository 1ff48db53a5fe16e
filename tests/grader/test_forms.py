"""Forms: the blueprint's counts, every constraint counted again here, what is short, and the seal of a frozen form."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import InputError
from grader.forms import Limits, assemble_parallel, blueprint, freeze, from_json, to_json
from grader.marking import mark
from grader.model import Bilingual, Blueprint, Criterion, Item, Option, Question
from grader.rules import load_framework, load_scheme

BANK = Path(__file__).parents[2] / "question_bank"
FRAMEWORK = load_framework(BANK / "framework.yml")
RULES = load_scheme(BANK / "scheme.yml", FRAMEWORK).level(2)
PLAN = blueprint(FRAMEWORK, RULES, 24)
KINDS = {"number": (2, 12), "multi": (1, 5), "order": (1, 3), "match": (1, 3), "text": (1, 1)}

# Scored items by domain as printed in standard.md 6.2: levels 1 to 5 with 60, 80, 100, 100 and 80 items.
PRINTED = {
    "FC": (2, 8, 14, 12, 5),
    "QA": (9, 12, 14, 10, 5),
    "PM": (5, 12, 15, 14, 9),
    "RP": (4, 7, 12, 11, 7),
    "SM": (2, 2, 4, 9, 16),
    "PP": (4, 11, 11, 10, 8),
    "PR": (5, 7, 10, 9, 5),
    "CX": (12, 7, 7, 8, 7),
    "TK": (5, 3, 3, 4, 5),
    "RK": (5, 3, 4, 5, 5),
    "FN": (0, 2, 2, 6, 6),
    "SC": (7, 6, 4, 2, 2),
}


def item(number: int, domain: str, statement: int, kind: str = "choice", cognitive: str = "A", **more) -> Item:
    return Item(
        id=f"{domain}-2.{statement}-i{number}",
        version=1,
        kind=kind,
        statement=f"{domain}-2.{statement}",
        cognitive=cognitive,
        minutes=more.get("minutes", 2.0),
        use="exam",
        status="approved",
        difficulty=more.get("difficulty", 0.6),
        variants=(),
        enemies=more.get("enemies", ()),
        sources=("O1",),
        history=(),
        case=None,
        path="",
        source_digest="",
        body={},
    )


def bank() -> list[Item]:
    """In each domain one item more than the blueprint wants; kinds and levels in turn; two written answers."""
    kinds = ("choice", "number", "choice", "multi", "choice", "order", "match", "choice")
    domains = [code for code, wanted in PLAN.domains.items() for _ in range(wanted + 1)]
    made = [
        item(
            number,
            domain,
            number % 4 + 1,
            kinds[number % len(kinds)],
            "RAAEARAERA"[number % 10],
            minutes=1.0 + number % 3,
            difficulty=0.45 + 0.05 * (number % 9),
        )
        for number, domain in enumerate(domains)
    ]
    made += [item(90, "QA", 4, "text", "E", minutes=6.0), item(91, "PP", 3, "text", "E", minutes=6.0)]
    made[3] = replace(made[3], enemies=(made[5].id,))
    return made


def assemble(pool, plan, *, kinds=None, seed, used=None, minutes=None):
    """One form: its items and its proof."""
    limits = Limits(kinds=kinds or {}, minutes=None if minutes is None else (0, minutes))
    (draft,) = assemble_parallel(pool, plan, 1, limits, seed=seed, uses=used)
    return list(draft.items), list(draft.proof)


def check_form(pool, chosen, plan=PLAN, kinds=KINDS):
    """Every binding constraint, counted without the module under test."""
    ids = [one.id for one in chosen]
    assert len(set(ids)) == len(ids) == plan.length
    assert set(ids) <= {one.id for one in pool}
    assert Counter(one.domain for one in chosen) == Counter(plan.domains)
    for letter, wanted in plan.cognitive.items():
        assert abs(sum(one.cognitive == letter for one in chosen) - wanted) <= 1
    for kind, (least, most) in kinds.items():
        assert least <= sum(one.kind == kind for one in chosen) <= most
    assert not any(enemy in ids for one in chosen for enemy in one.enemies)


@pytest.mark.parametrize(("level", "length"), [(1, 60), (2, 80), (3, 100), (4, 100), (5, 80)])
def test_the_blueprint_has_the_counts_that_the_standard_prints(level, length):
    plan = blueprint(FRAMEWORK, replace(RULES, level=level), length)

    assert plan.domains == {code: counts[level - 1] for code, counts in PRINTED.items() if counts[level - 1]}


@given(st.integers(1, 200), st.integers(1, 5))
def test_a_blueprint_sums_to_its_length_and_stays_within_one_of_its_share(length, level):
    plan = blueprint(FRAMEWORK, replace(RULES, level=level), length)

    assert sum(plan.domains.values()) == sum(plan.cognitive.values()) == length
    for domain in FRAMEWORK.domains:
        assert abs(plan.domains.get(domain.code, 0) - domain.weights[level - 1] * length / 100) < 1


def test_an_empty_form_is_refused():
    with pytest.raises(InputError, match="one item or more"):
        blueprint(FRAMEWORK, RULES, 0)


@pytest.mark.parametrize("seed", range(5))
def test_a_form_holds_every_constraint_and_its_proof_says_so(seed):
    pool = bank()

    chosen, proof = assemble(pool, PLAN, kinds=KINDS, seed=seed, minutes=60)

    check_form(pool, chosen)
    assert sum(one.minutes for one in chosen) <= 60
    assert all(line.holds for line in proof)
    said = {line.constraint: (line.wanted, line.has) for line in proof}
    assert said["domain QA"] == ("4", "4")
    assert said["kind text"] == ("1", "1")
    assert said["minutes"] == ("at most 60", f"{sum(one.minutes for one in chosen):g}")
    assert said["enemies together"] == ("0", "0")


def test_the_same_seed_gives_the_same_form_and_seeds_differ():
    made = [tuple(one.id for one in assemble(bank(), PLAN, kinds=KINDS, seed=seed)[0]) for seed in (1, 1, 2, 3, 4)]

    assert made[0] == made[1]
    assert len(set(made)) > 2


def test_a_second_form_prefers_items_that_the_first_did_not_use():
    pool = bank()
    first, _ = assemble(pool, PLAN, kinds=KINDS, seed=1)
    used = {one.id: 1 for one in first}

    blind, _ = assemble(pool, PLAN, kinds=KINDS, seed=2)
    second, _ = assemble(pool, PLAN, kinds=KINDS, seed=2, used=used)

    check_form(pool, second)
    assert sum(one.id in used for one in second) < sum(one.id in used for one in blind)


def test_forms_of_one_pool_are_expected_to_earn_nearly_the_same():
    pool = bank()
    expected = []
    for seed in range(6):
        chosen, _ = assemble(pool, PLAN, kinds=KINDS, seed=seed)
        expected.append(sum(one.difficulty * (4 if one.kind == "text" else 1) for one in chosen))

    assert max(expected) - min(expected) <= 0.5 + 1e-6


def test_statements_are_spread_as_far_as_the_pool_allows():
    plan = Blueprint(2, 3, {"FC": 3}, {"R": 0, "A": 3, "E": 0})
    pool = [item(number, "FC", statement) for number, statement in enumerate([1, 1, 1, 1, 2, 3])]

    for seed in range(5):
        chosen, _ = assemble(pool, plan, seed=seed)
        assert {one.statement for one in chosen} == {"FC-2.1", "FC-2.2", "FC-2.3"}


def test_a_pool_without_text_gives_a_form_without_text():
    plan = Blueprint(2, 2, {"FC": 2}, {"R": 0, "A": 2, "E": 0})
    pool = [item(number, "FC", number + 1) for number in range(3)]

    chosen, proof = assemble(pool, plan, seed=1)

    assert len(chosen) == 2
    assert "kind text" not in {line.constraint for line in proof}


def test_short_cells_are_named_with_what_they_lack():
    pool = [one for one in bank() if one.domain not in ("CX", "SC") and one.kind != "match"]
    pool += [item(80, "SC", 1)]

    with pytest.raises(InputError) as refused:
        assemble(pool, PLAN, kinds=KINDS, seed=1)

    sentence = str(refused.value)
    assert f"no form of 24 items can be made from the {len(pool)} usable items of level 2" in sentence
    assert "domain CX wants 2 and the pool has 0 (2 short)" in sentence
    assert "domain SC wants 2 and the pool has 1 (1 short)" in sentence
    assert "kind match wants 1 to 3 and the pool has 0 (1 short)" in sentence
    assert "domain QA" not in sentence


def test_bounds_that_exclude_each_other_are_named():
    # Enough of everything, but both FC items are enemies of each other.
    plan = Blueprint(2, 2, {"FC": 2}, {"R": 0, "A": 2, "E": 0})
    pool = [item(1, "FC", 1, enemies=("FC-2.2-i2",)), item(2, "FC", 2)]

    with pytest.raises(InputError, match="in the nearest selection domain FC wants 2 and is 1 short"):
        assemble(pool, plan, seed=1)


def test_too_little_time_is_named():
    with pytest.raises(InputError, match=r"minutes wants at most 10 and is \d+ over"):
        assemble(bank(), PLAN, kinds=KINDS, seed=1, minutes=10)


def test_an_empty_pool_and_a_pool_of_another_level_are_refused():
    with pytest.raises(InputError, match=r"domain FC wants 2 and the pool has 0 \(2 short\)"):
        assemble([], PLAN, kinds=KINDS, seed=1)
    with pytest.raises(InputError, match=r"takes items of that level only, got FC-3\.1-x"):
        assemble([replace(bank()[0], id="FC-3.1-x", statement="FC-3.1")], PLAN, seed=1)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_the_pool_a_form_holds_its_constraints_or_is_refused_with_a_sentence(data):
    plan = Blueprint(2, 5, {"FC": 2, "QA": 3}, {"R": 1, "A": 3, "E": 1})
    size = data.draw(st.integers(0, 14))
    pool = [
        item(
            number,
            data.draw(st.sampled_from(["FC", "QA"])),
            data.draw(st.integers(1, 3)),
            data.draw(st.sampled_from(["choice", "number", "text"])),
            data.draw(st.sampled_from("RAE")),
        )
        for number in range(size)
    ]
    for number in data.draw(st.lists(st.integers(0, max(0, size - 2)), max_size=4)):
        if size > 1:
            pool[number] = replace(pool[number], enemies=(pool[number + 1].id,))
    kinds = {"text": (1, 1)} if any(one.kind == "text" for one in pool) else {}
    try:
        chosen, proof = assemble(pool, plan, seed=data.draw(st.integers(0, 99)))
    except InputError as refused:
        assert "short" in str(refused) or "over" in str(refused)
    else:
        check_form(pool, chosen, plan, kinds)
        assert all(line.holds for line in proof)


# --- freezing ---------------------------------------------------------------------------------------------------------


def options(letters: str, right: str) -> tuple[Option, ...]:
    reason = Bilingual("since", "因为")
    return tuple(Option(letter, Bilingual(letter, f"{letter}项"), letter in right, reason) for letter in letters)


def question(number: int, kind: str, **parts) -> Question:
    made = Question(f"FC-2.1-i{number}", 2, parts.pop("variant", None), kind, "FC-2.1", 1.0, Bilingual("?", "？"))
    return replace(made, **parts)


QUESTIONS = [
    question(1, "text", points=4.0, rubric=(Criterion("a", Bilingual("why", "为什么"), 4.0),)),
    question(2, "choice", options=options("abcd", "b"), key="b"),
    question(3, "multi", options=options("abcde", "ac"), key=("a", "c")),
    question(4, "number", key=16.0, tolerance=0.5, unit=Bilingual("agents", "人"), variant=101),
    question(5, "order", options=options("abcd", "abcd"), key=("a", "b", "c", "d")),
    question(
        6,
        "match",
        options=options("ab", "ab"),
        targets=options("abc", ""),
        key={"a": "a", "b": "b"},
        headings=(Bilingual("sign", "信号"), Bilingual("response", "应对")),
    ),
]
DIFFICULTIES = {one.item_id: 0.5 + 0.05 * number for number, one in enumerate(QUESTIONS)}


def frozen(seed: int = 7):
    return freeze("S1-F1", 2, QUESTIONS, DIFFICULTIES, assemble(bank(), PLAN, kinds=KINDS, seed=1)[1], seed)


def test_a_frozen_form_names_its_slots_and_puts_written_answers_last():
    for seed in range(10):
        form = frozen(seed)

        assert [slot.name for slot in form.slots] == ["q01", "q02", "q03", "q04", "q05", "q06"]
        assert form.slots[-1].question.kind == "text"
        assert {slot.question.item_id for slot in form.slots} == {one.item_id for one in QUESTIONS}
    # 4 x .50 + .55 + .60 + .65 + .70 + .75, by hand
    assert (form.expected_points, form.max_points) == (5.25, 9.0)


def test_options_are_shuffled_and_an_order_is_never_shown_solved():
    seen = Counter()
    for seed in range(40):
        slots = {slot.question.kind: slot for slot in frozen(seed).slots}
        assert sorted(slots["choice"].order) == ["a", "b", "c", "d"]
        assert slots["order"].order != slots["order"].question.key
        assert slots["match"].order == ("a", "b") and sorted(slots["match"].targets) == ["a", "b", "c"]
        seen[slots["choice"].order.index("b")] += 1

    assert set(seen) == {0, 1, 2, 3}


def test_marks_follow_the_shuffle():
    for slot in frozen().slots:
        if slot.question.kind == "choice":
            assert mark(slot, str(slot.order.index("b") + 1)).points == 1
            assert sum(mark(slot, str(place)).points for place in range(1, 5)) == 1


def test_a_form_comes_back_from_json_as_it_was():
    form = frozen()

    again = from_json(json.loads(json.dumps(to_json(form), ensure_ascii=False)))

    assert again == form
    assert len(form.digest) == 64
    assert frozen() == form and frozen(8).digest != form.digest


@pytest.mark.parametrize(
    "alter",
    [
        lambda data: data["slots"][0]["question"].update(points=2.0),
        lambda data: data["slots"][1]["question"].update(key="a"),
        lambda data: data["slots"][0]["question"]["stem"].update(zh="？？"),
        lambda data: data["slots"].reverse(),
        lambda data: data["proof"].pop(),
        lambda data: data.update(expected_points=1.0),
        lambda data: data.update(digest="0" * 64),
    ],
)
def test_an_altered_form_is_refused(alter):
    data = json.loads(json.dumps(to_json(frozen())))
    alter(data)

    with pytest.raises(InputError, match="the form S1-F1 was altered after it was frozen"):
        from_json(data)


@pytest.mark.parametrize("data", [{}, {"id": "S1-F1"}, [], None, {"id": "S1-F1", "digest": float("nan")}])
def test_what_is_no_form_is_refused_with_one_sentence(data):
    with pytest.raises(InputError, match="form"):
        from_json(data)
