"""The scheme's rules of promotion: read whole, faults named with their line, and a scheme may do without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import RulesError
from grader.model import Scheme
from grader.rules import load_scheme
from tests.grader.hr_registry import BANK, framework, scheme

TEXT = (BANK / "scheme.yml").read_text("utf-8")


def read(folder: Path, old: str, new: str) -> Scheme:
    """The shipped scheme with one text in the place of another."""
    assert TEXT.count(old) == 1
    path = folder / "scheme.yml"
    path.write_text(TEXT.replace(old, new), "utf-8")
    return load_scheme(path, framework())


def test_the_shipped_scheme_asks_for_two_appraisers_of_potential_and_one_of_results() -> None:
    rules = scheme().promotion

    assert rules is not None
    assert list(rules.scale) == ["weak", "sound", "strong"]
    assert (rules.parts["results"].months, rules.parts["results"].appraisers) == (12, 1)
    assert (rules.parts["potential"].months, rules.parts["potential"].appraisers) == (24, 2)
    assert [rules.enough(rating, "results") for rating in rules.scale] == [False, True, True]


def test_a_scheme_without_rules_of_promotion_has_none(tmp_path: Path) -> None:
    start, end = TEXT.index("promotion:\n"), TEXT.index("\nlevels:\n")

    assert read(tmp_path, TEXT[start:end], "").promotion is None


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("results: {least: sound, months: 12", "results: {least: fine, months: 12", "weak or sound or strong"),
        ("least: sound, months: 24", "least: sound, months: 0", "a whole number of at least 1"),
        ("months: 24, appraisers: 2}", "months: 24, appraisers: 10}", "a whole number from 1 to 9"),
        ("{code: strong, en: strong, zh: 突出}", "{code: strong, en: strong, zh: strong}", "Chinese"),
        ("  potential: {least", "  luck: {least", "potential"),
    ],
)
def test_a_fault_is_named_with_what_was_wanted(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    with pytest.raises(RulesError) as caught:
        read(tmp_path, old, new)

    assert wanted in str(caught.value)
