"""After the key was stolen: what it signed is signed again by two people, and the old file is believed no more."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from grader import certificates, certify
from grader.__main__ import main
from grader.certify import Academy, keys, reissuing, statuslist
from grader.certify.signed_file import signed_file
from grader.errors import InputError, RuleBroken
from grader.model import LANGUAGES
from tests.grader import outside_verifier
from tests.grader.held_certificate import CLERK, HOLDER, JUDGE, OFFICE, SECOND, fixtures

TODAY = datetime.now(UTC).date()
made, academy, number = fixtures(f"{TODAY - timedelta(days=30)}")


def steal(academy: Academy) -> str:
    """The key is stolen and changed; the old one's did."""
    old = academy.issuer_did
    keys.rotate(academy, "stolen", "memory stick missing", OFFICE, SECOND)
    return old


def document(academy: Academy, number: str) -> bytes:
    return (academy.centre.certificates / f"{number}.json").read_bytes()


def bare(data: bytes) -> str:
    """What a credential says, without who signed it, its place in the lists and its salts."""
    said = json.loads(data)
    for name in ("id", "issuer", "proof", "credentialStatus"):
        del said[name]
    del said["credentialSubject"]["identifier"]
    return re.sub(r"urn:uuid:[0-9a-f-]+", "urn", json.dumps(said))


def verify(capsys: pytest.CaptureFixture[str], file: Path, *words: str) -> tuple[int, str]:
    code = main(["cert", "verify", str(file), "--language", "en", *words])
    return code, capsys.readouterr().out


def test_from_the_theft_to_the_new_file_as_typed_and_checked_by_a_stranger(
    academy: Academy, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at, web = ["--centre", str(academy.centre.root)], str(tmp_path / "web")
    before, old = document(academy, number), academy.issuer_did
    papers = {one: (academy.centre.certificates / f"{number}-{one}.pdf").read_bytes() for one in LANGUAGES}
    (tmp_path / "old.json").write_bytes(before)
    both = ["--by", OFFICE, "--with", SECOND]

    assert main(["cert", "rotate-key", "--reason", "stolen", "--note", "missing", *both, *at]) == 0
    assert "Signed by the stolen key and still standing: 1 certificate; academy cert reissue" in capsys.readouterr().out
    assert verify(capsys, tmp_path / "old.json", *at)[0] == 0  # the registry still speaks for it
    assert main(["cert", "reissue", "--all", "--note", "key stolen", *both, *at]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{number}: signed again"
    assert main(["cert", "status-list", web, "--by", OFFICE, *at]) == 0
    capsys.readouterr()

    after, new = document(academy, number), academy.issuer_did
    assert bare(before) == bare(after) and json.loads(after)["issuer"]["id"] == new != old
    assert json.loads(after)["proof"]["created"] == f"{TODAY}T00:00:00Z"
    assert all((academy.centre.certificates / f"{number}-{one}.pdf").read_bytes() != papers[one] for one in LANGUAGES)
    code, said = verify(capsys, academy.centre.certificates / f"{number}.json", *at)
    assert code == 0 and said.startswith("This centre's registry says: in force.")
    code, said = verify(capsys, tmp_path / "old.json", *at)
    assert code == 1 and said.startswith(
        f"The key of this file was stolen, and the certificate was signed again on {TODAY}"
    )

    abroad = ["--centre", str(tmp_path / "none"), "--status-list", web]
    good = verify(capsys, academy.centre.certificates / f"{number}.json", "--issuer", new, *abroad)
    assert good[0] == 0 and "not withdrawn and not suspended" in good[1]
    late = verify(capsys, tmp_path / "old.json", "--issuer", old, "--issuer", new, *abroad)
    assert late[0] == 1 and late[1].startswith("The certificate was withdrawn")
    lists = [json.loads(path.read_text("utf-8")) for path in sorted((tmp_path / "web" / "status").iterdir())]
    stranger = outside_verifier.answers(
        {"new": json.loads(after)}, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), lists
    )
    assert stranger["new"]["verified"], stranger["new"]
    assert [one["status"] for one in stranger["new"]["status"]] == [False, False]
    assert main(["cert", "status", number, "--language", "en", *at]) == 0
    assert f"signed again with another key by {OFFICE} and {SECOND}: key stolen" in capsys.readouterr().out
    assert academy.store.verify() == []


def test_the_audit_makes_the_new_file_again_and_the_badge_carries_it(academy: Academy, number: str) -> None:
    steal(academy)
    reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen")

    link = list(islice(certify.trace(academy, number), 2))[1]
    (svg, _) = certify.badges.draw_badge(academy, number)

    assert link.holds, link.wrong
    assert f"signed again on {TODAY} by {OFFICE} and {SECOND}: key stolen" in link.said
    assert any("made and signed again it has the same" in one for one in link.said)
    assert certificates.unbaked(svg.read_bytes()) == document(academy, number)


def test_a_measure_after_it_sets_the_place_of_the_new_file(academy: Academy, number: str, tmp_path: Path) -> None:
    before = signed_file(academy, number).place
    steal(academy)
    reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen")
    after = signed_file(academy, number).place
    certify.measures.propose(academy, number, "suspend", CLERK, "x", ground="fraud")
    certify.measures.confirm(academy, number, JUDGE)

    lists = {one.name: one.places for one in statuslist.publish_status(academy, tmp_path / "web", OFFICE)}

    assert before is not None and after is not None and before.number == 1 and after.number == 2
    assert lists == {
        "revocation-1": (before.index,), "suspension-1": (), "revocation-2": (), "suspension-2": (after.index,),
    }  # fmt: skip


def test_stolen_twice_every_former_file_is_known_for_what_it_is(
    academy: Academy, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    former = []
    for _ in range(2):
        former.append(document(academy, number))
        steal(academy)
        assert reissuing.to_reissue(academy) == [number]
        reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen")

    assert reissuing.to_reissue(academy) == []
    for place, data in enumerate(former):
        (tmp_path / f"{place}.json").write_bytes(data)
        code, said = verify(capsys, tmp_path / f"{place}.json", "--centre", str(academy.centre.root))
        assert code == 1 and said.startswith("The key of this file was stolen")
    made = statuslist.publish_status(academy, tmp_path / "web", OFFICE)
    assert {one.name: len(one.places) for one in made if one.places} == {"revocation-1": 1, "revocation-2": 1}


@pytest.mark.parametrize("reason", ["planned", "none"])
def test_what_no_stolen_key_signed_is_left_alone(academy: Academy, number: str, reason: str) -> None:
    if reason == "planned":
        keys.rotate(academy, "planned", "two years are over", OFFICE, SECOND)
    before = academy.store.head()

    made = reissuing.reissue(academy, [number], OFFICE, SECOND, "x")

    assert reissuing.to_reissue(academy) == [] and made.numbers == ()
    assert [one.sentence for one in made.refused] == [
        "the key that signed it was not stolen, so its file is as good as it was"
    ]
    assert academy.store.head() == before


def test_one_that_cannot_be_signed_again_is_named_and_stops_no_other(academy: Academy, number: str) -> None:
    old = steal(academy)

    unknown = reissuing.reissue(academy, ["L9-1", number], OFFICE, SECOND, "key stolen")

    assert unknown.numbers == (number,) and "the registry has no certificate 'L9-1'" in unknown.refused[0].sentence
    steal(academy)
    academy.centre.archived_key(signed_file(academy, number).source["did"]).unlink()
    (lost,) = reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen").refused
    assert "is not in keys/archive, and without it nobody can prove what was issued" in lost.sentence
    assert old != signed_file(academy, number).source["did"]


def test_what_was_bent_since_is_not_signed(academy: Academy, number: str) -> None:
    steal(academy)
    (kept,) = (academy.centre.office / "rules").glob("*/scheme.yml")
    kept.write_text(kept.read_text("utf-8").replace('version: "2"', 'version: "3"'), "utf-8")
    before = document(academy, number)

    (refused,) = reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen").refused

    assert "were altered; restore them from a backup" in refused.sentence
    assert document(academy, number) == before


def test_a_decision_or_a_name_that_is_not_that_of_the_issue_is_not_signed(academy: Academy, number: str) -> None:
    steal(academy)
    seat = academy.store.rows("certificates", number=number)[0]["seat"]
    (proposed,) = academy.store.events("decision.proposed", seat)
    academy.store.append("decision.proposed", seat, proposed.data | {"written_points": 2.0}, OFFICE)
    academy.store.append("decision.confirmed", seat, {}, SECOND)

    (refused,) = reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen").refused

    assert refused.sentence == "the decision that it rests on was replaced by a later one"


def test_the_name_is_that_of_the_issue(academy: Academy, number: str) -> None:
    before = document(academy, number)
    academy.store.append("person.recorded", HOLDER, {"name": "陈晓敏（已婚）"}, "hr")
    steal(academy)

    reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen")

    after = json.loads(document(academy, number))
    assert certificates.belongs_to(after, "name", "陈晓敏") and bare(before) == bare(document(academy, number))


@pytest.mark.parametrize("state", ["withdrawn", "reduced"])
def test_what_does_not_stand_any_more_is_left_out(academy: Academy, number: str, state: str) -> None:
    steal(academy)
    academy.store.append(f"certificate.{state}", number, {"ground": "fraud", "note": "x"}, OFFICE)

    (refused,) = reissuing.reissue(academy, [number], OFFICE, SECOND, "key stolen").refused

    assert reissuing.to_reissue(academy) == [] and "only one that stands is signed again" in refused.sentence


def test_one_person_is_never_two_and_a_reason_is_wanted(academy: Academy, number: str) -> None:
    steal(academy)

    for witness in (OFFICE, f"{OFFICE} 赵敏", " "):
        with pytest.raises(RuleBroken, match="two people use the key together"):
            reissuing.reissue(academy, [number], OFFICE, witness, "key stolen")
    with pytest.raises(InputError, match="wants its reason in words"):
        reissuing.reissue(academy, [number], OFFICE, SECOND, " ")
    with pytest.raises(InputError, match="is named twice"):
        reissuing.reissue(academy, [number, number], OFFICE, SECOND, "x")
    with pytest.raises(RuleBroken, match="two people use the key together"):
        keys.rotate(academy, "planned", "x", OFFICE, f"{OFFICE} 赵敏")


@pytest.mark.parametrize("words", [[], ["--all", "L2-1"]])
def test_either_numbers_or_all_are_named(
    words: list[str], academy: Academy, capsys: pytest.CaptureFixture[str]
) -> None:
    both = ["--by", OFFICE, "--with", SECOND, "--note", "x", "--centre", str(academy.centre.root)]

    assert main(["cert", "reissue", *words, *both]) == 2
    assert "name the certificates to sign again, or all of them with --all" in capsys.readouterr().err
