"""The public register shows those who agreed, no more than they agreed to, and helps nobody to try numbers."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.__main__ import main
from grader.certify import Academy, consent, register
from grader.errors import InputError, RuleBroken
from tests.grader.certificate_centre import centre, hold  # noqa: F401, the fixture of a centre with a certificate

NUMBER = "L2-2026-000017"


@pytest.fixture
def academy(centre: Path) -> Academy:  # noqa: F811
    office = Academy(centre)
    office.store.append("person.recorded", "P017", {"name": "陈晓敏 <b>", "site": "Hefei"}, "S1001")
    return office


def agree(academy: Academy, *shows: str) -> None:
    consent.record_consent(academy, "P017", shows, "form of 3 March", "S1001")


def published(academy: Academy, tmp_path: Path) -> tuple[str, list[dict[str, object]]]:
    page, count = register.publish_register(academy, tmp_path / "web", "S1001")
    document = json.loads((page.parent / "register.json").read_text("utf-8"))
    assert count == len(document["entries"])
    return page.read_text("utf-8"), document["entries"]


def test_without_consent_nobody_and_no_number_is_shown(academy: Academy, tmp_path: Path) -> None:
    page, entries = published(academy, tmp_path)

    assert entries == []
    assert NUMBER not in page and "陈晓敏" not in page and "did not agree to be shown" in page


@pytest.mark.parametrize(
    ("shows", "seen", "hidden"),
    [
        ((), [NUMBER, "Team Leader", "班组长"], ["陈晓敏", "2029-11-20"]),
        (("name",), [NUMBER, "陈晓敏 &lt;b&gt;"], ["2029-11-20", "<b>"]),
        (("until",), [NUMBER, "2029-11-20"], ["陈晓敏"]),
    ],
)
def test_a_holder_is_shown_with_what_was_agreed_to_and_nothing_else(
    shows: tuple[str, ...], seen: list[str], hidden: list[str], academy: Academy, tmp_path: Path
) -> None:
    agree(academy, *shows)

    page, (entry,) = published(academy, tmp_path)

    assert all(text in page for text in seen) and not any(text in page for text in hidden)
    assert {name for name, value in entry.items() if value is not None} == {"number", "level", *shows}
    for text in ("P017", "Hefei", "form of 3 March"):
        assert text not in page and text not in json.dumps(entry)


def test_the_file_of_a_holder_is_known_by_its_digest(academy: Academy, tmp_path: Path) -> None:
    agree(academy, "file")

    _, (entry,) = published(academy, tmp_path)

    file = academy.centre.certificates / f"{NUMBER}.json"
    assert entry["file"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_consent_that_was_taken_back_or_forgotten_is_none(academy: Academy, tmp_path: Path) -> None:
    agree(academy, "name")
    assert len(published(academy, tmp_path)[1]) == 1
    consent.record_consent(academy, "P017", None, "e-mail of 4 March", "S1001")
    assert published(academy, tmp_path)[1] == []

    agree(academy, "name")
    facts = academy.store.events("consent.recorded", "P017")
    academy.store.redact([facts[-1].seq], "P017", "asked for", "S1001")

    assert published(academy, tmp_path)[1] == []


@pytest.mark.parametrize("kind", ["certificate.suspended", "certificate.withdrawn", "certificate.reduced"])
def test_a_certificate_out_of_force_leaves_with_the_next_edition(kind: str, academy: Academy, tmp_path: Path) -> None:
    agree(academy, "name")
    academy.store.append(kind, NUMBER, {"ground": "fees", "note": "x"}, "S1001")

    assert published(academy, tmp_path)[1] == []


def test_an_empty_register_says_in_both_languages_why_nothing_stands_in_it(academy: Academy, tmp_path: Path) -> None:
    nobody = published(academy, tmp_path)[0]
    issued = academy.store.events("certificate.issued", NUMBER)[0]
    academy.store.redact([issued.seq], "P017", "asked for", "S1001")
    academy.store.append("certificate.issued", "L2-2026-000021", {**issued.data, "purpose": "practice"}, "S1001")

    samples = published(academy, tmp_path)[0]

    assert "no holder of a certificate in force has agreed to be shown" in nobody and "尚无人同意公开" in nobody
    assert "A sample certifies nobody and is never listed" in samples and "样本不代表任何真实评价结果" in samples
    assert "never listed" not in nobody and "has agreed to be shown" not in samples


def test_neither_an_expired_certificate_nor_a_sample_stands_in_it(academy: Academy, tmp_path: Path) -> None:
    agree(academy, "name")
    hold(academy, "L2-2026-000020")
    issued = academy.store.events("certificate.issued", "L2-2026-000020")[0].data
    academy.store.append("certificate.issued", "L2-2026-000021", {**issued, "purpose": "demonstration"}, "S1001")

    page, _ = register.publish_register(academy, tmp_path / "web", "S1001", at=datetime(2026, 12, 1, tzinfo=UTC))
    late, none = register.publish_register(academy, tmp_path / "late", "S1001", at=datetime(2031, 1, 1, tzinfo=UTC))

    numbers = re.findall(r'class="number">([^<]+)', page.read_text("utf-8"))
    assert numbers == [NUMBER, "L2-2026-000020"]
    assert none == 0 and "2029-11-20" not in late.read_text("utf-8")


def test_the_edition_is_a_fact_with_its_digest_and_the_keys_stand_in_it(academy: Academy, tmp_path: Path) -> None:
    published(academy, tmp_path)

    (fact,) = academy.store.events("register.published")
    data = (tmp_path / "web" / "register" / "register.json").read_bytes()
    assert fact.data["digest"] == hashlib.sha256(data).hexdigest() and fact.data["entries"] == 0
    assert [key["did"] for key in json.loads(data)["issuer"]["keys"]] == [academy.issuer_did]


class Asked(HTMLParser):
    """Every address that a page would ask for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "action")]


def test_the_page_asks_nobody_for_anything(academy: Academy, tmp_path: Path) -> None:
    page, _ = published(academy, tmp_path)
    parser = Asked()
    parser.feed(page)

    assert parser.found == ["data:,"]
    assert "default-src 'none'" in page and "noindex" in page


def test_a_blocked_word_stops_the_register(academy: Academy, tmp_path: Path) -> None:
    content = json.loads((academy.centre.root / "centre.json").read_text("utf-8"))
    content["name"]["zh"] = "国家客服中心"
    (academy.centre.root / "centre.json").write_text(json.dumps(content), "utf-8")

    with pytest.raises(RuleBroken, match="国家"):
        register.publish_register(academy, tmp_path / "web", "S1001")
    assert not (tmp_path / "web").exists()


def test_the_name_of_a_holder_is_the_holders_own(academy: Academy, tmp_path: Path) -> None:
    academy.store.append("person.recorded", "P017", {"name": "李国家"}, "S1001")
    agree(academy, "name")

    assert "李国家" in published(academy, tmp_path)[0]


@pytest.mark.parametrize(
    ("shows", "how", "on", "sentence"),
    [
        (["salary"], "form", None, "a register can show name, until, file beside number and level, got 'salary'"),
        (["name"], " ", None, "say where it is written"),
        (["name"], "form", date.today() + timedelta(days=2), "a consent is of today or before"),
    ],
)
def test_a_consent_that_cannot_be_is_refused(
    shows: list[str], how: str, on: date | None, sentence: str, academy: Academy
) -> None:
    with pytest.raises(InputError, match=sentence):
        consent.record_consent(academy, "P017", shows, how, "S1001", on)
    with pytest.raises(InputError, match="is not in the registry"):
        consent.record_consent(academy, "P099", ["name"], "form", "S1001")
    assert academy.store.events("consent.recorded") == []


def test_hr_records_a_consent_and_the_office_publishes(
    academy: Academy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--centre", str(academy.centre.root)]

    assert main(["hr", "consent", "P017", "--show", "name", "until", "--how", "form of 3 March", *here]) == 0
    assert "P017 is shown with number, level, name, until" in capsys.readouterr().out
    assert main(["cert", "register", str(tmp_path / "web"), *here]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'web' / 'register' / 'index.html'}: 1 certificate\n"
    assert main(["hr", "consent", "P017", "--take-back", "--how", "e-mail of 4 March", *here]) == 0
    assert "is not shown any more" in capsys.readouterr().out
    assert main(["cert", "register", str(tmp_path / "web"), "--json", *here]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == 0
    for words in (["--how", "x"], ["--how", "x", "--show", "name", "--take-back"]):
        assert main(["hr", "consent", "P017", *words, *here]) == 2
        assert "one of the two" in capsys.readouterr().err
