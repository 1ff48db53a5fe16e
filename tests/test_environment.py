"""pyproject.toml, requirements.lock and environment.yml say the same, and the lock tells no address."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PINS = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.\-]+)==([^\s;\\]+)", LOCK, re.M)}
WANTED = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["academy"],
    *PROJECT["dependency-groups"]["dev"],
]


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_holds_a_version_that_the_project_asks_for(wanted: str) -> None:
    requirement = Requirement(wanted)
    pinned = PINS.get(canonicalize_name(requirement.name))

    assert pinned is not None, f"{requirement.name} is not in requirements.lock; compile it again (CONTRIBUTING.md)"
    assert requirement.specifier.contains(pinned, prereleases=True)


def test_every_line_of_the_lock_is_pinned_by_hash() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())

    assert len(blocks) > 100
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_no_file_of_the_environment_names_an_address() -> None:
    for name in ("requirements.lock", "environment.yml", "pyproject.toml"):
        assert not re.search(r"https?://|file:|index-url", (ROOT / name).read_text("utf-8")), name


def test_conda_users_get_the_lock_and_a_python_that_the_project_supports() -> None:
    dependencies = YAML(typ="safe").load(ROOT / "environment.yml")["dependencies"]
    python = next(line for line in dependencies if isinstance(line, str) and line.startswith("python"))

    assert {"pip": ["-r requirements.lock"]} in dependencies
    assert Requirement(python.replace(" ", "")).specifier.contains("3.11")
    assert not Requirement(python.replace(" ", "")).specifier.contains("3.10")
    assert PROJECT["project"]["requires-python"] == ">=3.11"
