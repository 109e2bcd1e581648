"""Everything that exists in the sandbox: people, chats, messages and what the bot did. No HTTP, no
clock of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from bot.sandbox.files import Files
from bot.sandbox.news import News
from bot.sandbox.refusals import NotPossibleError
from bot.sandbox.updates import UpdateQueue

TAPS_SHOWN = 10
BOT_NAME = "Heard"
BOT_USERNAME = "heard_sandbox_bot"


@dataclass(slots=True)
class Person:
    """Somebody with the app on their phone; ``id`` is also the id of their chat with the bot."""

    id: int
    name: str
    username: str | None = None
    language_code: str = "en"
    started: bool = False
    blocked: bool = False
    deactivated: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands now; ``body`` holds its content fields as the Bot API names them.
    Times are Unix seconds.
    """

    id: int
    chat_id: int
    sender: int
    date: int
    body: dict[str, Any]
    markup: dict[str, Any] | None = None
    reply_to: int | None = None
    edited: int | None = None
    deleted: bool = False
    hidden: bool = False

    @property
    def text(self) -> str:
        """The words, if there are any."""
        return str(self.body.get("text", ""))

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """Rows of inline buttons."""
        rows: list[list[dict[str, Any]]] = (self.markup or {}).get("inline_keyboard", [])
        return rows


@dataclass(slots=True)
class Chat:
    """A conversation; ``keyboard_of`` is the message whose reply keyboard shows, ``typing_until``
    Unix seconds, ``acts`` how often its person did something.
    """

    id: int
    kind: str
    title: str
    members: list[int]
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard_of: int | None = None
    keyboard_folded: bool = False
    typing_until: float = 0.0
    toasts: list[dict[str, Any]] = field(default_factory=list)
    taps: list[str] = field(default_factory=list)
    acts: int = 0


@dataclass(slots=True)
class Query:
    """A tap on an inline button that waits for ``answerCallbackQuery``."""

    id: str
    chat_id: int
    message_id: int
    data: str
    date: int
    answered: bool = False


class World:
    """The state that both the bot and the people act on. ``now`` is the business clock."""

    def __init__(self, bot_id: int, now: Callable[[], datetime], random: Random) -> None:
        self.bot_id = bot_id
        self.now = now
        self.random = random
        self.news = News()
        self.updates = UpdateQueue(random)
        self.files = Files(random)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.sent: list[dict[str, Any]] = []
        self.profile: dict[str, Any] = {"commands": {}, "description": {}, "short_description": {}}
        self.last_message_id = random.randint(10, 500)

    def unix(self) -> int:
        """The business time in whole Unix seconds."""
        return int(self.now().timestamp())

    def new_person(self, name: str, username: str | None = None) -> Person:
        """Somebody new, with a random id of nine or ten digits; the bot cannot write to them until
        they start it.
        """
        person = Person(self._free_id(100_000_000, 7_999_999_999), name, username)
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", name, [person.id])
        self.news.touch(person.id)
        return person

    def new_group(self, title: str, kind: str, members: list[int]) -> Chat:
        """A group, supergroup or channel in which the bot is a member."""
        if kind not in ("group", "supergroup", "channel"):
            raise NotPossibleError("a group is of kind group, supergroup or channel")
        number = self._free_id(100_000_000, 999_999_999)
        chat = Chat(
            -number if kind == "group" else -1_000_000_000_000 - number, kind, title, members
        )
        self.chats[chat.id] = chat
        return chat

    def _free_id(self, low: int, high: int) -> int:
        while True:
            number = self.random.randint(low, high)
            if number not in self.people and -number not in self.chats:
                return number

    def person(self, person_id: int) -> Person:
        """Somebody who exists. Raises NotPossibleError."""
        try:
            return self.people[person_id]
        except KeyError:
            raise NotPossibleError(f"nobody has the id {person_id}") from None

    def chat(self, chat_id: int) -> Chat:
        """A chat that exists. Raises NotPossibleError."""
        try:
            return self.chats[chat_id]
        except KeyError:
            raise NotPossibleError(f"there is no chat {chat_id}") from None

    def post(self, chat: Chat, sender: int, body: dict[str, Any]) -> Message:
        """A new message at the end of a chat."""
        self.last_message_id += 1
        message = Message(self.last_message_id, chat.id, sender, self.unix(), body)
        chat.messages[message.id] = message
        if sender == self.bot_id:
            chat.typing_until = 0.0
        self.news.touch(chat.id)
        return message

    def delete(self, chat: Chat, message: Message) -> None:
        """The message vanishes on both sides, with the reply keyboard that it brought."""
        message.deleted = True
        if chat.keyboard_of == message.id:
            chat.keyboard_of = None
        self.news.touch(chat.id)

    def new_query(self, message: Message, data: str) -> Query:
        """A tap, with an id as Telegram makes them."""
        query = Query(
            str(self.random.getrandbits(62)), message.chat_id, message.id, data, self.unix()
        )
        self.queries[query.id] = query
        chat = self.chats[message.chat_id]
        chat.taps = [*chat.taps[1 - TAPS_SHOWN :], query.id]
        self.news.touch(message.chat_id)
        return query
