"""What a centre forgets: after a redaction no file of it holds the name, and nobody else loses a thing."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import unicodedata
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from grader import nbcourse, rules, upkeep
from grader.__main__ import main
from grader.centre import PROJECT, Centre
from grader.errors import InputError, RuleBroken
from grader.model import Bilingual, KeepingRules
from grader.reports import write_month
from grader.store import Store
from grader.upkeep.printed import printed

DAY = date(2026, 11, 22)
NAME, MAIL = "陈晓敏", "xiaomin.chen@example.com"
WAYS = (
    NAME.encode(), NAME.encode("utf-16-le"), MAIL.encode(), json.dumps(NAME)[1:-1].encode(),
    b"%E9%99%88%E6%99%93%E6%95%8F",
)  # fmt: skip


def say(store: Store, kind: str, subject: str, data: dict[str, Any]) -> int:
    return store.append(kind, subject, data, by="office")


@pytest.fixture
def centre(tmp_path: Path, built: Path) -> Centre:
    """A centre in which A1001 has sat once, in a decided sitting long ago, beside a colleague of hers."""
    return Centre(shutil.copytree(built, tmp_path / "centre"))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Centre(tmp_path_factory.mktemp("redaction") / "centre")
    with Store(place.registry) as store:
        for person, name, mail in (("A1001", NAME, MAIL), ("A1002", "王雪", "xue@example.com")):
            fact = {"name": name, "email": mail, "site": "Hefei", "team": "B", "language": "zh"}
            say(store, "person.recorded", person, fact)
        say(
            store,
            "sitting.scheduled",
            "TL-1",
            {
                "level": 2,
                "purpose": "certification",
                "opens_at": "2020-05-01T08:00:00Z",
                "closes_at": "2020-05-01T09:00:00Z",
            },
        )
        for number, person in ((1, "A1001"), (2, "A1002")):
            seat = f"TL-1-0{number}"
            say(store, "seat.assigned", seat, {"sitting": "TL-1", "person": person, "form": "F1", "language": "zh"})
            say(store, "mark.given", f"{seat}/q01", {"seat": seat, "slot": "q01", "points": 1.0, "note": ""})
            say(store, "decision.proposed", seat, {"person": person, "sitting": "TL-1", "level": 2, "outcome": "pass"})
            say(store, "result.published", seat, {"on": "2020-05-04", "appeal_until": "2020-05-24"})
            issued = {
                "person": person,
                "level": 2,
                "seat": seat,
                "purpose": "certification",
                "issued_on": "2020-05-04",
                "valid_until": "2023-05-04",
            }
            say(store, "certificate.issued", f"L2-{number}", issued)
        say(store, "seat.extra-time", "TL-1-01", {"extra_min": 20, "reason": "reads with a screen reader"})
        say(
            store,
            "mark.given",
            "TL-1-01/q02",
            {"seat": "TL-1-01", "slot": "q02", "points": 2.0, "note": f"见{NAME}的答卷"},
        )
        say(store, "sitting.decided", "TL-1", {})
    fill(place)
    return place.root


def fill(place: Centre) -> None:
    cards = [{"seat": f"TL-1-0{n}", "person": f"A100{n}", "name": name} for n, name in ((1, NAME), (2, "王雪"))]
    for path, content in {
        place.office / "TL-1" / "cards.json": json.dumps(cards, ensure_ascii=False),
        place.office / "TL-1" / "slips.html": f"<p>{NAME}</p><p>王雪</p>",
        place.room / "TL-1" / "TL-1-01" / "seat.json": json.dumps({"candidate": {"name": NAME}}),
        place.room / "TL-1" / "TL-1-01" / "journal.jsonl": "{}\n",
        place.room / "TL-1" / "TL-1-02" / "seat.json": json.dumps({"candidate": {"name": "王雪"}}),
        place.results / "TL-1" / "TL-1-01.html": f"<h1>{NAME}</h1>",
        place.certificates / "L2-1.json": json.dumps({"identityHash": "sha256$0"}),
        place.certificates / "L2-1-zh.pdf": NAME,
        place.certificates / "L2-2-zh.pdf": "王雪",
        place.reports / "hr.html": f"<td>{NAME}<td>王雪",
        place.root / "registry.layout-2.db": NAME,
        place.exchange / "academy" / "inbound" / "A1001+L1+2026" / "work.txt": NAME,
        place.exchange / "academy" / "inbound" / "A1002+L1+2026" / "work.txt": "王雪",
    }.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    with zipfile.ZipFile(place.reports / "hr.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/sharedStrings.xml", f"<t>{NAME}</t>")
    nbcourse.create(place.course, course_id="academy", exchange=place.exchange)
    nbcourse.add_students(place.course, [("A1001", "", NAME), ("A1002", "", "王雪")])
    for person in ("A1001", "A1002"):
        nbcourse.submit(place.course, person, "L1", {"work.txt": b"mine"}, datetime(2020, 5, 1, tzinfo=UTC))


def holding(place: Centre) -> list[str]:
    """The files of the centre in which the name or the address stands, packed ones looked into."""
    found = []
    for path in sorted(place.root.rglob("*")):
        if path.is_file():
            contents = [path.read_bytes()]
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    contents += [packed.read(name) for name in packed.namelist()]
            if any(way in content for way in WAYS for content in contents):
                found.append(path.relative_to(place.root).as_posix())
    return found


def redact(place: Centre, **more: Any) -> upkeep.Redaction:
    with Store(place.registry) as store:
        return upkeep.redact(place, store, "A1001", "asked for it, letter 17", "HR-1", DAY, **more)


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


# --- what is due ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keeping() -> KeepingRules:
    """The shipped scheme: identity 24 months, answers 36, certificates 120."""
    folder = PROJECT / "question_bank"
    return rules.load_scheme(folder / "scheme.yml", rules.load_framework(folder / "framework.yml")).keeping


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        # The result was published on 4 May 2020; the certificates ended on 4 May 2023; A1001 left on 30 June 2022.
        (date(2023, 5, 4), []),
        (date(2023, 5, 5), ["answers TL-1-01", "answers TL-1-02"]),
        (date(2025, 5, 4), ["answers TL-1-01", "answers TL-1-02"]),
        (date(2025, 5, 5), ["answers TL-1-01", "answers TL-1-02", "identity A1001"]),
        (
            date(2033, 5, 5),
            ["answers TL-1-01", "answers TL-1-02", "certificates L2-1", "certificates L2-2", "identity A1001"],
        ),
    ],
)
def test_what_is_due_is_counted_from_the_day_that_the_scheme_names(
    day: date, kinds: list[str], centre: Centre, keeping: KeepingRules
) -> None:
    with Store(centre.registry) as store:
        say(store, "person.left", "A1001", {"on": "2022-06-30"})

        found = upkeep.due(centre, store, keeping, day)

    assert sorted(f"{one.kind} {one.subject}" for one in found) == kinds


def test_the_identity_of_somebody_who_came_back_stays(centre: Centre, keeping: KeepingRules) -> None:
    with Store(centre.registry) as store:
        say(store, "person.left", "A1001", {"on": "2022-06-30"})
        say(store, "person.returned", "A1001", {"left_on": "2022-06-30"})

        found = upkeep.due(centre, store, keeping, date(2033, 5, 5))

    assert "identity" not in {one.kind for one in found}


def test_what_is_due_is_let_go_and_then_due_no_more(
    centre: Centre, keeping: KeepingRules, capsys: pytest.CaptureFixture[str]
) -> None:
    with Store(centre.registry) as store:
        say(store, "person.left", "A1001", {"on": "2022-06-30"})
    words = ["registry", "due", "--centre", str(centre.root), "--on", "2033-05-05"]

    assert main([*words, "--json"]) == 0
    looked = json.loads(capsys.readouterr().out)
    assert main([*words, "--carry-out", "--by", "HR-1"]) == 0
    said = capsys.readouterr().out
    assert main([*words, "--json"]) == 0

    assert len(looked["due"]) == 5 and json.loads(capsys.readouterr().out)["due"] == []
    assert said.endswith("5 records due on 2033-05-05, 5 let go\n")
    assert holding(centre) == [] and not [*centre.certificates.iterdir()] and not [*centre.room.glob("*/*")]
    with Store(centre.registry) as store:
        assert store.verify() == [] and [row["person"] for row in store.rows("people")] == ["A1002"]
        assert store.rows("certificates", number="L2-2")[0]["valid_until"] == "2023-05-04"


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
