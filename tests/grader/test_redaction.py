"""What a centre forgets: after a redaction no file of it holds the name, and nobody else loses a thing."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from grader import nbcourse, rules, upkeep
from grader.__main__ import main
from grader.centre import PROJECT, Centre
from grader.errors import InputError, RuleBroken
from grader.model import Bilingual
from grader.reports import write_month
from grader.store import Store
from grader.upkeep.printed import printed
from tests.grader.redaction_centre import DAY, NAME, copied, holding, once, redact, say

built = pytest.fixture(once, scope="module")
centre = pytest.fixture(copied)


def test_after_a_redaction_no_file_of_the_centre_holds_the_name_and_the_chain_holds(centre: Centre) -> None:
    assert len(holding(centre)) == 11  # else the test would prove nothing

    found = redact(centre)

    assert holding(centre) == [] and found.left == ()
    with Store(centre.registry) as store:
        assert store.verify() == []
        (told,) = store.events("record.redacted", "A1001")
    assert (told.by, told.data["reason"]) == ("HR-1", "asked for it, letter 17")
    assert tuple(told.data["events"]) == found.facts


def test_marks_decisions_and_the_certificate_stay_under_the_number(centre: Centre) -> None:
    redact(centre)

    with Store(centre.registry) as store:
        assert [row["person"] for row in store.rows("people")] == ["A1002"]
        assert [row["mark"] for row in store.rows("marks", seat="TL-1-01")] == ["TL-1-01/q01"]
        assert store.rows("decisions", seat="TL-1-01")[0]["outcome"] == "pass"
        assert store.rows("certificates", number="L2-1")[0]["person"] == "A1001"
    assert (centre.certificates / "L2-1.json").exists()


def test_nobody_else_loses_a_thing(centre: Centre) -> None:
    redact(centre)

    assert json.loads((centre.office / "TL-1" / "cards.json").read_text("utf-8")) == [
        {"seat": "TL-1-01", "person": "A1001", "name": ""},
        {"seat": "TL-1-02", "person": "A1002", "name": "王雪"},
    ]
    kept = (
        "room/TL-1/TL-1-02/seat.json",
        "certificates/L2-2-zh.pdf",
        "exchange/academy/inbound/A1002+L1+2026/work.txt",
    )
    assert all((centre.root / name).exists() for name in (*kept, "course/submitted/A1002/L1/work.txt"))
    with sqlite3.connect(centre.course / "gradebook.db") as book:
        assert book.execute("SELECT id, last_name FROM student").fetchall() == [("A1002", "王雪")]


def test_to_look_changes_nothing_and_says_what_would_leave(centre: Centre) -> None:
    before = {path: path.read_bytes() for path in centre.root.rglob("*") if path.is_file() and path.suffix != ".db-shm"}

    looked = redact(centre, dry=True)

    assert {path: path.read_bytes() for path in before} == before
    assert {"room/TL-1/TL-1-01", "results/TL-1/TL-1-01.html", "course/submitted/A1001/L1"} < {*looked.files}
    assert looked == redact(centre)


def test_a_name_in_what_belongs_to_others_is_left_and_named(centre: Centre) -> None:
    with Store(centre.registry) as store:
        other = say(store, "seat.incident", "TL-1-02", {"text": f"{NAME}帮忙换了座位"})
        own = store.append("seat.incident", "TL-1-02", {"text": "late"}, f"A1001 {NAME}")
    (centre.office / "TL-1" / "minutes.txt.gz").write_bytes(gzip.compress(NAME.encode()))

    found = redact(centre)

    assert found.left == (
        f"fact {other} (seat.incident TL-1-02, by office) holds the name",
        f"fact {own} (seat.incident TL-1-02, by A1001 {NAME}) holds the name",
        "office/TL-1/minutes.txt.gz: holds the name",
    )


@pytest.mark.parametrize(
    ("kind", "subject", "data", "said"),
    [
        (
            "certificate.issued", "L2-9",
            {"person": "A1001", "level": 2, "seat": "TL-1-01", "issued_on": "2026-05-04", "valid_until": "2029-05-04"},
            "certificate L2-9 of A1001 is in force until 2029-05-04",
        ),
        (
            "appeal.filed", "TL-1-01-A1", {"seat": "TL-1-01", "person": "A1001", "sitting": "TL-1"},
            "appeal TL-1-01-A1 of A1001 is not decided",
        ),
        (
            "result.published", "TL-1-01", {"on": "2026-11-20", "appeal_until": "2026-12-10"},
            "A1001 may appeal against the result of seat TL-1-01 until 2026-12-10",
        ),
        (
            "sitting.marked", "TL-1", {},
            "seat TL-1-01 of A1001 is in sitting TL-1, which is not decided",
        ),
    ],
)  # fmt: skip
def test_while_something_runs_only_an_order_removes(
    kind: str, subject: str, data: dict[str, Any], said: str, centre: Centre
) -> None:
    with Store(centre.registry) as store:
        say(store, kind, subject, data)
    before = holding(centre)

    with pytest.raises(RuleBroken) as refused:
        redact(centre)

    end = "; wait for its end, or give the order of whoever may decide so with --order"
    assert str(refused.value) == said + end and holding(centre) == before
    assert redact(centre, dry=True).running[0] == said and holding(centre) == before
    redact(centre, order="data protection officer, 22 November")
    assert holding(centre) == []
    with Store(centre.registry) as store:
        (told,) = store.events("record.redacted", "A1001")
    assert told.data["reason"] == "asked for it, letter 17; ordered: data protection officer, 22 November"


def test_reports_that_hold_the_name_leave_and_are_named_and_papers_that_do_not_stay(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    place, (first, today) = Centre(centre.root), (date(2026, 11, 1), date(2026, 11, 21))
    bank = PROJECT / "question_bank"
    framework = rules.load_framework(bank / "framework.yml")
    scheme = rules.load_scheme(bank / "scheme.yml", framework)
    with Store(place.registry) as store:
        for name, house in (("kept", "合肥培训学院"), ("named", f"{NAME}培训学院")):
            issuer = Bilingual("Hefei Academy", house)
            write_month(store, framework, scheme, issuer, place.reports / name, first, today)
    (place.reports / "scan.pdf").write_bytes(b"%PDF-1.4 a picture of a list")

    assert main(["registry", "redact", "A1001", "--reason", "asked", "--by", "HR-1", "--centre", str(place.root)]) == 0

    told = capsys.readouterr().out
    assert sorted(path.relative_to(place.reports).as_posix() for path in place.reports.rglob("*.pdf")) == [
        "kept/hr-2026-11-en.pdf", "kept/hr-2026-11-zh.pdf", "named/hr-2026-11-en.pdf",
    ]  # fmt: skip
    assert (
        "Reports among them; write them anew (academy hr report, with --month for the paper of a month):\n"
        "  reports/hr.html: holds the name\n"
        "  reports/hr.xlsx: holds the name\n"
        "  reports/named/hr-2026-11-zh.pdf: holds the name\n"
        "  reports/scan.pdf: cannot be searched\n"
    ) in told
    assert told.endswith("hold it still: delete those, and publish the register again.\n")


def test_the_words_of_a_paper_are_those_that_another_reader_finds_on_it(tmp_path: Path) -> None:
    # The other reader is poppler's pdftotext, where the machine has it; the words were read off the picture, too.
    issuer = Bilingual("O'Brien (North) \\ 50%", "欧阳·阿依古丽")
    with Store(tmp_path / "registry.db") as store:
        say(store, "person.recorded", "A1", {"name": "X", "site": "Site (a)\\b"})
        data = {"person": "A1", "level": 1, "seat": "s", "purpose": "certification", "issued_on": "2026-01-01",
                "valid_until": "2028-12-31"}  # fmt: skip
        say(store, "certificate.issued", "L1-1", data)
        framework = rules.load_framework(PROJECT / "question_bank" / "framework.yml")
        scheme = rules.load_scheme(PROJECT / "question_bank" / "scheme.yml", framework)
        days = date(2026, 11, 1), date(2026, 11, 21)
        english, chinese = write_month(store, framework, scheme, issuer, tmp_path, *days)

    found = [printed(path.read_bytes()) or "" for path in (english, chinese)]

    for words in ("O'Brien(North)\\50%", "Site(a)\\b", "Levelsandcertificates,November2026"):
        assert words in found[0]
    assert "欧阳·阿依古丽" in found[1] and "等级与证书月报（2026年11月）" in found[1]
    if pdftotext := shutil.which("pdftotext"):
        for path, said in zip((english, chinese), found, strict=True):
            other = subprocess.run([pdftotext, path, "-"], capture_output=True, check=True).stdout.decode()
            assert not {*other} - {*said, " ", "\n", "\f"}
            assert all(
                unicodedata.normalize("NFKC", line.replace(" ", "")) in unicodedata.normalize("NFKC", said)
                for line in other.splitlines()
                if line.strip() and "\f" not in line and len(line) < 30
            )
    assert printed(b"%PDF-1.4 made by a scanner") is None
    assert printed(english.read_bytes().replace(b"/ToUnicode", b"/ToNowhere")) is None


def test_a_redaction_that_was_cut_short_is_done_once_more(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(nbcourse, "forget", cut)
        with pytest.raises(KeyboardInterrupt):
            redact(centre)

    redact(centre)

    assert holding(centre) == []
    assert redact(centre) == upkeep.Redaction((), (), ())


def test_an_unknown_person_and_no_reason_are_refused(centre: Centre) -> None:
    with Store(centre.registry) as store:
        with pytest.raises(InputError, match="the registry has no person 'A9'; see academy hr report"):
            upkeep.redact(centre, store, "A9", "asked", "HR-1", DAY)
        with pytest.raises(InputError, match="a redaction needs a reason"):
            upkeep.redact(centre, store, "A1001", " ", "HR-1", DAY)


def test_the_office_looks_then_redacts_from_the_command_line(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["registry", "redact", "A1001", "--centre", str(centre.root)]

    assert main([*words, "--look"]) == 0
    looked = capsys.readouterr().out
    assert main([*words, "--reason", "asked for it"]) == 2
    refused = capsys.readouterr().err
    assert main([*words, "--reason", "asked for it", "--by", "HR-1"]) == 0

    assert looked.startswith("To be removed: the content of 3 facts, 9 files or folders.\n")
    assert refused == "academy: who does this? Name the person with --by, e.g. --by S1001\n"
    assert capsys.readouterr().out.startswith("Removed: the content of 3 facts, 9 files or folders.\n")
    assert holding(centre) == []
