"""A trainee's login on the learners' Hub: lay out what is new in the own folder, then become the notebook server.

Runs under the trainee's account and reads two folders that everybody may read: the shelf that `academy courses enrol`
has filled, and nbgrader's exchange. What was worked on is never replaced.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from urllib.parse import quote

WELCOME = {"en": "Welcome.md", "zh": "欢迎.md"}


def language_of(shelf: Path, account: str) -> str:
    """The language that the roster gives for this account; for somebody it does not name, that of most."""
    told = json.loads((shelf / "accounts.json").read_text("utf-8"))
    return str(told["accounts"].get(account, told["language"]))


def lay_out(shelf: Path, released: Path, home: Path, language: str) -> None:
    """Put the pages of the shelf in place, and each lesson that was released and is not there yet."""
    shutil.copytree(shelf / language / "home", home, dirs_exist_ok=True)
    for lesson in sorted(released.glob(f"*-{language}")):
        if not (home / lesson.name).exists():
            unfinished = home / f".{lesson.name}.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(lesson, unfinished)
            unfinished.rename(home / lesson.name)


def main() -> None:
    """``learner.py SHELF RELEASED PLACE [words for the notebook server]``."""
    shelf, released, place = map(Path, sys.argv[1:4])
    account = os.environ["JUPYTERHUB_USER"]
    language = language_of(shelf, account)
    home = place / account / language
    home.mkdir(parents=True, exist_ok=True)
    lay_out(shelf, released, home, language)
    os.chdir(home)  # nbgrader looks for fetched assignments in the working directory
    os.environ["JUPYTER_CONFIG_PATH"] = str(shelf / language / "config")
    os.environ["JUPYTERHUB_ROOT_DIR"] = str(home)
    os.environ["JUPYTERHUB_DEFAULT_URL"] = f"/lab/tree/{quote(WELCOME[language])}"
    server = Path(sys.executable).parent / "jupyterhub-singleuser"
    os.execv(server, [str(server), *sys.argv[4:]])


if __name__ == "__main__":
    main()
