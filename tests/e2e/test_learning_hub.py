"""Learning behind a real JupyterHub: trainees under accounts of their own, a trainer with formgrader, one exchange."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlparse

import pytest
from jupyterhub.app import JupyterHub
from jupyterhub.proxy import ConfigurableHTTPProxy
from playwright.sync_api import Browser, BrowserContext, Page, expect

from grader.commands import main
from tests import hub_server
from tests.e2e.lab import SLOW_MS, open_feedback, open_lesson, run_all, submit

LESSON = "01-my-shift-my-minutes"
ASSIGNMENT = f"senior-agent-{LESSON}-zh"
ROSTER = "工号,姓名,语言\n{},陈晓敏,中文\n{},Grace Lim,English\n"
CONFIG = """
c = get_config()
load_subconfig({sample!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.authenticator_class = "shared-password"
c.Authenticator.allowed_users = {accounts!r}
c.SharedPasswordAuthenticator.user_password = {password!r}
c.JupyterHub.load_groups = {{"trainers": {{"users": [{trainer!r}]}}}}
c.JupyterHub.services[0]["url"] = "http://127.0.0.1:{room_port}"
c.JupyterHub.services.append({{"name": "operator", "api_token": {token!r}}})
c.JupyterHub.load_roles.append(
    {{"name": "operator", "services": ["operator"], "scopes": ["admin:users", "servers", "tokens"]}}
)
homes = {homes!r}
for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_DATA_HOME"):
    c.Spawner.environment[name] = lambda spawner, name=name: f"{{homes}}/{{spawner.user.name}}/{{name}}"
    if name != "JUPYTER_CONFIG_DIR":
        c.JupyterHub.services[0]["environment"][name] = f"{{homes}}/course/{{name}}"
if {single!r}:  # nobody but root can be several accounts
    c.JupyterHub.services[0]["user"] = ""
    c.JupyterHub.spawner_class = "simple"
    c.Spawner.pre_spawn_hook = None
"""
# Whatever of these a trainee's code could open.
LOOK = """
import os
def opens(path):
    try:
        os.listdir(path) if os.path.isdir(path) else open(path).close()
    except OSError:
        return False
    return True
print(os.getuid(), [path for path in {paths!r} if opens(path)])
"""
# What a trainer types in the terminal of the course's JupyterLab.
TEACH = """
import subprocess
for step in (["release", "senior-agent/02"], ["enrol"]):
    done = subprocess.run([*{words!r}, *step, "--course", {course!r}], capture_output=True, text=True)
    print(done.stdout, done.stderr)
"""

CHEN, GRACE = hub_server.CANDIDATES
TRAINER, COURSE_ACCOUNT = hub_server.INVIGILATOR, hub_server.ROOM_ACCOUNT


class LearningHub(hub_server.HubServer):  # type: ignore[misc, name-defined]
    """The learners' Hub as docs/operator.md sets it up."""

    first = "/services/course/"

    def _lay_out(self) -> None:
        self.training, self.learners, homes = (self.home / name for name in ("training", "learners", "homes"))
        for folder, mode in ((self.training, 0o755), (self.learners, 0o711), (homes, 0o711), (self.state, 0o700)):
            folder.mkdir()
            folder.chmod(mode)
        owners = dict.fromkeys((CHEN, GRACE), None) | {"course": COURSE_ACCOUNT}
        for name, owner in owners.items():
            (homes / name).mkdir(mode=0o700)
            if self.several:
                shutil.chown(homes / name, owner or name)
        self.course = self.training / "course"
        self.course.mkdir(mode=0o700)
        (self.home / "config.py").write_text(
            CONFIG.format(
                sample=str(hub_server.PROJECT / "deploy" / "learning_hub_config.py"), port=self.port,
                hub_port=self.hub_port, api_port=self.api_port, room_port=self.room_port,
                accounts={CHEN, GRACE, TRAINER}, trainer=TRAINER, password=hub_server.PASSWORD, token=self.token,
                homes=str(homes), single=not self.several,
            )
        )  # fmt: skip

    def words(self) -> dict[str, str]:
        mine = pwd.getpwuid(os.geteuid()).pw_name
        return {
            "ACADEMY_TRAINING": str(self.training),
            "ACADEMY_LEARNERS": str(self.learners),
            "ACADEMY_HUB": str(self.state),
            "ACADEMY_COURSE_ACCOUNT": COURSE_ACCOUNT if self.several else mine,
            "ACADEMY_LANGUAGE": "zh",
        }

    def teach(self) -> None:
        """What the trainer does before anybody comes: a lesson, and the roster; all of it is the course account's."""
        roster = self.home / "roster.csv"
        roster.write_text(ROSTER.format(CHEN.upper(), GRACE.upper()))
        assert main(["courses", "release", "senior-agent/01", "--course", str(self.course)]) == 0
        assert main(["courses", "enrol", str(roster), "--course", str(self.course)]) == 0
        if self.several:
            for path in (self.training, *self.training.rglob("*")):
                shutil.chown(path, COURSE_ACCOUNT)


@pytest.fixture(scope="module")
def hub() -> Iterator[LearningHub]:
    running = LearningHub()
    try:
        running.teach()
        running.start()
        yield running
    finally:
        running.stop()


def enter(page: Page, hub: LearningHub, account: str) -> None:
    """Log in by the Hub's form, and go where it leads."""
    page.goto(hub.url)
    page.locator("input[name=username]").fill(account)
    page.locator("input[name=password]").fill(hub_server.PASSWORD)
    page.locator("#login_submit").click()


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Pages without the check for script errors, each of another person: formgrader wants MathJax from the internet."""
    opened: list[BrowserContext] = []

    def come() -> Page:
        opened.append(browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN"))
        return opened[-1].new_page()

    yield come
    for context in opened:
        context.close()


def done(page: Page, what: str) -> None:
    """Formgrader says that it did it."""
    said = page.locator(".modal.in")
    expect(said).to_contain_text(what, timeout=SLOW_MS)
    said.get_by_text("OK", exact=True).click()
    expect(said).to_have_count(0)


def ports(sample: str, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Every port that a Hub with this configuration listens on, those of JupyterHub's own defaults too."""
    for name in [name for name in os.environ if name.startswith("ACADEMY_")]:
        monkeypatch.delenv(name)
    jupyterhub = JupyterHub(log_level=50)
    jupyterhub.load_config_file(str(hub_server.PROJECT / "deploy" / sample))
    proxy = ConfigurableHTTPProxy(parent=jupyterhub, app=jupyterhub)
    hub_port = urlparse(jupyterhub.hub_bind_url).port or jupyterhub.hub_port
    services = [urlparse(service["url"]).port for service in jupyterhub.services]
    return [
        port or 0 for port in (urlparse(jupyterhub.bind_url).port, hub_port, urlparse(proxy.api_url).port, *services)
    ]


def test_both_hubs_run_on_one_machine_and_none_takes_a_port_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [*ports("jupyterhub_config.py", monkeypatch), *ports("learning_hub_config.py", monkeypatch)]

    assert both[:4] == [8000, 8081, 8001, 10101]  # as docs/operator.md names them
    assert len(set(both)) == len(both) == 8


def test_a_trainee_logs_in_learns_and_hands_in_and_a_trainer_gives_feedback(
    hub: LearningHub, page: Page, somebody: Callable[[], Page]
) -> None:
    trainer = somebody()
    enter(page, hub, CHEN)
    expect(page.get_by_role("heading", name="欢迎", exact=True)).to_be_visible(timeout=2 * SLOW_MS)
    page.get_by_role("link", name="我的班，我的分分秒秒").click()
    open_lesson(page, hub.learners / CHEN / "zh" / ASSIGNMENT / f"{LESSON}.ipynb")
    # An order to run that comes while the kernel is on its way makes JupyterLab ask which one: the one that is marked.
    choice = page.locator("dialog.jp-Dialog", has_text="选择内核")
    page.add_locator_handler(choice, lambda: choice.locator(".jp-mod-accept").click())
    run_all(page)
    expect(page.locator(".jp-RenderedHTML img").first).to_be_visible(timeout=SLOW_MS)
    submit(page, ASSIGNMENT)

    enter(trainer, hub, TRAINER)
    trainer.get_by_role("link", name="Formgrader").click(timeout=2 * SLOW_MS)
    trainer.goto(f"{hub.url}/services/course/formgrader")
    trainer.locator("tr", has_text=ASSIGNMENT).locator(".collect a").click(timeout=SLOW_MS)
    done(trainer, "Successfully collected")
    trainer.goto(f"{hub.url}/services/course/formgrader/manage_submissions/{ASSIGNMENT}")
    row = trainer.locator("tr", has_text=CHEN)
    row.locator("td.autograde a").click()
    done(trainer, "Successfully autograded")
    row.locator("td.generate-feedback a").click()
    done(trainer, "Successfully generated feedback")
    row.locator("td.release-feedback a").click()
    done(trainer, "Successfully released feedback")

    open_feedback(page, ASSIGNMENT, LESSON)
    frame = page.frame_locator(".jp-HTMLViewer iframe, iframe.jp-HTMLViewer")
    expect(frame.get_by_text("得分除了看检查，还看一些不公开的测试")).to_be_visible(timeout=SLOW_MS)


def test_a_neighbour_finds_her_own_language_and_nobody_elses_work(hub: LearningHub, page: Page) -> None:
    enter(page, hub, GRACE)
    expect(page.get_by_role("heading", name="Welcome", exact=True)).to_be_visible(timeout=2 * SLOW_MS)
    assert page.request.get(f"{hub.url}/services/course/formgrader").status == 403

    released = hub.training / "exchange" / "academy" / "outbound"
    inbound = hub.training / "exchange" / "academy" / "inbound"
    closed = [hub.learners / CHEN, hub.course, hub.course / "gradebook.db", hub.state, inbound]
    person = hub_server.Person(hub, GRACE, hub.browser())
    said = person.run(LOOK.format(paths=[str(path) for path in (*closed, released, hub.learners / GRACE)]))
    person.close()

    if hub.several:
        assert said.split() == [
            str(pwd.getpwnam(GRACE).pw_uid), *f"[{str(released)!r}, {str(hub.learners / GRACE)!r}]".split()
        ]  # fmt: skip
    else:
        assert str(released) in said


def test_whoever_comes_back_finds_the_own_work_and_what_was_released_meanwhile(hub: LearningHub) -> None:
    work = hub.learners / GRACE / "en"
    lesson = next(work.glob("senior-agent-01*")) / f"{LESSON}.ipynb"
    lesson.write_text(lesson.read_text("utf-8").replace("# YOUR CODE HERE", "# mine", 1), "utf-8")
    hub.operator("DELETE", f"/users/{GRACE}/server")
    desk = hub_server.Person(hub, TRAINER, hub.browser(), server="/services/course")
    said = desk.run(TEACH.format(words=[sys.executable, "-m", "grader", "courses"], course=str(hub.course)))
    desk.close()
    assert "senior-agent-02-what-the-listener-hears-en is released" in said

    hub.operator("POST", f"/users/{GRACE}/server")
    hub.wait(lambda: any(work.glob("senior-agent-02*")), 60, "the lesson that is new")

    assert "# mine" in lesson.read_text("utf-8")
    assert "senior-agent-02" in (work / "Welcome.md").read_text("utf-8")


def test_the_hubs_own_pages_speak_the_language_of_the_browser(
    hub: LearningHub, page: Page, somebody: Callable[[], Page]
) -> None:
    page.goto(f"{hub.url}/hub/login")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()

    chinese = somebody()
    chinese.goto(f"{hub.url}/hub/login")
    form = chinese.locator("#login-main")
    expect(form.get_by_role("button", name="登录", exact=True)).to_be_visible()
    form.get_by_label("账号：").fill(CHEN)
    form.get_by_label("密码：").fill("wrong")
    form.get_by_role("button", name="登录", exact=True).click()
    expect(form).to_contain_text("账号或密码不对。")
    assert re.findall("[A-Za-z]{2,}", form.inner_text()) == []

    enter(chinese, hub, CHEN)
    expect(chinese).to_have_url(re.compile("/lab/"), timeout=2 * SLOW_MS)
    chinese.goto(f"{hub.url}/hub/home")
    expect(chinese.get_by_role("button", name="停止笔记本环境")).to_be_visible()
    assert re.findall("[A-Za-z]{2,}", chinese.locator("body").inner_text().replace(CHEN, "")) == []
    chinese.goto(f"{hub.url}/hub/nothing")
    expect(chinese.get_by_role("heading")).to_have_text("404：没有这个页面")
    assert re.findall("[A-Za-z]{2,}", chinese.locator(".error").inner_text()) == []
