"""What a candidate is told: both languages, by keyboard alone, on a telephone and on paper, nothing from outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from grader.certificates import Score
from grader.certify.result_page import Appealed, Profile, Result, result_page
from grader.model import Bilingual

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MARKING = Bilingual("An answer was marked wrongly or not at all", "作答评分有误或漏评")


def result(outcome: str, language: str, purpose: str = "certification", name: str = "陈晓敏") -> Result:
    return Result(
        seat="TL-2026-12-03",
        sitting="TL-2026-12",
        title=Bilingual("Team Leader examination", "班组长考试"),
        name=name,
        language=language,
        purpose=purpose,
        outcome=outcome,
        decided_on="2026-12-20",
        written=Score(47.5 if outcome == "fail" else 61.25, 80, 49.6),
        practical=Score(12, 16, 9.6),
        compliance=Score(8, 11, 6.82),
        error=4.38,
        looked_at_again=outcome == "fail",
        cut_method="modified Angoff",
        profile=(
            Profile(Bilingual("Forecasting & scheduling", "话务预测与排班"), 8, 5.5, 8),
            Profile(Bilingual("Risk, security & law", "风险、安全与法规"), 3, 1, 3),
        ),
        certificate=("L2-202612-0A1B2C3D", "2029-12-20") if outcome == "pass" else None,
        published_on="2026-12-21",
        appeal_until="2027-01-10",
        grounds=(MARKING,),
        appeals=(Appealed("2026-12-28", MARKING, "dismissed", "Two further markers gave the same points.", False),),
        retake_from=date(2027, 1, 4) if outcome == "fail" else None,
    )


def shown(page: Page, tmp_path: Path, told: Result) -> None:
    path = tmp_path / "result.html"
    path.write_text(result_page(told), "utf-8")
    page.goto(path.as_uri())


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("outcome", ["pass", "fail", "absent"])
def test_the_page_opens_in_the_language_of_the_seat_and_breaks_no_rule_of_access(
    page: Page, tmp_path: Path, outcome: str, language: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    shown(page, tmp_path, result(outcome, language, "demonstration"))

    heading = {"en": "Team Leader examination", "zh": "班组长考试"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(one["id"], [node["html"][:150] for node in one["nodes"]]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    assert all(url.startswith(("file:", "data:")) for url in asked)


def test_the_language_is_changed_by_keyboard(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, result("fail", "en"))

    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")

    expect(page.get_by_text("未通过。")).to_be_visible()
    expect(page.get_by_text("Not passed.")).to_be_hidden()


def test_each_part_says_whether_it_reached_its_points_and_few_questions_give_a_band_only(
    page: Page, tmp_path: Path
) -> None:
    shown(page, tmp_path, result("fail", "en"))

    rows = [" ".join(row.inner_text().split()) for row in page.locator("article.en .parts tr").all()]
    assert rows == [
        "Written part 47.5 of 80 points 49.6 needed not reached",
        "Practical 12 of 16 points 9.6 needed reached",
        "Compliance questions 8 of 11 points 6.82 needed reached",
    ]
    profile = [" ".join(row.inner_text().split()) for row in page.locator("article.en .profile tr").all()]
    assert profile == ["Forecasting & scheduling ●●○ solid 5.5 of 8 points", "Risk, security & law ●○○ developing"]
    for words in (
        "Below the points that are needed: Written part.",
        "±4.4 points",
        "from 2027-01-04 on",
        "Until 2027-01-10",
    ):
        expect(page.locator("article.en")).to_contain_text(words)


def test_a_practice_examination_which_counts_for_nothing_tells_no_appeal(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, replace(result("fail", "en", "practice"), appeals=()))
    expect(page.locator("article.en")).not_to_contain_text("appeal")
    expect(page.locator("article.en")).to_contain_text("counts for nothing else")

    shown(page, tmp_path, replace(result("fail", "en"), appeals=()))
    expect(page.locator("article.en")).to_contain_text("Until 2027-01-10 you may appeal")


def test_a_name_is_shown_as_it_is_and_never_as_markup(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, result("pass", "en", name="<img src=x onerror=alert(1)> $lang {name}"))

    expect(page.locator("article.en dd").first).to_have_text("<img src=x onerror=alert(1)> $lang {name}")
    assert page.locator("img").count() == 0


def test_on_paper_only_the_chosen_language_is_printed_and_nothing_is_cut_off(page: Page, tmp_path: Path) -> None:
    shown(page, tmp_path, result("pass", "zh"))

    page.emulate_media(media="print")

    expect(page.locator(".languages")).to_be_hidden()
    expect(page.locator("article.en")).to_be_hidden()
    expect(page.get_by_text("证书L2-202612-0A1B2C3D已签发")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
