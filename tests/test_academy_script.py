"""The script `academy`: what it says when something is missing, and which Python it takes; real runs, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("cat", "cksum", "dirname", "flock", "readlink", "rm", "sed")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose environment is built: the script, the lock, a stamp, and a Python that says its words."""
    root = tmp_path / "our academy 学院"
    (root / ".venv" / "bin").mkdir(parents=True)
    shutil.copy2(ROOT / "academy", root)
    (root / "requirements.lock").write_text("numpy==1\n", "utf-8")
    program(root / ".venv" / "bin" / "python", 'echo "$@"')
    lock = (root / "requirements.lock").read_bytes()
    checked = subprocess.run(["cksum"], input=lock, capture_output=True, check=True).stdout.decode().strip()
    (root / ".venv" / "stamp").write_text(f"{checked} {root}\n", "utf-8")
    return root


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The only folder on PATH: links to what the script itself needs, an ordinary user, no apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    program(folder / "id", "echo 1000")
    return folder


def program(path: Path, line: str) -> None:
    path.unlink(missing_ok=True)  # never write through a link: it may lead to the machine's own program
    path.write_text(f"#!/bin/sh\n{line}\n", "utf-8")
    path.chmod(0o755)


def python(path: Path, version: tuple[int, int, int], *lacks: str) -> None:
    """A real Python that says another version, and cannot import what it ``lacks``."""
    path.unlink(missing_ok=True)
    path.write_text(
        f"#!{sys.executable} -S\nimport sys\nsys.version_info = {version}\n"
        f"sys.modules.update(dict.fromkeys({lacks}))\nexec(sys.argv[2])\n",
        "utf-8",
    )
    path.chmod(0o755)


def academy(
    clone: Path, path: Path | str, *words: str, command: Path | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path), "HOME": "/nowhere", "LANG": "C", **more}
    return subprocess.run(
        ["/bin/sh", str(command or clone / "academy"), *words], env=environment, capture_output=True, text=True
    )


def unbuilt(clone: Path) -> Path:
    (clone / ".venv" / "stamp").unlink()
    return clone


def test_words_are_passed_on_and_no_word_asks_for_help(clone: Path, path: Path) -> None:
    assert academy(clone, path, "bank", "check", "--bank", "a b").stdout == "-m grader bank check --bank a b\n"
    assert academy(clone, path).stdout == "-m grader --help\n"


def test_a_link_to_the_script_finds_the_clone(clone: Path, path: Path) -> None:
    link = path / "academy"
    link.symlink_to(clone / "academy")

    assert academy(clone, path, "bank", command=link).stdout == "-m grader bank\n"


@pytest.mark.parametrize(
    ("word", "there", "what", "packages"),
    [
        ("demo", (), "bwrap (the sandbox for candidates' code)", "bubblewrap"),
        ("test", ("bwrap",), "chromium (the browser of the browser tests)", "chromium"),
        (
            "test",
            (),
            "bwrap (the sandbox for candidates' code); chromium (the browser of the browser tests)",
            "bubblewrap chromium",
        ),
    ],
)
def test_a_missing_program_is_named_with_the_line_that_installs_it_before_anything_is_built(
    clone: Path, path: Path, word: str, there: tuple[str, ...], what: str, packages: str
) -> None:
    for name in there:
        program(path / name, "exit 0")
    before = sorted(unbuilt(clone).rglob("*"))

    done = academy(clone, path, word)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Missing: {what}.\nInstall it, then call ./academy again:\n"
        f"    sudo apt-get install -y --no-install-recommends {packages}\n"
    )
    assert sorted(clone.rglob("*")) == before


@pytest.mark.parametrize(
    "language", [{"ACADEMY_LANGUAGE": "zh"}, {"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "zh_CN.UTF-8", "LANG": "C"}], ids=str
)
def test_who_reads_chinese_is_told_in_chinese(clone: Path, path: Path, language: dict[str, str]) -> None:
    python(path / "python3", (3, 9, 2))

    missing = academy(unbuilt(clone), path, "test", **language)
    for name in ("bwrap", "chromium"):
        program(path / name, "exit 0")
    old = academy(clone, path, "test", **language)

    assert (missing.returncode, missing.stderr) == (
        2,
        "缺少：bwrap（运行考生代码的沙箱）；chromium（浏览器测试用的浏览器）。\n请安装，然后再次调用./academy：\n"
        "    sudo apt-get install -y --no-install-recommends bubblewrap chromium\n",
    )
    assert old.stderr.startswith("需要Python 3.11或更新的版本，这里没有（python3是3.9.2）。\n")


def test_english_that_is_asked_for_goes_before_a_chinese_terminal(clone: Path, path: Path) -> None:
    done = academy(unbuilt(clone), path, "demo", ACADEMY_LANGUAGE="en", LC_ALL="zh_CN.UTF-8")

    assert done.stderr.startswith("Missing: bwrap (the sandbox for candidates' code).\n")


def test_root_gets_the_package_installed_and_the_step_goes_on(clone: Path, path: Path) -> None:
    program(path / "id", "echo 0")
    program(path / "apt-get", f'echo "$@" >>"{path}/said"')

    done = academy(clone, path, "demo")

    assert (done.returncode, done.stdout) == (0, "-m grader demo\n")
    assert (path / "said").read_text("utf-8") == ("update -qq\ninstall -y -qq --no-install-recommends bubblewrap\n")
    assert not (clone / ".academy-apt.log").exists()


def test_an_apt_that_fails_leaves_its_words_in_a_file_and_the_line_on_the_screen(clone: Path, path: Path) -> None:
    program(path / "id", "echo 0")
    program(path / "apt-get", "echo 'Temporary failure resolving' >&2; exit 100")

    done = academy(clone, path, "demo")

    assert done.returncode == 2
    assert "    sudo apt-get install -y --no-install-recommends bubblewrap\n" in done.stderr
    assert f"what it said stands in {clone}/.academy-apt.log\n" in done.stderr
    assert "Temporary failure" in (clone / ".academy-apt.log").read_text("utf-8")


def test_a_python_that_is_too_old_is_named(clone: Path, path: Path) -> None:
    python(path / "python3", (3, 9, 2))

    done = academy(unbuilt(clone), path, "bank")

    assert done.returncode == 2
    assert "3.11 or newer is wanted, and there is none (python3 is 3.9.2).\n" in done.stderr
    assert done.stderr.endswith("    sudo apt-get install -y --no-install-recommends python3 python3-venv\n")


def test_no_python_at_all_is_said(clone: Path, path: Path) -> None:
    done = academy(unbuilt(clone), path, "bank")

    assert done.returncode == 2 and "there is none (no python3 at all).\n" in done.stderr


@pytest.mark.parametrize("name", ["python3", "python3.13"])
def test_a_python_without_ensurepip_is_told_its_own_package(clone: Path, path: Path, name: str) -> None:
    python(path / name, (3, 13, 1), "ensurepip")

    done = academy(unbuilt(clone), path, "bank")

    assert done.returncode == 2
    assert f"Missing: the modules venv and ensurepip of {name} (" in done.stderr
    assert done.stderr.endswith(f"    sudo apt-get install -y --no-install-recommends {name}-venv\n")


def test_the_next_python_is_taken_when_the_first_cannot_build(clone: Path, path: Path) -> None:
    python(path / "python3", (3, 9, 2))
    python(path / "python3.13", (3, 13, 1), "ensurepip")
    python(path / "python3.12", (3, 12, 4))

    done = academy(unbuilt(clone), path, "bank")

    assert f"in .venv with {path}/python3.12 (once" in done.stderr


def test_the_environments_own_python_never_builds_its_successor(clone: Path, path: Path) -> None:
    own = clone / ".venv" / "bin"
    for name in ("python3", "python3.11"):
        python(own / name, (3, 11, 7))
    python(path / "python3.11", (3, 11, 2))

    done = academy(unbuilt(clone), f"{own}{os.pathsep}{path}", "bank")

    assert f"in .venv with {path}/python3.11 (once" in done.stderr


def test_a_build_that_fails_says_what_to_do_and_the_next_call_builds_again(clone: Path, path: Path) -> None:
    program(path / "python3", 'case $1 in -c) echo 3.12.4 ;; *) echo "no space left" >&2; exit 1 ;; esac')

    unbuilt(clone)

    for _ in range(2):
        done = academy(clone, path, "bank")

        assert (done.returncode, done.stdout) == (2, "")
        assert "no space left\nThe environment could not be built" in done.stderr
        assert not (clone / ".venv" / "stamp").exists()


@pytest.mark.parametrize("change", ["moved", "lock", "python"])
def test_a_moved_clone_another_lock_and_a_python_that_is_gone_are_built_anew(
    clone: Path, path: Path, change: str
) -> None:
    if change == "moved":
        clone = clone.rename(clone.with_name("moved"))
    elif change == "lock":
        (clone / "requirements.lock").write_text("numpy==2\n", "utf-8")
    else:  # what an upgrade of the system leaves behind
        (clone / ".venv" / "bin" / "python").unlink()
        (clone / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3.0")

    done = academy(clone, path, "bank")

    assert done.returncode == 2 and "Python 3.11 or newer is wanted" in done.stderr
