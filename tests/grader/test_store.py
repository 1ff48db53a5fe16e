"""The registry keeps every fact, in order, and shows when somebody touched it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import RegistryError
from grader.model import canonical
from grader.store import Store

WRITE_FORTY = """
import sys
from pathlib import Path
from grader.store import Store

with Store(Path(sys.argv[1])) as store:
    for number in range(40):
        store.append("person.recorded", f"{sys.argv[2]}{number}", {"name": "A"}, by=sys.argv[2])
"""


@pytest.fixture
def store(tmp_path: Path):
    with Store(tmp_path / "registry.db") as opened:
        yield opened


def test_the_newest_fact_about_a_person_is_the_one_shown(store: Store) -> None:
    store.append("person.recorded", "P001", {"name": "陈晓敏", "team": "A"}, by="hr")
    store.append("person.recorded", "P001", {"name": "陈晓敏", "team": "B"}, by="hr")

    assert [(row["name"], row["team"]) for row in store.rows("people")] == [("陈晓敏", "B")]
    assert len(store.events("person.recorded", "P001")) == 2


def test_facts_about_everything_below_a_subject_are_found_and_no_neighbour_s(store: Store) -> None:
    for subject in ("S-1/q01", "S-1/q02", "S-10/q01", "S-1", "S-1-2/q01", "S-2/q01"):
        store.append("mark.given", subject, {}, by="engine")
    store.append("mark.blind", "S-1/q01/lin", {}, by="lin")

    assert [event.subject for event in store.events("mark.given", under="S-1")] == ["S-1/q01", "S-1/q02"]
    assert [event.by for event in store.events(under="S-1")] == ["engine", "engine", "lin"]


def test_extra_time_granted_later_adds_to_the_seat(store: Store) -> None:
    store.append("seat.assigned", "S-01", {"sitting": "S", "minutes": 40, "extra_min": 5}, by="office")
    store.append("seat.extra-time", "S-01", {"extra_min": 10, "reason": "fire alarm"}, by="office")

    assert store.rows("seats")[0]["extra_min"] == 15


def test_a_decision_proposed_again_has_to_be_confirmed_again(store: Store) -> None:
    store.append("decision.proposed", "S-01", {"outcome": "fail"}, by="a")
    store.append("decision.confirmed", "S-01", {}, by="b")
    assert store.rows("decisions")[0]["confirmed_by"] == "b"

    store.append("decision.proposed", "S-01", {"outcome": "pass"}, by="a")

    assert store.rows("decisions")[0]["confirmed_by"] is None


def test_a_fact_cannot_be_changed_or_deleted_through_the_file(store: Store) -> None:
    store.append("person.recorded", "P001", {"name": "A"}, by="hr")
    with sqlite3.connect(store.path) as other:
        for statement in ("UPDATE events SET by = 'x'", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="an event of the registry is never"):
                other.execute(statement)
    other.close()


def test_a_changed_a_missing_and_a_moved_fact_are_each_named(store: Store) -> None:
    for number in range(1, 6):
        store.append("person.recorded", f"P{number}", {"name": "A"}, by="hr")
    assert store.verify() == []
    with sqlite3.connect(store.path) as thief:
        thief.execute("DROP TRIGGER events_are_never_changed")
        thief.execute("DROP TRIGGER events_are_never_deleted")
        thief.execute("""UPDATE events SET data = '{"name":"B"}' WHERE seq = 2""")
        thief.execute("DELETE FROM events WHERE seq = 4")
    thief.close()

    assert store.verify() == [
        "event 2 (person.recorded P2) was changed after it was written",
        "event 4 is missing",
        "event 5 does not follow the event before it",
    ]


def test_all_or_none_of_several_facts_are_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="Out of range float"):
        store.append_all([("a", "1", {}), ("a", "2", {"points": float("nan")})], by="x")

    assert store.events() == []


def test_two_processes_writing_at_once_keep_one_unbroken_chain(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_FORTY, path, name]) for name in "ab"]

    assert [writer.wait() for writer in writers] == [0, 0]
    with Store(path) as store:
        assert store.verify() == []
        assert len(store.events()) == 80


def test_a_file_that_is_no_registry_and_a_newer_one_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("not a database at all " * 50)
    with pytest.raises(RegistryError, match=r"notes\.db cannot be read as a registry"):
        Store(tmp_path / "notes.db")
    with sqlite3.connect(tmp_path / "new.db") as newer:
        newer.execute("PRAGMA user_version = 99")
    newer.close()
    with pytest.raises(RegistryError, match="has layout 99, this program knows 3"):
        Store(tmp_path / "new.db")
    with pytest.raises(RegistryError, match=r"notes\.db/registry\.db cannot be made"):
        Store(tmp_path / "notes.db" / "registry.db")


def test_a_registry_of_the_first_layout_keeps_every_fact_and_gets_the_views_of_today(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with sqlite3.connect(path) as older:  # dumped from a file that the program of 21 November 2026 had made
        older.executescript((Path(__file__).parent / "registry_layout_1.sql").read_text("utf-8"))
        facts = older.execute("SELECT * FROM events ORDER BY seq").fetchall()
    older.close()

    with Store(path) as store:
        assert store.verify() == []
        *kept, note = store.events()
        assert [(event.seq, event.at, event.by, event.kind, event.subject) for event in kept] == [
            fact[:5] for fact in facts
        ]
        assert [canonical(event.data) for event in kept] == [fact[5] for fact in facts]
        assert (note.kind, note.data) == ("registry.migrated", {"layout": 1, "events": 6, "head": facts[-1][-1]})
        (decision,) = store.rows("decisions")
        assert (decision["outcome"], decision["confirmed_by"], decision["proposal"]) == ("pass", "second", 4)
        assert decision["in_band"] is None and store.rows("appeals") == []
        store.append("seat.reviewed", "TL-1-01", {"finding": "stands"}, "lin")

    with Store(path) as again:
        assert again.rows("decisions")[0]["reviewed_by"] == "lin"
        assert len(again.events()) == len(facts) + 2
    with sqlite3.connect(tmp_path / "registry.layout-1.db") as kept:
        assert kept.execute("SELECT * FROM events ORDER BY seq").fetchall() == facts
    kept.close()


def test_two_processes_that_open_an_older_registry_at_once_both_get_its_views(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with sqlite3.connect(path) as older:
        older.executescript((Path(__file__).parent / "registry_layout_1.sql").read_text("utf-8"))
    older.close()
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_FORTY, path, name]) for name in "ab"]

    assert [writer.wait() for writer in writers] == [0, 0]
    with Store(path) as store:
        assert store.verify() == [] and len(store.events()) == 87


def test_a_review_counts_for_the_proposal_that_it_looked_at_only(store: Store) -> None:
    store.append("decision.proposed", "S-01", {"outcome": "fail", "in_band": True}, by="a")
    store.append("seat.reviewed", "S-01", {"finding": "stands"}, by="b")
    assert store.rows("decisions")[0]["reviewed_by"] == "b"

    store.append("decision.proposed", "S-01", {"outcome": "pass", "in_band": True}, by="a")

    assert store.rows("decisions")[0]["reviewed_by"] is None


def test_a_view_that_was_bent_in_the_file_is_named(store: Store) -> None:
    store.append("certificate.issued", "L2-1", {"person": "P1"}, by="office")
    with sqlite3.connect(store.path) as thief:
        thief.execute("DROP VIEW certificates")
        thief.execute("CREATE VIEW certificates AS SELECT 'L5-9' AS number, 'P9' AS person")
    thief.close()

    assert store.rows("certificates")[0]["person"] == "P9"
    assert store.verify() == ["the view certificates is not the one that this program reads by"]


def test_an_older_registry_with_a_break_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with sqlite3.connect(path) as older:
        older.executescript((Path(__file__).parent / "registry_layout_1.sql").read_text("utf-8"))
        older.execute("DROP TRIGGER events_are_never_changed")
        older.execute("""UPDATE events SET data = '{"outcome":"fail"}' WHERE seq = 4""")
    older.close()

    with pytest.raises(RegistryError, match=r"has layout 1 and event 4 was changed .*restore it from a backup"):
        Store(path)

    with sqlite3.connect(path) as older:
        assert older.execute("PRAGMA user_version").fetchone() == (1,)
    older.close()


# --- what leaves, and what stays provable -----------------------------------------------------------------------------


def test_redacted_content_leaves_the_file_and_the_chain_holds(store: Store) -> None:
    first = store.append("person.recorded", "P001", {"name": "陈晓敏", "site": "Hefei-West"}, by="hr")
    store.append("seat.assigned", "S-01", {"person": "P001"}, by="office")

    number = store.redact([first], "P001", "left; asked for it on 3 November", by="lin")

    assert store.verify() == []
    assert store.rows("people") == []
    assert store.rows("seats")[0]["person"] == "P001"
    assert [(event.seq, event.redacted, event.data) for event in store.events("person.recorded", redacted=True)] == [
        (1, True, {})
    ]
    assert store.events("person.recorded") == []
    (said,) = store.events("record.redacted", "P001")
    assert (said.seq, said.by, said.data["events"]) == (number, "lin", [1])
    files = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert "陈晓敏".encode() not in files and b"Hefei-West" not in files


def test_a_redaction_of_nothing_of_a_redaction_or_without_a_reason_is_refused_whole(store: Store) -> None:
    first = store.append("person.recorded", "P001", {"name": "A"}, by="hr")
    gone = store.redact([first], "P001", "asked for", by="lin")
    second = store.append("person.recorded", "P002", {"name": "B"}, by="hr")

    for numbers in ([second, 99], [second, gone]):
        with pytest.raises(RegistryError, match=r"event \d+ cannot be redacted"):
            store.redact(numbers, "P002", "asked for", by="lin")
    with pytest.raises(RegistryError, match="a person who orders it and a reason"):
        store.redact([second], "P002", " ", by="lin")

    assert store.rows("people")[0]["name"] == "B" and store.verify() == []


def test_content_that_left_without_a_redaction_and_content_put_in_its_place_are_named(store: Store) -> None:
    for number in (1, 2):
        store.append("person.recorded", f"P{number}", {"name": "A"}, by="hr")
    with sqlite3.connect(store.path) as thief:
        thief.execute("UPDATE events SET data = NULL, salt = NULL WHERE seq = 1")  # the guard lets content leave
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            thief.execute("UPDATE events SET data = '{}' WHERE seq = 1")
        thief.execute("DROP TRIGGER events_are_never_changed")
        thief.execute("""UPDATE events SET data = '{"name":"B"}' WHERE seq = 2""")
    thief.close()

    assert store.verify() == [
        "event 2 (person.recorded P2) was changed after it was written",
        "event 1 has lost its content, and no fact says that it was redacted",
    ]


def test_facts_cut_off_at_the_end_are_shown_by_the_anchor(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with Store(path) as store:
        for number in range(1, 4):
            store.append("person.recorded", f"P{number}", {"name": "A"}, by="hr")
    with Store(path) as read_only:
        assert read_only.verify() == []
    assert len((tmp_path / "registry.anchors.jsonl").read_text().splitlines()) == 1  # who only reads leaves none
    with sqlite3.connect(path) as thief:
        thief.execute("DROP TRIGGER events_are_never_deleted")
        thief.execute("DELETE FROM events WHERE seq > 1")
    thief.close()

    with Store(path) as store:
        (said,) = store.verify()
        assert said.startswith("event 3, which stood here at 20") and said.endswith("was cut off")
        store.append("person.recorded", "P9", {"name": "B"}, by="thief")
        store.append("person.recorded", "P9", {"name": "B"}, by="thief")
        (said,) = store.verify()
        assert said.startswith("event 3 is not the one that stood here at 20")


def test_a_registry_that_was_only_made_has_nothing_to_lose(tmp_path: Path) -> None:
    Store(tmp_path / "registry.db").close()

    with Store(tmp_path / "registry.db") as store:
        assert store.verify() == []


# --- copies, and whoever else is at it --------------------------------------------------------------------------------


def test_a_copy_made_while_another_writes_is_a_whole_registry(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    Store(path).close()
    writer = subprocess.Popen([sys.executable, "-c", WRITE_FORTY, path, "a"])
    with Store(path) as store:
        copies = []
        while writer.poll() is None:
            copies.append(tmp_path / f"copy-{len(copies)}.db")
            store.copy(copies[-1])

    lengths = []
    for copy in copies:
        with Store(copy) as one:
            assert one.verify() == []
            lengths.append(len(one.events()))
    assert lengths == sorted(lengths) and len(copies) > 1
    assert list(tmp_path.glob("*.part")) == []


def test_a_second_writer_waits_says_so_and_gives_up_in_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.store._WAIT_S", 2)
    with Store(tmp_path / "registry.db") as store:
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(RegistryError, match=r"another program has been writing to registry\.db for 2 seconds"):
            store.append("person.recorded", "P1", {"name": "A"}, by="hr")

        assert [record.message for record in caplog.records] == [
            "another program is writing to registry.db; waiting up to 2 s for it"
        ]
        assert store.rows("people") == []  # who reads does not wait
        other.execute("ROLLBACK")
        other.close()
        store.append("person.recorded", "P1", {"name": "A"}, by="hr")


def test_views_are_made_anew_and_no_fact_is_touched(store: Store) -> None:
    store.append("certificate.issued", "L2-1", {"person": "P1"}, by="office")
    before = store.head()
    with sqlite3.connect(store.path) as thief:
        thief.execute("DROP VIEW certificates")
        thief.execute("CREATE VIEW certificates AS SELECT 'L5-9' AS number, 'P9' AS person")
    thief.close()

    store.rebuild()

    assert store.rows("certificates")[0]["person"] == "P1"
    assert store.verify() == [] and store.head() == before
