"""No word that claims an authority which nobody gave us gets onto anything that is given out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grader.certificates import (
    BLOCKED,
    Facts,
    Issuer,
    Line,
    Look,
    badge,
    check_wording,
    credential,
    pdf,
    record,
    record_pdf,
)
from grader.errors import RuleBroken
from grader.ladder import STATES
from grader.model import Bilingual
from tests.grader.certificate_facts import ISSUER, KEY, NOW, facts

GOOD = credential(facts(), ISSUER, KEY)
RECORD = record("P017", "陈晓敏", [GOOD], ISSUER, KEY, NOW)


def with_level(name: Bilingual) -> Facts:
    levels = tuple(replace(one, name=name) if one.number == 2 else one for one in facts().framework.levels)
    return facts(framework=replace(facts().framework, levels=levels))


def with_domain(name: Bilingual) -> Facts:
    first, *others = facts().framework.domains
    return facts(framework=replace(facts().framework, domains=(replace(first, name=name), *others)))


def with_statement(text: Bilingual) -> Facts:
    def cell(one: Any) -> Any:
        said = tuple(replace(part, text=text) if part.code == "FC-2.1" else part for part in one.statements)
        return replace(one, statements=said)

    domains = tuple(replace(one, cells=tuple(map(cell, one.cells))) for one in facts().framework.domains)
    return facts(framework=replace(facts().framework, domains=domains))


def with_scheme(**changes: Any) -> Facts:
    return facts(scheme=replace(facts().scheme, **changes))


PLACES: dict[str, Callable[[Bilingual], tuple[Facts, Issuer]]] = {
    "issuer": lambda text: (facts(), replace(ISSUER, name=text)),
    "scheme": lambda text: (with_scheme(title=text), ISSUER),
    "title of the paper": lambda text: (with_scheme(certificate=text), ISSUER),
    "level": lambda text: (with_level(text), ISSUER),
    "domain": lambda text: (with_domain(text), ISSUER),
    "statement": lambda text: (with_statement(text), ISSUER),
    "way of the cut": lambda text: (facts(cut_method=f"{text.en} {text.zh}"), ISSUER),
    "what it continues": lambda text: (facts(origin=text), ISSUER),
    "sitting": lambda text: (facts(sitting=text.zh), ISSUER),
    "form": lambda text: (facts(form=text.zh), ISSUER),
}
WORDS = [
    Bilingual("An accredited title", "全国通用"),
    Bilingual("A title", "职 业 资 格"),
    Bilingual("x", "ＣＣＣＭＭ"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("words", WORDS, ids=[words.zh for words in WORDS])
def test_a_blocked_word_stops_the_signed_file_wherever_it_comes_from(place: str, words: Bilingual) -> None:
    said, issuer = PLACES[place](words)

    with pytest.raises(RuleBroken, match="may not stand on a certificate") as refusal:
        credential(said, issuer, KEY)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("place", [name for name in PLACES if name != "statement"])  # the paper shows no statement
def test_a_blocked_word_stops_the_paper(place: str) -> None:
    said, issuer = PLACES[place](Bilingual("中国", "中国"))

    for language in ("en", "zh"):
        with pytest.raises(RuleBroken, match="中国"):
            pdf(said, issuer, GOOD, language)


@pytest.mark.parametrize("place", ["issuer", "title of the paper", "level"])
def test_a_blocked_word_stops_the_badge(place: str) -> None:
    said, issuer = PLACES[place](Bilingual("国家", "国家"))
    look = Look(2, 5, said.rung.name, said.scheme.certificate, issuer, "certification")

    with pytest.raises(RuleBroken, match="国家"):
        badge(GOOD, look)


@pytest.mark.parametrize("place", ["issuer", "scheme", "title of the paper", "level", "domain"])
def test_a_blocked_word_stops_the_record_and_its_paper(place: str) -> None:
    said, issuer = PLACES[place](Bilingual("国家", "国家"))
    line = Line(GOOD, 2, "certification", STATES["in force"], True, said.framework)

    with pytest.raises(RuleBroken, match="国家"):
        record_pdf(RECORD, "陈晓敏", [line], issuer, said.scheme, NOW, "zh")
    if place == "issuer":
        with pytest.raises(RuleBroken, match="国家"):
            record("P017", "陈晓敏", [GOOD], issuer, KEY, NOW)


def test_the_words_of_a_scheme_count_like_our_own() -> None:
    with pytest.raises(RuleBroken, match="Riverside"):
        credential(with_scheme(blocked_words=("Riverside",)), ISSUER, KEY)


def test_the_name_of_a_person_is_the_persons_own() -> None:
    named = facts(name="李国家", proposed_by="全国安", confirmed_by="中国梁")
    line = Line(GOOD, 2, "certification", STATES["in force"], True, named.framework)

    assert credential(named, ISSUER, KEY)["proof"]
    assert pdf(named, ISSUER, GOOD, "zh").startswith(b"%PDF")
    assert record_pdf(RECORD, "李国家", [line], ISSUER, named.scheme, NOW, "zh").startswith(b"%PDF")


@pytest.mark.parametrize(
    "word", ["认证", "accredited", "accreditation", "government-approved", "nationally recognised"]
)
def test_claims_of_an_authority_are_blocked_in_both_languages(word: str) -> None:
    assert word in BLOCKED and check_wording(f"an {word.upper()} title") == [word]


@pytest.mark.parametrize(
    "title", ["全国客服认证", "中 国客服能力等级", "Official CC-CMM ladder", "guaranteed  PASS", "ＣＣ－ＣＭＭ"]
)
def test_a_title_with_a_blocked_word_stops_the_certificate(title: str) -> None:
    scheme = replace(facts().scheme, title=Bilingual("Ladder", title))

    with pytest.raises(RuleBroken, match="may not stand on a certificate"):
        credential(facts(scheme=scheme), ISSUER, KEY)


def test_the_wording_check_names_each_word_of_the_notice() -> None:
    # 人社部函〔2022〕25号 as quoted: these may not stand on a certificate of a company or an association.
    notice = "中华人民共和国、中国、中华、国家、全国、职业资格、岗位合格、专业技术职务、职业技能等级"

    assert set(notice.split("、")) <= set(check_wording(notice))
    assert check_wording("能力评价证书 培训结业证书 Certificate of Assessed Competence") == []
