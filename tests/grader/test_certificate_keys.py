"""The key that signs is private, and two people change it; what it signed stays good, a stolen one is not believed."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader import certificates
from grader.__main__ import main
from grader.certificates import credential, did, load_key, new_key
from grader.certify import Academy, keys, statuslist
from grader.errors import AcademyError, InputError
from tests.grader.certificate_centre import centre, hold  # noqa: F401, the fixture of a centre with a certificate
from tests.grader.certificate_facts import ISSUER, facts

NUMBER = "L2-2026-000017"
WORDS = ["cert", "rotate-key", "--note", "a test", "--by", "S1001", "--with", "S1002", "--centre"]


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = main([str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out + said.err


def issued(centre: Path) -> Path:  # noqa: F811
    return centre / "certificates" / f"{NUMBER}.json"


def test_a_planned_change_leaves_old_certificates_good_and_their_lists_with_their_own_key(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = did(load_key(centre / "keys" / "issuer.pem"))

    code, said = run(capsys, *WORDS, centre, "--reason", "planned")
    new = did(load_key(centre / "keys" / "issuer.pem"))

    assert code == 0 and f"The new key is {new}" in said and new != old
    archived = centre / "keys" / "archive" / f"{old.removeprefix('did:key:')}.pem"
    assert [path.name for path in archived.parent.iterdir()] == [archived.name]
    assert did(load_key(archived)) == old and stat.S_IMODE(archived.stat().st_mode) == 0o600
    with Academy(centre) as academy:
        hold(academy, "L2-2026-000018")
        assert all(one.own_key for one in statuslist.publish_status(academy, tmp_path / "web", "S1001"))
        (fact,) = academy.rotations()
    assert (fact.subject, fact.data["follows"], fact.data["with"]) == (new, old, "S1002")
    signers = {path.name: json.loads(path.read_text())["issuer"]["id"] for path in (tmp_path / "web/status").iterdir()}
    assert signers == {
        "revocation-1.json": old, "suspension-1.json": old, "revocation-2.json": new, "suspension-2.json": new,
    }  # fmt: skip
    for number in (NUMBER, "L2-2026-000018"):
        file = centre / "certificates" / f"{number}.json"
        code, said = run(
            capsys, "cert", "verify", file, "--status-list", tmp_path / "web", "--language", "en", "--centre", centre
        )
        assert code == 0 and "not withdrawn and not suspended" in said


def test_the_keys_of_a_centre_are_told_with_days_and_reasons(
    centre: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    old = did(load_key(centre / "keys" / "issuer.pem"))
    run(capsys, *WORDS, centre, "--reason", "planned")

    today = f"{datetime.now(UTC):%Y-%m-%d}"
    code, said = run(capsys, "cert", "issuer", "--json", "--centre", centre)
    new = did(load_key(centre / "keys" / "issuer.pem"))

    assert code == 0 and json.loads(said)["keys"] == [
        {"did": old, "since": None, "until": today, "reason": "planned"},
        {"did": new, "since": today, "until": None, "reason": None},
    ]
    assert run(capsys, "cert", "issuer", "--centre", centre) == (0, new + "\n")


def test_what_a_thief_signs_is_told_from_what_the_centre_signed(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    thief = load_key(centre / "keys" / "issuer.pem")
    forged = tmp_path / "forged.json"
    forged.write_text(json.dumps(credential(facts(number="L2-2026-000099"), ISSUER, thief)), "utf-8")
    run(capsys, *WORDS, centre, "--reason", "stolen")
    with Academy(centre) as academy:
        made = statuslist.publish_status(academy, tmp_path / "web", "S1001")

    verify = ["cert", "verify", "--language", "en", "--centre", centre]
    honest, forgery = run(capsys, *verify, issued(centre)), run(capsys, *verify, forged)
    outside = run(capsys, "cert", "verify", issued(centre), "--language", "en", "--centre", tmp_path / "none",
                  "--issuer", did(load_key(centre / "keys" / "issuer.pem")))  # fmt: skip

    assert honest[0] == 0
    assert forgery[0] == 1 and "take it for a forgery" in forgery[1]
    assert outside[0] == 1 and "not the one you trust" in outside[1]
    assert all(one.document["issuer"]["id"] != did(thief) for one in made), "a stolen key signs no list"


def test_the_registry_has_the_last_word_on_what_its_own_keys_signed(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = load_key(centre / "keys" / "issuer.pem")
    verify = ["cert", "verify", "--language", "en", "--centre", centre]
    other, none = tmp_path / "other.json", tmp_path / "none.json"
    other.write_text(json.dumps(credential(facts(name="王五"), ISSUER, key)), "utf-8")
    none.write_text(json.dumps(credential(facts(number="L2-2026-000099"), ISSUER, key)), "utf-8")
    pretty = tmp_path / "pretty.json"
    pretty.write_text(json.dumps(json.loads(issued(centre).read_text("utf-8")), indent=2), "utf-8")

    assert run(capsys, *verify, issued(centre))[0] == run(capsys, *verify, pretty)[0] == 0
    assert "another file under this number" in run(capsys, *verify, other)[1]
    assert "has no certificate of this number" in run(capsys, *verify, none)[1]
    with Academy(centre) as academy:
        academy.store.append("certificate.withdrawn", NUMBER, {"ground": "fraud", "note": "x"}, "S1001")
    code, said = run(capsys, *verify, issued(centre))
    assert code == 1 and said.startswith("This centre's registry says: withdrawn.\n") and "not known" not in said


def test_the_exit_code_tells_what_holds_from_what_is_wrong_and_from_what_is_not_known(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    outside = ["cert", "verify", issued(centre), "--language", "en", "--centre", tmp_path / "none"]
    trust = ["--issuer", did(load_key(centre / "keys" / "issuer.pem"))]
    with Academy(centre) as academy:
        statuslist.publish_status(academy, tmp_path / "web", "S1001")

    here = run(capsys, "cert", "verify", issued(centre), "--language", "en", "--centre", centre)
    nothing = run(capsys, *outside)
    no_list = run(capsys, *outside, *trust)
    no_key = run(capsys, *outside, "--status-list", tmp_path / "web")
    both = run(capsys, *outside, *trust, "--status-list", tmp_path / "web")

    assert here[0] == 0 and here[1].startswith("This centre's registry says: in force.\n")
    assert nothing[0] == no_list[0] == no_key[0] == 3 and both[0] == 0
    assert no_list[1].startswith(f"Whether certificate {NUMBER} still stands is not known")
    assert "not told whom to trust" in no_key[1] and "not known" not in no_key[1]
    code, document = run(capsys, *outside, *trust, "--json")
    assert (code, json.loads(document)["ok"], json.loads(document)["known"]) == (3, True, False)
    with pytest.raises(SystemExit):
        main(["cert", "verify", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "The exit code is 0 when everything holds and is known, 1 when something is wrong, 2" in told


def test_a_key_that_is_missing_is_asked_for_and_never_made_anew_in_silence(
    centre: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = centre / "keys" / "issuer.pem"
    old = did(load_key(path))
    path.rename(tmp_path / "issuer.pem")

    code, said = run(capsys, "cert", "status-list", "--centre", centre)
    assert code == 2 and "is missing, the key of " + old in said and not path.exists()
    # What was signed can still be checked: the registry knows the key's name.
    assert run(capsys, "cert", "verify", issued(centre), "--centre", centre)[0] == 0
    code, said = run(capsys, *WORDS, centre, "--reason", "planned")
    assert code == 2 and "put it back, or say that the key is lost" in said
    assert run(capsys, *WORDS, centre, "--reason", "lost")[0] == 0
    assert "revision 1, 0 certificates set" in run(capsys, "cert", "status-list", "--centre", centre)[1]
    assert "signed by the key of today" in run(capsys, "cert", "status-list", "--centre", centre)[1]
    with Academy(centre) as academy:
        assert academy.rotations()[0].data["follows"] == old
        signer = {one.document["issuer"]["id"] for one in statuslist.publish_status(academy, tmp_path / "web", "S1001")}
        assert signer == {academy.issuer_did}
    code, said = run(
        capsys, "cert", "verify", issued(centre), "--status-list", tmp_path / "web", "--language", "en",
        "--centre", tmp_path / "none", "--issuer", old, "--issuer", did(load_key(path)),
    )  # fmt: skip
    assert code == 0 and "not withdrawn" in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--with": "S1001"}, "two people use the key together"),
        ({"--with": " "}, "two people use the key together"),
        ({"--note": " "}, "wants its reason in words"),
        ({"--reason": "lost"}, "the key is not lost, it lies in"),
    ],
)
def test_a_change_that_may_not_be_is_refused_and_changes_nothing(
    changes: dict[str, str],
    sentence: str,
    centre: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = (centre / "keys" / "issuer.pem").read_bytes()
    options = {"--note": "x", "--by": "S1001", "--with": "S1002", "--reason": "planned"} | changes

    code, said = run(capsys, "cert", "rotate-key", "--centre", centre, *[x for pair in options.items() for x in pair])

    assert code == 2 and sentence in said
    assert (centre / "keys" / "issuer.pem").read_bytes() == before and not (centre / "keys" / "archive").exists()
    with Academy(centre) as academy:
        assert academy.rotations() == []


def test_a_change_that_was_cut_off_is_carried_out_by_whoever_signs_next(
    centre: Path,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def power_cut(self: Academy) -> None:
        raise KeyboardInterrupt

    with Academy(centre) as academy:
        old = academy.issuer_did
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Academy, "signing_key", power_cut)
            keys.rotate(academy, "planned", "x", "S1001", "S1002")
    with Academy(centre) as academy:
        (fact,) = academy.rotations()
        assert academy.issuer_did == fact.subject != old
        key = academy.key_of(old)
        assert key is not None and did(key) == old


def test_no_key_is_lost_where_none_signed(tmp_path: Path) -> None:
    with Academy(tmp_path / "centre") as academy:
        with pytest.raises(InputError, match="no certificate was signed yet"):
            keys.rotate(academy, "lost", "x", "S1001", "S1002")
        with pytest.raises(AcademyError, match="is missing"):
            keys.rotate(academy, "planned", "x", "S1001", "S1002")
        assert academy.trusted() == frozenset()
        assert certificates.did(academy.signing_key()) in academy.trusted()


def test_a_key_is_for_its_owner_alone_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "issuer.pem"

    key = new_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert did(load_key(path)) == did(key)
    with pytest.raises(InputError, match="found one already"):
        new_key(path)


def test_a_key_that_is_missing_open_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "issuer.pem"
    with pytest.raises(InputError, match="cannot be read"):
        load_key(path)
    new_key(path)
    path.chmod(0o644)
    with pytest.raises(InputError, match="chmod 600"):
        load_key(path)
    path.chmod(0o600)
    path.write_text("-----BEGIN PRIVATE KEY-----\nnonsense\n-----END PRIVATE KEY-----\n")
    with pytest.raises(InputError, match="got something else"):
        load_key(path)
