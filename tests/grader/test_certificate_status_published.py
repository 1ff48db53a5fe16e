"""What a centre does to a certificate is published in its next lists and reaches whoever holds the file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from grader.__main__ import main
from grader.certificates.status import read_list
from grader.certify import Academy, statuslist
from grader.errors import InputError
from tests.grader.certificate_centre import centre  # noqa: F401, the fixture of a centre with a certificate
from tests.grader.certificate_facts import NOW


def said(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out + err


def test_a_measure_reaches_whoever_holds_the_file_and_the_new_list(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    web = tmp_path / "web"
    file = str(centre / "certificates" / "L2-2026-000017.json")
    publish = ["cert", "status-list", str(web), "--centre", str(centre)]
    with Academy(centre) as academy:
        trust = ["--issuer", academy.issuer_did]
    ask = ["cert", "verify", file, *trust, "--status-list", str(web), "--language", "en"]
    ask += ["--centre", str(tmp_path / "none")]

    assert said(publish, capsys)[0] == 0
    (web / "status" / "downloaded.json").write_bytes(Path(file).read_bytes())  # whoever checks keeps both in one folder
    code, first = said(ask, capsys)
    assert code == 0 and "not withdrawn and not suspended" in first
    with Academy(centre) as academy:
        academy.store.append("certificate.suspended", "L2-2026-000017", {"ground": "fees", "note": "x"}, "S1001")
    assert said(publish, capsys)[0] == 0
    code, second = said(ask, capsys)
    assert code == 1 and second.startswith("The certificate is suspended")
    with Academy(centre) as academy:
        academy.store.append("certificate.reinstated", "L2-2026-000017", {"note": "x"}, "S1001")
    said(publish, capsys)
    assert said(ask, capsys)[0] == 0
    with Academy(centre) as academy:
        academy.store.append("certificate.withdrawn", "L2-2026-000017", {"ground": "fraud", "note": "x"}, "S1001")
    assert "revision 4, 1 certificate set" in said(publish, capsys)[1]
    assert said(ask, capsys)[1].startswith("The certificate was withdrawn")
    code, document = said([*ask, "--json"], capsys)
    answer = json.loads(document)
    assert (code, answer["ok"], answer["status"], answer["number"]) == (1, False, "withdrawn", "L2-2026-000017")


def test_every_publication_is_a_fact_with_revision_and_digest(centre: Path) -> None:  # noqa: F811
    with Academy(centre) as academy:
        for _ in range(2):
            made = statuslist.publish_status(academy, academy.centre.public, "S1001", at=NOW)
        events = academy.store.events("status.published", "revocation-1")
        broken = academy.store.verify()

    file = centre / "public" / "status" / "revocation-1.json"
    assert [event.data["revision"] for event in events] == [1, 2] and made[0].revision == 2
    assert events[-1].data["digest"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert read_list(file.read_bytes()).issuer == json.loads(file.read_text())["issuer"]["id"]
    assert broken == []


def test_a_withdrawal_stays_in_the_list_when_all_that_is_known_of_the_certificate_was_redacted(
    centre: Path,  # noqa: F811
) -> None:
    with Academy(centre) as academy:
        issued = academy.store.events("certificate.issued")[0]
        withdrawn = academy.store.append("certificate.withdrawn", issued.subject, {"ground": "fraud"}, "S1001")
        statuslist.publish_status(academy, academy.centre.public, "S1001")
        academy.store.redact([issued.seq, withdrawn], "P017", "asked for", "S1001")
        made = statuslist.publish_status(academy, academy.centre.public, "S1001")

    assert made[0].places == (issued.data["status_index"],)


def test_a_list_that_is_nearly_full_is_followed_by_the_next_one(
    centre: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Academy(centre) as academy:
        (row,) = academy.store.rows("certificates")
        monkeypatch.setattr(statuslist.certificates, "draw", lambda: row["status_index"])  # as if all were taken

        place = statuslist.new_place(academy)

    assert (place.number, place.index) == (2, row["status_index"])


def test_there_is_no_list_before_there_is_a_certificate(tmp_path: Path) -> None:
    with Academy(tmp_path / "centre") as academy, pytest.raises(InputError, match="no certificate names a status list"):
        statuslist.publish_status(academy, tmp_path / "web", "S1001")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["cert", "status-list", "--days", "0"], "whole days from 1 to 366 are wanted, got '0'"),
        (["cert", "verify", "{file}", "--status-list", "{none}"], "cannot be read (No such file"),
        (["cert", "verify", "{file}", "--status-list", "{empty}"], "holds no status list"),
        (["cert", "verify", "{file}", "--issuer", "did:key:z6Mk"], "--issuer wants the did:key:z... that"),
        (["cert", "verify", "{file}", "--issuer", "Riverside"], "got 'Riverside'"),
        (["cert", "status-list", "{file}"], "cannot be written (Not a directory)"),
    ],
)
def test_a_wrong_word_is_answered_with_one_sentence(
    words: list[str],
    sentence: str,
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty").mkdir()
    names = {
        "file": centre / "certificates" / "L2-2026-000017.json",
        "none": tmp_path / "x",
        "empty": tmp_path / "empty",
    }
    try:
        code = main([word.format(**names) for word in words] + ["--centre", str(centre)])
    except SystemExit as end:
        code = int(str(end.code))

    assert code == 2 and sentence in capsys.readouterr().err
