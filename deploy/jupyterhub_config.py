"""JupyterHub for supervised exams: each candidate under an account of the own, the exam room under another one.

Start it as root, in a folder of its own: ``jupyterhub -f deploy/jupyterhub_config.py``. docs/operator.md says what
has to be there first (two accounts, two groups, two folders) and how to try it.
"""

import grp
import json
import os
import pwd
import sys
from contextlib import suppress
from pathlib import Path

c = get_config()  # noqa: F821

PROJECT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent  # the project's own environment: nothing is looked for on PATH
CENTRE = Path(os.environ.get("ACADEMY_CENTRE", "/srv/academy/centre"))
WORK = Path(os.environ.get("ACADEMY_WORK", "/srv/academy/work"))
STATE = Path(os.environ.get("ACADEMY_HUB", "/srv/academy/hub"))
ROOM_ACCOUNT = os.environ.get("ACADEMY_ROOM_ACCOUNT", "academy-room")
CANDIDATES, INVIGILATORS = "academy-candidates", "academy-invigilators"

BANK = PROJECT / "question_bank"
for part in ("items", "cases", "practicals"):
    if (BANK / part).exists() and (BANK / part).stat().st_mode & 0o005:
        print(f"{BANK / part}: every account can read it, keys and all; chmod -R o= it", file=sys.stderr)

# --- the Hub itself: behind a web server that speaks TLS --------------------------------------------------------------
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# c.JupyterHub.public_url = "https://exam.example.com"      # then cookies are for TLS only
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
# The proxy in Python is for a few hundred; for more, the one of npm: [its path].
c.ConfigurableHTTPProxy.command = [sys.executable, str(PROJECT / "deploy" / "proxy.py")]
c.JupyterHub.template_paths = [str(PROJECT / "deploy" / "templates")]  # its pages in Chinese for a Chinese browser

# --- who may log in: accounts of this machine; oauthenticator's classes fit here as well ------------------------------
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {CANDIDATES, INVIGILATORS}


def members(group: str) -> list[str]:
    """The accounts of a group of this machine; none when there is no such group."""
    try:
        return sorted(grp.getgrnam(group).gr_mem)
    except KeyError:
        return []


# The scope lets somebody see the invigilator's page; the code of the sitting is wanted besides.
c.JupyterHub.custom_scopes = {"custom:exam:invigilate": {"description": "See the invigilator's page of the exam room"}}
c.JupyterHub.load_groups = {"invigilators": {"users": members(INVIGILATORS)}}
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": ["self", "access:services!service=exam"]},
    {"name": "invigilator", "groups": ["invigilators"], "scopes": ["custom:exam:invigilate"]},
]

# --- the exam room ----------------------------------------------------------------------------------------------------
c.JupyterHub.services = [
    {
        "name": "exam",
        "url": "http://127.0.0.1:10101",
        "user": ROOM_ACCOUNT,
        "cwd": str(PROJECT),
        "command": [
            *(sys.executable, "-m", "grader.room.hub"),
            *("--room", str(CENTRE / "room"), "--work", str(WORK), "--secret", str(CENTRE / "room" / ".cookie-secret")),
        ],
        "environment": {"PYTHONDONTWRITEBYTECODE": "1"},
        "oauth_no_confirm": True,
        "oauth_client_allowed_scopes": ["custom:exam:invigilate"],
    }
]
c.JupyterHub.default_url = "/services/exam/"

# --- the candidates' notebooks ----------------------------------------------------------------------------------------
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [str(PROGRAMS / "jupyterhub-singleuser")]
c.Spawner.notebook_dir = f"{WORK}/{{username}}"
c.Spawner.default_url = "/lab"
# Saves of one document wait for each other, so that JupyterLab does not ask about its own.
c.Spawner.args = [f"--LabApp.extra_labextensions_path={PROJECT / 'grader' / 'launch' / 'labextensions'}"]


def settings(spawner) -> str:
    """Without terminals, news, formgrader and pop-ups; autosave every ten seconds; the language of the newest seat."""
    seats = []
    for path in (CENTRE / "room").glob("*/*/seat.json"):
        with suppress(OSError, ValueError, KeyError):  # the room names a damaged seat; the notebook server starts
            seat = json.loads(path.read_text("utf-8"))
            if str(seat["candidate"]["id"]).lower() == spawner.user.name:
                seats.append((seat["opens_at"], seat["language"]))
    common = PROJECT / "deploy" / "exam_server"
    return f"{common / 'zh'}:{common}" if seats and max(seats)[1] == "zh" else str(common)


c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": settings,
    "PATH": f"{PROGRAMS}:/usr/bin:/bin",
}


def make_place(account: str) -> None:
    """The folder of an account's practicals: the account and the room's group get in, nobody else."""
    person = pwd.getpwnam(account)
    if person.pw_uid == 0:
        raise ValueError("root cannot sit an exam")
    folder = WORK / account
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, person.pw_uid, pwd.getpwnam(ROOM_ACCOUNT).pw_gid, follow_symlinks=False)
    folder.chmod(0o2770)


def after_login(authenticator, handler, found):
    """Whoever has logged in has a place for the practical, even before a notebook server runs."""
    make_place(found["name"])
    return found


c.Authenticator.post_auth_hook = after_login
c.Spawner.pre_spawn_hook = lambda spawner: make_place(spawner.user.name)
