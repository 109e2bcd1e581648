"""What the bot can open about a person at this moment, as one file that they can read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.casework.model import INDEPENDENT_TEAM, Kind
from bot.casework.proof import receipt_code
from bot.turns.chat import ChatTurn
from bot.turns.clearing import deletable_since
from bot.turns.files import file_in
from bot.turns.house import LANE_LIVE
from bot.turns.rendering import document_body
from config.wording import Wording
from storage import chat_messages, conversations, files, outbox
from storage.conversations import Conversation
from storage.engine import Conn
from storage.errors import DamagedRow
from storage.outbox import NewMessage
from storage.sealing import SealError
from storage.secrets import Secrets

NAME: Final = "my-data.txt"  # it shows on lock screens, so it says nothing
RULE: Final = "--------"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a file is written with: a wording, and the place's own time."""

    wording: Wording
    zone: ZoneInfo

    def at(self, moment: datetime) -> str:
        """A moment with its year, because such a file is kept."""
        here = moment.astimezone(self.zone)
        time = self.wording.clock(here.time())
        return self.wording.text("data.at", date=here.date(), year=str(here.year), time=time)

    def day(self, when: datetime) -> str:
        """Without its hour, for moments that are kept only roughly."""
        here = when.astimezone(self.zone)
        return self.wording.text("data.day", date=here.date(), year=str(here.year))

    def section(self, heading: str, lines: Iterator[str]) -> str:
        """A heading and what is under it, in paragraphs; or that there is nothing."""
        told = list(lines) or [self.wording.text("data.nothing")]
        return "\n".join([self.wording.text(heading), RULE, "", "\n\n".join(told)])


async def own_copy(conn: Conn, keys: Secrets, chat: ChatTurn) -> NewMessage:
    """The file, to be sent in its place among the messages of this turn.

    Call it when the turn's conversation and draft are saved: it reads what is there now.
    """
    found = (await conversations.load_ids(conn, keys, [chat.id]))[chat.id]
    scene = chat.scene
    paper = Paper(scene.wording_for(chat.memory.talk), ZoneInfo(scene.house.calendar.timezone))
    text = paper.wording.text
    sections = [
        "\n\n".join([text("data.title"), text("data.made", at=paper.at(scene.now))]),
        paper.section("data.h-you", await _you(conn, chat, found, paper)),
        paper.section("data.h-draft", await _draft(conn, keys, chat, paper)),
        paper.section("data.h-sent", _sent(chat, paper)),
        paper.section("data.h-waiting", await _waiting(conn, keys, chat, paper)),
    ]
    whole = "\n\n\n".join(sections) + "\n"
    body = document_body(NAME, whole, text("data.caption"))
    return NewMessage(f"c:{chat.id}", LANE_LIVE, body)


async def _you(conn: Conn, chat: ChatTurn, found: Conversation, paper: Paper) -> Iterator[str]:
    text, talk, house = paper.wording.text, chat.memory.talk, chat.scene.house
    noted = len(await chat_messages.numbers(conn, chat.id, deletable_since(chat.scene.now)))
    names = dict(house.languages.names)

    def lines() -> Iterator[str]:
        yield text("data.chat", number=str(chat.chat_id))
        if found.began_at is not None:
            yield text("data.since", at=paper.day(found.began_at))
        if found.updated_at is not None:
            yield text("data.last", at=paper.day(found.updated_at))
        yield text("data.language", language=names.get(talk.language, house.languages.names[0][1]))
        if talk.child:
            yield text("data.child")
        if talk.no_nudge:
            yield text("data.no-nudge")
        if chat.visit.wants_changes:
            yield text("data.wants-changes")
        if found.due_at is not None:
            yield text("data.reminder", at=paper.at(found.due_at))
        if talk.helped_on:
            yield text("data.helped", date=date.fromisoformat(talk.helped_on))
        if noted:
            yield text("data.messages", count=noted)
        yield text("data.telegram")

    return lines()


async def _draft(conn: Conn, keys: Secrets, chat: ChatTurn, paper: Paper) -> Iterator[str]:
    text, talk, house = paper.wording.text, chat.memory.talk, chat.scene.house
    stored, _ = await conversations.draft_parts(conn, keys, [chat.id])
    said = [await _part(conn, one, paper) for one in stored[chat.id]]
    names = {one.id: one.name for one in chat.scene.staff}

    def lines() -> Iterator[str]:
        yield from said
        if talk.topic:
            yield text("data.topic", topic=text(f"topic.{talk.topic}"))
        if talk.place and talk.place != INDEPENDENT_TEAM:
            yield text("data.place", place=house.team_name(talk.place))
        if kept := ", ".join(names[one] for one in talk.kept_from if one in names):
            yield text("data.kept-from", names=kept)
        if talk.kept_from_words:
            yield text("data.kept-from-words", said=talk.kept_from_words)

    return lines()


async def _part(conn: Conn, part: bytes, paper: Paper) -> str:
    held = file_in(part)
    if held is None:
        return part.decode("utf-8", "replace")
    text = paper.wording.text
    kind = text(f"data.kind.{held.kind}")
    try:
        about = await files.about(conn, held.file_id, held.seed)
    except (SealError, DamagedRow):
        return text("data.damaged")
    if about is None:
        return f"{text('data.file', kind=kind)} {text('data.file-on-its-way')}"
    size = f"{about.size:,}"
    return text("data.file-sized", kind=kind, size=size, ending=about.ending or "?")


def _sent(chat: ChatTurn, paper: Paper) -> Iterator[str]:
    text, calendar = paper.wording.text, chat.scene.house.calendar
    for row in [chat.rows[one] for one in chat.memory.everything if one in chat.rows]:
        if row.kind == Kind.DATA_COMPLAINT:
            yield text("data.complaint", reference=row.reference, at=paper.at(row.sent_at))
            continue
        dates = {"sent_on": calendar.local_date(row.sent_at)}
        if row.due_at is not None:
            dates["next_by"] = calendar.local_date(row.due_at)
        code = receipt_code(row.id, row.reference, row.sent_at)
        yield text(f"mine.{row.state}", reference=row.reference, code=code, **dates)
        if row.in_danger:
            yield text("data.danger", reference=row.reference)
        if row.data_due:
            due = date.fromisoformat(row.data_due)
            yield text("data.copy-due", reference=row.reference, date=due)
    if chat.memory.concerns:
        yield text("data.locked")


async def _waiting(conn: Conn, keys: Secrets, chat: ChatTurn, paper: Paper) -> Iterator[str]:
    """What is still on its way to them, and what waits until they tap to read it."""
    text = paper.wording.text
    rows = await outbox.of_recipient(conn, keys, f"c:{chat.id}")

    def lines() -> Iterator[str]:
        for at, body in rows:
            told = json.loads(body)
            words = told.get("text", "")
            if "document" in told:
                words = f"{words} {text('data.waiting-file')}"
            if words:
                yield f"{text('data.waiting', at=paper.day(at))}\n{words}"

    return lines()
