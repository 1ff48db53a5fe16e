"""JupyterHub for learning: each trainee with the lessons under an account of the own, formgrader for the trainers.

Start it as root, in a folder of its own: ``jupyterhub -f deploy/learning_hub_config.py``. docs/operator.md says what
has to be there first and how to try it. Supervised exams have a Hub of their own, jupyterhub_config.py.
"""

import grp
import os
import pwd
import sys
from pathlib import Path

c = get_config()  # noqa: F821

PROJECT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent  # the project's own environment: nothing is looked for on PATH
TRAINING = Path(os.environ.get("ACADEMY_TRAINING", "/srv/academy/training"))
LEARNERS = Path(os.environ.get("ACADEMY_LEARNERS", "/srv/academy/learners"))
STATE = Path(os.environ.get("ACADEMY_HUB", "/srv/academy/learning-hub"))
COURSE_ACCOUNT = os.environ.get("ACADEMY_COURSE_ACCOUNT", "academy-course")
LANGUAGE = os.environ.get("ACADEMY_LANGUAGE", "en")  # of the trainers' page: en or zh
TRAINEES, TRAINERS = "academy-trainees", "academy-trainers"

# --- the Hub itself: behind a web server that speaks TLS --------------------------------------------------------------
c.JupyterHub.bind_url = "http://127.0.0.1:8010"
# The Hub for exams has 8000, 8001, 8081 and 10101, and may run beside this one.
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8012"
# c.JupyterHub.public_url = "https://learn.example.com"      # then cookies are for TLS only
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8011"
c.ConfigurableHTTPProxy.command = [sys.executable, str(PROJECT / "deploy" / "proxy.py")]
c.JupyterHub.template_paths = [str(PROJECT / "deploy" / "templates")]  # its pages in Chinese for a Chinese browser

# --- who may log in: accounts of this machine; oauthenticator's classes fit here as well ------------------------------
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {TRAINEES, TRAINERS}


def members(group: str) -> list[str]:
    """The accounts of a group of this machine; none when there is no such group."""
    try:
        return sorted(grp.getgrnam(group).gr_mem)
    except KeyError:
        return []


c.JupyterHub.load_groups = {"trainers": {"users": members(TRAINERS)}}
c.JupyterHub.load_roles = [
    {"name": "trainer", "groups": ["trainers"], "scopes": ["self", "access:services!service=course"]},
]


def first_page(handler):
    """Trainers meet the course, everybody else the own lessons; whoever is not logged in yet, the login."""
    user = handler.current_user
    if user is None:
        return handler.settings["login_url"]
    return "/services/course/" if any(group.name == "trainers" for group in user.groups) else "/hub/spawn"


c.JupyterHub.default_url = first_page

# --- the trainers' JupyterLab: lessons, formgrader and a terminal, under the account that owns the course -------------
c.JupyterHub.services = [
    {
        "name": "course",
        "url": "http://127.0.0.1:10102",
        "user": COURSE_ACCOUNT,
        "cwd": str(TRAINING),
        "command": [str(PROGRAMS / "jupyterhub-singleuser")],
        "environment": {
            "JUPYTER_CONFIG_DIR": str(TRAINING / "jupyter" / f"trainer-{LANGUAGE}"),
            "PATH": f"{PROGRAMS}:/usr/bin:/bin",  # nbgrader calls `alembic` by its bare name
        },
        "oauth_no_confirm": True,
    }
]

# --- the trainees' notebooks ------------------------------------------------------------------------------------------
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = [
    *(sys.executable, str(PROJECT / "deploy" / "learner.py"), str(TRAINING / "shelf")),
    *(str(TRAINING / "exchange" / "academy" / "outbound"), str(LEARNERS)),
]
c.Spawner.environment = {"PATH": f"{PROGRAMS}:/usr/bin:/bin"}
c.Spawner.start_timeout = 120


def make_place(spawner):
    """The folder of an account's lessons: its own, and nobody else's."""
    person = pwd.getpwnam(spawner.user.name)
    if person.pw_uid == 0:
        raise ValueError("root takes no lessons")
    folder = LEARNERS / spawner.user.name
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, person.pw_uid, person.pw_gid, follow_symlinks=False)


c.Spawner.pre_spawn_hook = make_place
