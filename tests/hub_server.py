"""A real JupyterHub with the sample configuration, real accounts, and the exam room behind it."""

from __future__ import annotations

import json
import os
import pwd
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psutil
import websocket

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD = "four words nobody says"
# Accounts that every Debian has and nobody logs in with: the test makes none and leaves none.
ROOM_ACCOUNT, CANDIDATES, INVIGILATOR = "backup", ("games", "news"), "uucp"
CONFIG = """
c = get_config()
load_subconfig({sample!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.authenticator_class = "shared-password"
c.Authenticator.allowed_users = {accounts!r}
c.SharedPasswordAuthenticator.user_password = {password!r}
c.JupyterHub.load_groups = {{"invigilators": {{"users": [{invigilator!r}]}}}}
exam = c.JupyterHub.services[0]
exam["url"] = "http://127.0.0.1:{room_port}"
exam["command"] += ["--trust-s", "1"]
c.JupyterHub.services.append({{"name": "operator", "api_token": {token!r}}})
c.JupyterHub.load_roles.append(
    {{"name": "operator", "services": ["operator"], "scopes": ["admin:users", "servers", "tokens"]}}
)
for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):  # not in their homes
    c.Spawner.environment[name] = lambda spawner: {work!r} + f"/{{spawner.user.name}}/.jupyter"
if {single!r}:  # nobody but root can be several accounts
    exam["user"] = ""
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = {home!r}
    c.Spawner.notebook_dir = {home!r}
    c.Authenticator.post_auth_hook = lambda authenticator, handler, found: make_place(found["name"]) or found
    c.Spawner.pre_spawn_hook = lambda spawner: make_place(spawner.user.name)

    def make_place(account):
        import pathlib

        pathlib.Path({work!r}, account).mkdir(exist_ok=True)
"""
# In mounts of its own: what lies in a folder that others cannot enter (root's home, say) becomes visible for them.
VISIBLE = """set -e
mount --bind {hidden} {save}
mount -t tmpfs -o mode=755 none {hidden}
{binds}
umount {save}
"""


class HubServer:
    """JupyterHub, its proxy and the room on free ports of the loopback; files and modes as in docs/operator.md."""

    first = "/services/exam/"
    """What answers last, and where a login leads to."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="hub-"))  # pytest's own folders are closed to other accounts
        self.home.chmod(0o711)
        self.centre, self.work, self.state = (self.home / name for name in ("centre", "work", "hub"))
        self.room = self.centre / "room"
        self.several = os.geteuid() == 0
        self.token = secrets.token_hex(16)
        self.port, self.hub_port, self.api_port, self.room_port = _free_ports(4)
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._clients: list[httpx.Client] = []
        self._lay_out()

    def _lay_out(self) -> None:
        """Folders and modes of docs/operator.md."""
        for folder, mode in ((self.centre, 0o710), (self.room, 0o2770), (self.work, 0o711), (self.state, 0o700)):
            folder.mkdir()
            if self.several and folder in (self.centre, self.room):
                os.chown(folder, 0, pwd.getpwnam(ROOM_ACCOUNT).pw_gid)
            folder.chmod(mode)
        (self.home / "config.py").write_text(
            CONFIG.format(
                sample=str(PROJECT / "deploy" / "jupyterhub_config.py"), port=self.port, hub_port=self.hub_port,
                api_port=self.api_port, room_port=self.room_port, accounts={*CANDIDATES, INVIGILATOR},
                invigilator=INVIGILATOR, password=PASSWORD, token=self.token, single=not self.several,
                home=str(self.work / "{username}"), work=str(self.work),
            )
        )  # fmt: skip

    def words(self) -> dict[str, str]:
        """What the sample configuration is told of this machine."""
        return {
            "ACADEMY_CENTRE": str(self.centre),
            "ACADEMY_WORK": str(self.work),
            "ACADEMY_HUB": str(self.state),
            "ACADEMY_ROOM_ACCOUNT": ROOM_ACCOUNT if self.several else pwd.getpwuid(os.geteuid()).pw_name,
        }

    def start(self) -> None:
        """Start everything and wait until what stands behind the Hub answers through the proxy."""
        command = [str(Path(sys.executable).parent / "jupyterhub"), "-f", str(self.home / "config.py")]
        ours = ("JUPYTER", "IPYTHON", "PYTHON")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | self.words()
        with (self.home / "hub.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._visible(command), cwd=self.state, env=environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True, umask=0o022,
            )  # fmt: skip
        self.wait(lambda: self._answers(), 90, "the Hub and what stands behind it")

    def _answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None, self.log()
        try:
            return httpx.get(f"{self.url}{self.first}", trust_env=False).status_code == 302
        except httpx.TransportError:
            return False

    def _visible(self, command: list[str]) -> list[str]:
        """The command, where other accounts can run this Python although it lies in a folder that they cannot enter."""
        wanted = [PROJECT, Path(sys.base_prefix).resolve()] if self.several else []
        closed: dict[Path, list[Path]] = {}
        for path in wanted:
            hidden = next((one for one in [*reversed(path.parents), path] if not one.stat().st_mode & 1), None)
            if hidden is not None:
                closed.setdefault(hidden, []).extend([path] if path != hidden else [one for one in path.iterdir()])
        lines = []
        for number, (hidden, shown) in enumerate(closed.items()):
            save = self.home / f"save-{number}"
            save.mkdir()
            binds = [
                f"mkdir -p {_q(one)} && mount --bind {_q(save / one.relative_to(hidden))} {_q(one)}"
                for one in shown
                if one.is_dir()
            ]
            lines.append(VISIBLE.format(hidden=_q(hidden), save=_q(save), binds="\n".join(binds)))
        if not lines:
            return command
        return [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            "".join(lines) + 'exec "$@"',
            "sh",
            *command,
        ]

    def wait(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Wait for something, and say what when it does not come."""
        until = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < until, f"waited {seconds} s for {what}\n{self.log()}"
            time.sleep(0.1)

    def log(self) -> str:
        """The end of what Hub, proxy and room wrote."""
        return (self.home / "hub.log").read_text("utf-8", "replace")[-6000:]

    def room_pid(self) -> int:
        """The process that holds the room: the Hub's service is its parent, which starts it again."""
        assert self.process is not None
        service = _children(self.process.pid, "grader.room.hub")[0]
        return _children(service, "grader.room.hub")[0]

    def stop(self) -> None:
        """End all that was started and remove the folders."""
        for client in self._clients:
            client.close()
        if self.process is not None:
            started = psutil.Process(self.process.pid).children(recursive=True)
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            for left in [self.process, *started]:
                with suppress(psutil.NoSuchProcess):
                    left.kill()
            self.process.wait()
        shutil.rmtree(self.home)

    # --- people -------------------------------------------------------------------------------------------------------

    def browser(self) -> httpx.Client:
        """Somebody's browser that is not logged in."""
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=20, follow_redirects=True)
        self._clients.append(client)
        return client

    def login(self, account: str) -> Person:
        """An account, logged in by the Hub's own form and sent on to the room."""
        client = self.browser()
        form = client.get("/hub/login")
        token = re.search(r'name="_xsrf" value="([^"]+)"', form.text)
        assert token is not None
        words = {"username": account, "password": PASSWORD, "_xsrf": token[1]}
        page = client.post("/hub/login", params={"next": self.first}, data=words)
        assert page.status_code == 200 and page.url.path == self.first, (page.url, page.text, self.log())
        return Person(self, account, client, _xsrf(page))

    def operator(self, method: str, path: str, **words: Any) -> httpx.Response:
        """A request to the Hub's API as its operator."""
        headers = {"Authorization": f"token {self.token}"}
        return httpx.request(method, f"{self.url}/hub/api{path}", headers=headers, trust_env=False, timeout=60, **words)


class Person:
    """A browser of somebody who is logged in, and the notebook server of the account, or the one at ``server``."""

    def __init__(self, hub: HubServer, account: str, client: httpx.Client, xsrf: str = "", server: str = "") -> None:
        self.hub, self.account, self.client, self.xsrf, self.server = hub, account, client, xsrf, server
        self._socket: websocket.WebSocket | None = None

    def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """A request of the exam page."""
        reply = self.client.request(method, f"/services/exam/api/{path}", json=body, headers={"X-XSRFToken": self.xsrf})
        if reply.is_success and "xsrf" in reply.json():
            self.xsrf = reply.json()["xsrf"]
        return reply

    def run(self, code: str) -> str:
        """What Python code prints in a notebook of this account, on the account's own server behind the Hub."""
        if self._socket is None:
            self._socket = self._kernel()
        header = {
            "msg_id": uuid4().hex,
            "msg_type": "execute_request",
            "session": "s",
            "username": "",
            "version": "5.3",
        }
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        self._socket.send(json.dumps(message))
        said = ""
        while True:
            reply = json.loads(self._socket.recv())
            if reply["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            content = reply["content"]
            assert reply["msg_type"] != "error", content["traceback"]
            if reply["msg_type"] == "stream":
                said += content["text"]
            if reply["msg_type"] == "status" and content["execution_state"] == "idle":
                return said

    def _kernel(self) -> websocket.WebSocket:
        if not self.server:
            self.hub.operator("POST", f"/users/{self.account}/server")
            self.hub.wait(self._serves, 90, f"the notebook server of {self.account}")
        base = self.server or f"/user/{self.account}"
        token = self.hub.operator("POST", f"/users/{self.account}/tokens", json={}).json()["token"]
        headers = {"Authorization": f"token {token}"}
        kernel = self.client.post(f"{base}/api/kernels", json={}, headers=headers)
        assert kernel.status_code == 201, (kernel.text, self.hub.log())
        where = f"ws://127.0.0.1:{self.hub.port}{base}/api/kernels/{kernel.json()['id']}/channels"
        return websocket.create_connection(where, header=headers, timeout=60)

    def _serves(self) -> bool:
        return bool(self.hub.operator("GET", f"/users/{self.account}").json().get("server"))

    def close(self) -> None:
        """Leave the notebook; its server ends with the Hub."""
        if self._socket is not None:
            self._socket.close()


def _xsrf(page: httpx.Response) -> str:
    found = re.search(r'data-xsrf="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def _children(pid: int, name: str) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid), "-f", name], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def _q(path: Path) -> str:
    return shlex.quote(str(path))


def _free_ports(number: int) -> list[int]:
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def kill(pid: int) -> None:
    """As a power cut would."""
    os.kill(pid, signal.SIGKILL)
