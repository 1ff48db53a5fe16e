"""Letters to holders: which are due on a day, in whose language, and that none is due twice."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from grader import certificates
from grader.__main__ import main
from grader.certify import Academy, measures, notices, renewing
from grader.certify.letters import letter
from grader.errors import InputError
from grader.ladder import add_months
from grader.model import LANGUAGES
from tests.grader.held_certificate import CLERK, HOLDER, JUDGE, THIRD, certificate, fixtures

# From 28 February 2023 to 28 February 2026.
ISSUED = "2023-02-28"
TODAY = datetime.now(UTC).date()
made, academy, number = fixtures(ISSUED)


def told(academy: Academy, day: str) -> list[tuple[str, int | None]]:
    return [(one.about, one.days) for one in notices.due(academy, date.fromisoformat(day))]


# --- reminders --------------------------------------------------------------------------------------------------------


def test_a_letter_is_due_until_it_is_recorded_and_then_no_more(academy: Academy, number: str) -> None:
    day = date(2025, 11, 30)  # ninety days before the end; the one of 180 days was missed

    before = notices.due(academy, day)
    again = notices.due(academy, day)
    new = notices.record(academy, [one.ref for one in before], CLERK, "email", day)
    twice = notices.record(academy, [one.ref for one in before], CLERK, "email", day)

    assert [(one.number, one.days, one.email) for one in before] == [(number, 90, "chen@example.com")]
    assert (new, twice) == ([f"{number}/90"], [])
    assert again == before and notices.due(academy, day) == []
    (sent,) = academy.store.events("notice.sent", number)
    assert sent.data == {"person": HOLDER, "on": "2025-11-30", "how": "email", "to": "chen@example.com", "days": 90}
    assert [told(academy, one) for one in ("2026-01-28", "2026-01-29", "2026-02-28")] == [
        [], [("reminder", 30)], [("reminder", 0)],
    ]  # fmt: skip


def test_a_letter_is_in_the_language_of_its_reader(academy: Academy, number: str) -> None:
    day = date(2025, 12, 1)
    (chinese,) = notices.due(academy, day)
    academy.store.append("person.recorded", HOLDER, {"name": "Grace Lim", "email": "", "language": "en"}, "hr")

    (english,) = notices.due(academy, day)

    assert (chinese.language, english.language) == ("zh", "en")
    assert chinese.subject == f"您的证书{number}将于2026年2月28日到期"
    assert (
        "可于2025年9月1日至2026年5月29日期间续证" in chinese.text and "续证需要30学时，目前已计入0学时" in chinese.text
    )
    assert english.subject == f"Your certificate {number} ends on 28 February 2026"
    assert "Dear Grace Lim," in english.text and "from 1 September 2025 to 29 May 2026" in english.text
    assert "A renewal asks for 30 hours of credit; 0 count so far." in english.text
    assert english.text.endswith("Test Centre\n1 December 2025")


def test_whoever_has_the_hours_is_told_so(academy: Academy, number: str) -> None:
    for category, hours in (("training", 18), ("teaching", 12)):
        name = renewing.record(academy, HOLDER, CLERK, category, hours, date(2025, 5, 1), "x", "y")
        renewing.audit(academy, name, JUDGE, "stands")

    (found,) = notices.due(academy, date(2025, 12, 1))

    assert "目前已计入30学时" in found.text and "学时已满足要求，请联系人力资源部门办理续证。" in found.text


def test_nobody_is_reminded_who_holds_a_longer_one_of_the_level(academy: Academy, number: str) -> None:
    certificate(academy, "2025-10-01", sitting="TL-2")

    assert told(academy, "2025-12-01") == []


# --- measures ---------------------------------------------------------------------------------------------------------


def test_every_measure_and_every_decision_on_an_appeal_is_told_once(academy: Academy, number: str) -> None:
    first = date(2025, 3, 3)
    measures.propose(academy, number, "withdraw", CLERK, "代考", ground="fraud", today=first)
    nothing_yet = notices.due(academy, first)
    measures.confirm(academy, number, JUDGE, first)
    (withdrawn,) = notices.due(academy, first)
    notices.record(academy, [withdrawn.ref], CLERK, "registered letter", first)
    measures.appeal(academy, number, CLERK, "不是我", first)
    measures.settle(academy, number, THIRD, "upheld", "录音是同事的", date(2025, 4, 1))

    (upheld,) = notices.due(academy, date(2025, 4, 2))

    assert nothing_yet == []
    assert withdrawn.about == "withdrawn" and withdrawn.days is None
    assert (
        "依据：以欺骗手段取得成绩。情况说明：代考" in withdrawn.text
        and "可在2025年3月23日（含当日）前" in withdrawn.text
    )
    (new,) = academy.store.rows("certificates", person=HOLDER, state="active")
    assert upheld.about == "upheld" and f"证书{new['number']}替代{number}，等级与有效期不变。" in upheld.text
    notices.record(academy, [upheld.ref], CLERK, "email", date(2025, 4, 2))
    assert notices.due(academy, date(2025, 4, 2)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "kind",
    ["ending", "ends", "ended", "suspended", "withdrawn", "reduced", "reinstated", "upheld", "dismissed"],
)
def test_no_letter_claims_an_authority_or_leaves_a_gap(academy: Academy, kind: str, language: str) -> None:
    day = date(2026, 2, 28)
    ground = academy.scheme.keeping.grounds["conduct"]
    values = dict.fromkeys(("ends", "due", "grace_ends", "on", "until", "appeal_until", "today"), day)
    texts = dict.fromkeys(("number", "name", "note", "reason", "to", "wanted", "hours"), "X1")
    level, issuer = academy.framework.level(2).name, academy.issuer.name

    subject, text = letter(
        kind, language, {**values, **texts, "level": level, "issuer": issuer, "ground": ground, "missing": True}
    )

    assert certificates.check_wording(subject + text, academy.scheme.blocked_words) == []
    assert "{" not in subject + text and "Bilingual" not in text
    latin = [word for word in ("the", "your", "certificate") if f" {word} " in text.lower()]
    assert (latin == []) is (language == "zh")


# --- the commands -----------------------------------------------------------------------------------------------------


@pytest.fixture
def given(academy: Academy) -> list[str]:
    return ["--centre", str(academy.centre.root)]


def test_letters_are_written_for_a_mail_merge_and_no_name_is_a_formula(
    academy: Academy, number: str, given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    academy.store.append("person.recorded", HOLDER, {"name": "=cmd|' /C calc'!A1", "language": "zh"}, "hr")
    path = tmp_path / "letters.csv"

    done = main(["hr", "reminders", *given, "--on", "2025-12-01", "--csv", str(path), "--language", "en"])

    assert done == 0 and "1 letter written; when they are sent" in capsys.readouterr().out
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["Certificate"] == number and row["Name"] == "'=cmd|' /C calc'!A1" and row["Days before the end"] == "90"
    assert row["Letter"] == f"{number}/90" and row["Text"].count("\n") >= 4 and row["Subject"].startswith("您的证书")
    assert academy.store.events("notice.sent") == []


def test_recording_needs_a_person_and_the_letters_that_were_written_and_is_done_once(
    academy: Academy, given: list[str], number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "letters.csv"
    record = ["hr", "reminders", *given, "--record", str(path), "--on", "2025-12-02"]
    assert main(["hr", "reminders", *given, "--on", "2025-12-01", "--csv", str(path)]) == 0
    # Confirmed after the letters were written: it is no part of what was sent.
    measures.propose(academy, number, "suspend", CLERK, "x", ground="request", today=date(2025, 12, 1))
    capsys.readouterr()

    assert main(record) == 2
    assert "who does this? Name the person with --by" in capsys.readouterr().err
    assert main([*record, "--by", CLERK, "--how", "post"]) == 0
    assert capsys.readouterr().out == "1 letter recorded as sent by post, 0 recorded before\n"
    assert main([*record, "--by", CLERK]) == 0
    assert capsys.readouterr().out == "0 letters recorded as sent by email, 1 recorded before\n"
    (sent,) = academy.store.events("notice.sent")
    assert (sent.data["days"], sent.data["on"], sent.data["how"]) == (90, "2025-12-02", "post")
    assert [one.about for one in notices.due(academy, date(2025, 12, 2))] == ["suspended"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_file_of_letters_that_excel_saved_again_is_still_read(
    academy: Academy, given: list[str], number: str, tmp_path: Path, encoding: str, mark: str
) -> None:
    path = tmp_path / "letters.csv"
    head, row = ("通知编号", "姓名", "正文"), (f"{number}/90", "陈晓敏", '"陈晓敏，您好：\n\n续证；\n"')
    path.write_bytes(f"{mark.join(head)}\r\n{mark.join(row)}\r\n".encode(encoding))

    assert main(["hr", "reminders", *given, "--record", str(path), "--by", CLERK]) == 0

    assert [one.data["days"] for one in academy.store.events("notice.sent", number)] == [90]


@pytest.mark.parametrize("ref", ["{number}/77", "{number}/#1", "{number}/x", "{number}", "L9-1/90"])
def test_a_letter_that_nobody_wrote_is_not_recorded_and_nor_are_the_others(
    academy: Academy, number: str, ref: str
) -> None:
    refs = [f"{number}/90", ref.replace("{number}", number)]

    with pytest.raises(InputError, match=r"there is no letter|has no certificate"):
        notices.record(academy, refs, CLERK, "email", date(2025, 12, 1))

    assert academy.store.events("notice.sent") == []


def test_the_whole_life_of_a_certificate_on_the_command_line(
    academy: Academy, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Issued so long ago that today lies in its window: credits, the lot, the renewal, a measure, its appeal."""
    number = certificate(academy, add_months(TODAY + timedelta(days=30), -36).isoformat(), sitting="TL-9")

    def run(*words: str, by: str = CLERK) -> str:
        assert main([*words, *given, *(["--by", by] if by else [])]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    earned = (TODAY - timedelta(days=100)).isoformat()
    for category, hours in (("training", "20"), ("practice", "12.5")):
        run(
            "hr", "credit", "record", HOLDER, "--category", category, "--hours", hours, "--on", earned, "--what", "x",
            "--evidence", "HR 1",
        )  # fmt: skip
        run("hr", "credit", "audit", f"{HOLDER}/{1 + (category == 'practice')}", "--finding", "stands", by=JUDGE)
    listed = run("hr", "credit", "list", HOLDER, by="")
    assert f"{number}: 30.5 of 30 hours" in listed
    training = academy.scheme.keeping.credits["training"].name.en
    assert f"{training} counts for at most 18 of the 30 hours" in listed
    assert f"it can be renewed: academy cert renew {number}" in listed
    renewed = run("cert", "renew", number, by=THIRD)
    new = renewed.split()[0]
    begins = date.fromisoformat(measures.certificate(academy, number)["valid_until"]) + timedelta(days=1)
    assert f"{new} renews {number}: it holds from {begins} to " in renewed
    assert "proposed to suspend" in run("cert", "suspend", new, "--ground", "misuse", "--note", "印在名片上出售")
    assert "proposed to suspend it (The certificate or its mark was misused)" in run("cert", "waiting", by="")
    assert "is suspended" in run("cert", "confirm", new, by=JUDGE)
    assert "to be decided by" in run("cert", "appeal", "file", new, "--text", "名片不是我印的")
    told = run("cert", "appeal", "decide", new, "--outcome", "upheld", "--reason", "属实", by=THIRD)
    assert told == f"The appeal about {new} is upheld\n"
    status = json.loads(run("cert", "status", new, "--json", by=""))
    assert status["state"] == "coming" and any("decided the appeal: upheld: 属实" in line for line in status["past"])
    assert "Nothing waits for anybody." in run("cert", "waiting", by="")
    spoken = run("cert", "status", new, "--language", "zh", by="")
    assert (
        f"{new}：第2级，{HOLDER} 陈晓敏" in spoken and "尚未生效" in spoken and f"续自{number}，计入30.5学时" in spoken
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["cert", "status", "L9-1"], "the registry has no certificate 'L9-1'"),
        (["cert", "withdraw", "{number}", "--ground", "fraud", "--note", "x"], "who does this? Name the person"),
        (["cert", "withdraw", "{number}", "--ground", "gossip", "--note", "x", "--by", CLERK], "got 'gossip'"),
        (["cert", "renew", "{number}", "--by", CLERK], "only the examination is left"),
        (["hr", "credit", "list", "A9999"], "person 'A9999' is not in the registry"),
        (["hr", "reminders", "--csv", "/nowhere/letters.csv"], "/nowhere/letters.csv cannot be written"),
        (["hr", "reminders", "--on", "2027-02-30"], "a day such as 2026-12-07 is wanted, got '2027-02-30'"),
    ],
)
def test_bad_input_is_told_in_one_sentence_and_writes_nothing(
    academy: Academy, number: str, given: list[str], words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = academy.store.head()

    try:
        code = main([word.replace("{number}", number) for word in words] + given)
    except SystemExit as end:
        code = int(str(end.code))

    assert code == 2 and says in capsys.readouterr().err
    assert academy.store.head() == before
