"""A centre survives the loss of its machine: what a backup holds comes back whole, and what is not whole is refused."""

from __future__ import annotations

import csv
import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from grader import upkeep
from grader.__main__ import main
from grader.centre import Centre
from grader.errors import InputError, RegistryError
from grader.store import Store

WRITE = """
import sys
from pathlib import Path
from grader.store import Store

number = 0
while True:
    number += 1
    with Store(Path(sys.argv[1]) / "registry.db") as store:
        name = f"L2-{number}"
        Path(sys.argv[1], "certificates", name).write_text(name)
        store.append("certificate.issued", name, {"person": "A1001"}, by="office")
        if number == 3:
            print("ready", flush=True)
"""


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    """A small centre: facts, keys, a seat, a gradebook, and what no backup takes."""
    root = tmp_path / "centre"
    with Store(root / "registry.db") as store:
        store.append("person.recorded", "A1001", {"name": "陈晓敏", "team": "=cmd|x"}, by="hr")
        store.append("certificate.issued", "L2-0", {"person": "A1001", "level": 2}, by="office")
    for name, content in {
        "keys/issuer.pem": "secret", "centre.json": "{}", "room/TL-1/TL-1-01/journal.jsonl": "{}\n",
        "certificates/L2-0.json": "{}", "jupyter/trainee-en/jupyter_server_config.json": "{}", "room/.half.part": "x",
        "room/.cookie-secret": "signs",
    }.items():  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    (root / "keys" / "issuer.pem").chmod(0o600)
    (root / "keys").chmod(0o700)
    (root / "course").mkdir()
    with sqlite3.connect(root / "course" / "gradebook.db") as book:
        book.execute("CREATE TABLE grade (points)")
        book.execute("INSERT INTO grade VALUES (17)")
    book.close()
    (root / "room" / "elsewhere").symlink_to("/etc")
    return Centre(root)


def files(root: Path) -> dict[str, bytes]:
    kept = (path for path in root.rglob("*") if path.is_file() and not path.name.startswith("registry."))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in kept}


def test_a_centre_comes_back_as_it_was_and_says_that_it_was_restored(centre: Centre, tmp_path: Path) -> None:
    made = upkeep.back_up(centre, tmp_path / "safe.tar.gz")

    found = upkeep.restore(tmp_path / "safe.tar.gz", tmp_path / "new", "lin")

    assert found == made and (made.facts, made.with_keys) == (2, True)
    wanted = files(centre.root)
    for name in ("jupyter/trainee-en/jupyter_server_config.json", "room/.half.part", "room/.cookie-secret"):
        del wanted[name]
    assert not any("elsewhere" in name for name in wanted)
    back = files(tmp_path / "new")
    assert back.keys() == wanted.keys()
    for name in wanted.keys() - {"course/gradebook.db"}:
        assert back[name] == wanted[name], name
    with sqlite3.connect(tmp_path / "new" / "course" / "gradebook.db") as book:
        assert book.execute("SELECT points FROM grade").fetchone() == (17,)
    book.close()
    with Store(tmp_path / "new" / "registry.db") as store:
        assert store.verify() == []
        assert [event.kind for event in store.events()] == [
            "person.recorded", "certificate.issued", "registry.restored",
        ]  # fmt: skip
        assert store.events()[-1].data == {"made_at": made.made_at, "facts": 2, "head": made.head}
    modes = [(tmp_path / "new" / name).stat().st_mode & 0o777 for name in ("keys", "keys/issuer.pem")]
    assert modes == [0o700, 0o600]
    assert (tmp_path / "safe.tar.gz").stat().st_mode & 0o777 == 0o600


def test_a_backup_without_keys_has_none(centre: Centre, tmp_path: Path) -> None:
    upkeep.back_up(centre, tmp_path / "safe.tar.gz", keys=False)

    found = upkeep.restore(tmp_path / "safe.tar.gz", tmp_path / "new", "lin")

    assert not found.with_keys and not (tmp_path / "new" / "keys").exists()
    assert b"secret" not in gzip.decompress((tmp_path / "safe.tar.gz").read_bytes())


@pytest.mark.parametrize("closed", ["centre.json", "keys"])
def test_what_is_closed_to_this_account_is_named_and_never_left_out_silently(
    closed: str, centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = centre.root / closed

    def guarded(real):
        def look(path, *words, **more):
            if Path(path) == wall:  # to root nothing is closed, and tests may run as root
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, *words, **more)

        return look

    monkeypatch.setattr(Path, "read_bytes", guarded(Path.read_bytes))
    monkeypatch.setattr(os, "scandir", guarded(os.scandir))

    with pytest.raises(InputError) as told:
        upkeep.back_up(centre, tmp_path / "safe.tar.gz")

    assert str(told.value) == f"{wall} cannot be read (Permission denied), so nothing was backed up"
    assert not list(tmp_path.glob("*safe*"))


def test_a_backup_made_while_others_write_names_no_file_that_it_lacks(centre: Centre, tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-c", WRITE, centre.root], stdout=subprocess.PIPE)
    assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
    made = upkeep.back_up(centre, tmp_path / "safe.tar.gz")
    writer.kill()
    writer.wait()
    writer.stdout.close()

    upkeep.restore(tmp_path / "safe.tar.gz", tmp_path / "new", "lin")

    with Store(tmp_path / "new" / "registry.db") as store:
        assert store.verify() == []
        numbers = [row["number"] for row in store.rows("certificates")]
    assert len(numbers) == made.facts - 1 >= 3
    assert [number for number in numbers[1:] if not (tmp_path / "new" / "certificates" / number).exists()] == []


def rewritten(source: Path, target: Path, change) -> Path:
    """A copy of a backup in which ``change`` has altered, dropped (None) or kept each entry's bytes."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            content = old.extractfile(entry).read() if entry.isfile() else b""
            changed = change(entry, content)
            if changed is not None:
                entry.size = len(changed)
                new.addfile(entry, io.BytesIO(changed))
    return target


def outside(entry, content):
    entry.name = "../outside" if entry.name == "centre.json" else entry.name
    return content


def newer(entry, content):
    return content.replace(b'"backup":1', b'"backup":2') if entry.name == "BACKUP.json" else content


BROKEN = {
    "altered": (lambda entry, content: b"[]" if entry.name == "centre.json" else content, "centre.json is missing or"),
    "missing": (lambda entry, content: None if entry.name == "centre.json" else content, "centre.json is missing or"),
    "cut off": (lambda entry, content: None if entry.name == "BACKUP.json" else content, "no BACKUP.json at its end"),
    "outside": (outside, "'../outside', which no backup of a centre does"),
    "newer": (newer, "made by a newer program"),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_backup_that_is_not_whole_makes_no_centre(how: str, centre: Centre, tmp_path: Path) -> None:
    upkeep.back_up(centre, tmp_path / "safe.tar.gz")
    change, said = BROKEN[how]
    broken = rewritten(tmp_path / "safe.tar.gz", tmp_path / "broken.tar.gz", change)

    with pytest.raises(InputError, match=said):
        upkeep.restore(broken, tmp_path / "new", "lin")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.tar.gz", "centre", "safe.tar.gz"]


def test_half_a_file_no_backup_and_a_full_folder_are_refused(centre: Centre, tmp_path: Path) -> None:
    upkeep.back_up(centre, tmp_path / "safe.tar.gz")
    whole = (tmp_path / "safe.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "notes.tar.gz").write_text("no backup")

    for name in ("half.tar.gz", "notes.tar.gz", "none.tar.gz"):
        with pytest.raises(InputError, match=f"{name} cannot be read as a backup"):
            upkeep.restore(tmp_path / name, tmp_path / "new", "lin")
    with pytest.raises(InputError, match="holds something already"):
        upkeep.restore(tmp_path / "safe.tar.gz", centre.root, "lin")
    with pytest.raises(InputError, match="lies in the centre itself"):
        upkeep.back_up(centre, centre.root / "safe.tar.gz")

    assert not (tmp_path / "new").exists() and files(centre.root)["centre.json"] == b"{}"


def test_a_registry_that_was_bent_before_the_backup_is_not_restored(centre: Centre, tmp_path: Path) -> None:
    with sqlite3.connect(centre.registry) as thief:
        thief.execute("DROP TRIGGER events_are_never_changed")
        thief.execute("""UPDATE events SET data = '{"person":"A1002"}' WHERE seq = 2""")
    thief.close()
    upkeep.back_up(centre, tmp_path / "safe.tar.gz")

    with pytest.raises(RegistryError, match=r"event 2 \(certificate\.issued L2-0\) was changed"):
        upkeep.restore(tmp_path / "safe.tar.gz", tmp_path / "new", "lin")


# --- written out ------------------------------------------------------------------------------------------------------


def proved(path: Path) -> int:
    """How many facts an exported chain proves, by the words of its README alone."""
    prev = "0" * 64
    facts = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for fact in facts:
        if fact.get("data") is not None:
            assert fact["sealed"] == hashlib.sha256((fact["salt"] + "\n" + fact["data"]).encode()).hexdigest()
        told = {name: fact[name] for name in ("at", "by", "kind", "prev", "sealed", "seq", "subject")}
        text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert fact["prev"] == prev
        assert fact["hash"] == hashlib.sha256(text.encode()).hexdigest()
        prev = fact["hash"]
    return len(facts)


def test_others_can_prove_the_chain_with_and_without_content(centre: Centre, tmp_path: Path) -> None:
    with Store(centre.registry) as store:
        store.redact([1], "A1001", "asked for", "lin")
        for name, content in (("all", True), ("chain", False)):
            assert upkeep.export(store, tmp_path / name, content=content)[0] == 3

    assert proved(tmp_path / "all" / "facts.jsonl") == proved(tmp_path / "chain" / "facts.jsonl") == 3
    assert sorted(path.name for path in (tmp_path / "chain").iterdir()) == ["README.txt", "facts.jsonl"]
    assert '"level"' not in (tmp_path / "chain" / "facts.jsonl").read_text("utf-8")


def test_tables_open_in_a_spreadsheet_and_bring_no_formula(centre: Centre, tmp_path: Path) -> None:
    with Store(centre.registry) as store:
        upkeep.export(store, tmp_path / "out")

    data = (tmp_path / "out" / "people.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["person"], row["name"], row["team"]) == ("A1001", "陈晓敏", "'=cmd|x")
    with Store(centre.registry) as store, pytest.raises(InputError, match="holds something already"):
        upkeep.export(store, tmp_path / "out")


# --- as typed ---------------------------------------------------------------------------------------------------------


def test_the_operator_loses_the_machine_and_goes_on(
    centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    safe, chain = str(tmp_path / "safe.tar.gz"), str(tmp_path / "chain")
    at = ["--centre", str(centre.root)]
    assert main(["registry", "backup", safe, *at]) == 0
    assert "keep it secret" in capsys.readouterr().out
    assert main(["registry", "export", chain, "--without-content", *at]) == 0
    shutil.rmtree(centre.root)

    assert main(["registry", "restore", safe, "--by", "lin", *at]) == 0
    assert "2 facts, verified" in capsys.readouterr().out
    assert main(["registry", "rebuild", *at]) == 0
    assert main(["registry", "verify", *at]) == 0
    assert "3 facts, the chain holds; head " in capsys.readouterr().out
    assert main(["registry", "restore", safe, "--by", "lin", *at]) == 2
    assert "holds something already" in capsys.readouterr().err
