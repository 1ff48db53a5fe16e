"""The page on which a candidate hands in a work product: a form for each file, receipts, what is late or missing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from tornado.template import Template

from grader.errors import RoomError
from grader.model import Bilingual
from grader.room.web import RoomHandler
from grader.seats import HandedFile, SeatFolder, WorkFolder, iso

__all__ = ["ROUTES", "WorkPage"]

_MOST_BYTES = 51_000_000
"""The largest file that a task may ask for, and the form around it."""
_PAGE = Template((Path(__file__).parent / "work.html").read_text("utf-8"), autoescape="xhtml_escape")

WORDS = {
    "title": Bilingual("Work product", "工作成果提交"),
    "refused": Bilingual("This could not be done", "未能完成"),
    "enter": Bilingual("Enter with the access code of your seat", "请输入本考位的入场码"),
    "code": Bilingual("Access code", "入场码"),
    "go": Bilingual("Enter", "进入"),
    "until": Bilingual("You may hand in until", "提交截止："),
    "over": Bilingual("The time was over at", "提交已截止："),
    "rule": Bilingual(
        "A file may be handed in again until then; the newest counts. What comes later is kept and does not count. "
        "Keep this page as your receipt.",
        "截止前可以重新提交，以最后一次为准。逾期提交的会留存，但不计分。请保存本页作为回执。",
    ),
    "most": Bilingual("at most", "最大"),
    "in time": Bilingual("Handed in", "已提交"),
    "late": Bilingual("Late, does not count:", "逾期，不计分："),
    "missing": Bilingual("Not handed in yet", "尚未提交"),
    "named": Bilingual(
        "The file holds your name or number, and markers would see it. Take it out and hand the file in again.",
        "文件中含有您的姓名或编号，评分人会看到。请删除后重新提交。",
    ),
    "choose": Bilingual("File", "选择文件"),
    "hand": Bilingual("Hand in", "提交"),
    "again": Bilingual("Hand in again", "重新提交"),
    "no file": Bilingual("Choose a file first.", "请先选择文件。"),
}


class WorkPage(RoomHandler):
    """GET academy/seats/A001/work, POST the access code or a file."""

    json_errors = False
    most_bytes = _MOST_BYTES

    def get(self, number: str) -> None:
        """The page; without the seat's cookie it asks for the access code."""
        self._show(*self._work(number))

    async def post(self, number: str) -> None:
        """Let the candidate in, or take a file; what cannot be done is said on the page."""
        seat, work = self._work(number)
        try:
            if (code := self.get_body_argument("code", None)) is not None:
                who = self.person(self.current_user) or self.request.remote_ip or ""
                self.let_in(self.room.enter(number, code, who))
            else:
                self.my_seat(number)
                sent = self.request.files.get("file")
                if not sent or not sent[0].filename:
                    raise RoomError(WORDS["no file"].en, 400, zh=WORDS["no file"].zh)
                await self.at_the_disk(seat, self._take, seat, work, sent[0].filename, sent[0].body)
        except RoomError as error:
            self.set_status(error.status)
            self._show(seat, work, error.zh if seat.seat["language"] == "zh" else str(error))
            return
        self.redirect(f"{self.base}/seats/{number}/work", status=303)

    def _take(self, seat: SeatFolder, work: WorkFolder, name: str, data: bytes) -> HandedFile:
        return work.hand_in(name, data, str(seat.seat["candidate"]["id"]), self.room.now(), source="candidate")

    def _work(self, number: str) -> tuple[SeatFolder, WorkFolder]:
        seat = self.seat(number)
        work = seat.work()
        if work is None:
            raise RoomError(f"Seat {number} has no work product.", 404, zh=f"考位{number}没有工作成果要提交。")
        return seat, work

    def _entered(self, number: str) -> bool:
        try:
            self.my_seat(number)
        except RoomError:
            return False
        return True

    def _show(self, seat: SeatFolder, work: WorkFolder, problem: str = "") -> None:
        language, number = seat.seat["language"], seat.seat["seat"]
        self.set_header("Content-Type", "text/html; charset=utf-8")
        page = _PAGE.generate(
            said="zh-CN" if language == "zh" else "en", say=lambda word: WORDS[word].say(language), base=self.base,
            number=number, name=seat.seat["candidate"]["name"], problem=problem, entered=self._entered(number),
            xsrf=self.xsrf_token.decode(), ends=_local(work.ends_at).partition(" (")[0],
            over=work.over(self.room.now()), files=[_file(one, work, language) for one in work.plan["files"]],
        )  # fmt: skip
        self.finish(page)


def _file(one: dict[str, Any], work: WorkFolder, language: str) -> dict[str, Any]:
    """What the page says of one file: the one that counts, or else the late ones."""
    counting = work.counting().get(one["name"])
    late = [] if counting else [came for came in work.every() if came.name == one["name"]]
    shown = [("in time", counting)] if counting else [("late", came) for came in late[-1:]]
    joint = " / "
    return {
        "name": one["name"],
        "title": one["title"][language],
        "names": joint.join(f"{one['name']}.{format_}" for format_ in one["formats"]),
        "accept": ",".join(f".{format_}" for format_ in one["formats"]),
        "megabytes": one["megabytes"],
        "came": [(state, _local(came.received_at), came.bytes, came.sha256, came.named) for state, came in shown],
    }


def _local(text: str) -> str:
    when = datetime.fromisoformat(text)
    return f"{when.astimezone():%Y-%m-%d %H:%M %Z} ({iso(when)})"


ROUTES: list[tuple[str, type[RoomHandler]]] = [("/seats/([^/]+)/work", WorkPage)]
