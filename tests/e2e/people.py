"""People with phones, as the sandbox lets them act: the driver of the end-to-end tests."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import aiohttp

T = TypeVar("T")
PATIENCE = 30.0  # seconds for what never comes; a good run waits for a fraction of one


@dataclass
class Phone:
    """One person's phone: what they see, what they can do."""

    http: aiohttp.ClientSession
    url: str
    person: int

    async def _post(self, what: str, **given: Any) -> Any:
        async with self.http.post(f"{self.url}/people/{self.person}/{what}", json=given) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def do(self, what: str, **given: Any) -> Any:
        """Anything that the sandbox lets a phone do."""
        return await self._post(what, **given)

    async def say(self, text: str) -> None:
        await self._post("say", text=text)

    async def start(self, payload: str = "") -> None:
        await self._post("start", **({"payload": payload} if payload else {}))

    async def chat(self) -> dict[str, Any]:
        async with self.http.get(f"{self.url}/people/{self.person}/chat") as answer:
            chat: dict[str, Any] = await answer.json()
        return chat

    async def heard(self) -> list[str]:
        """What the bot has said, oldest first."""
        return [m["text"] for m in (await self.chat())["messages"] if m["from"] == "bot"]

    async def until(self, *words: str) -> dict[str, Any]:
        """Wait for a message of the bot's that holds all these words; return it."""

        def holds(messages: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
            for message in reversed(messages):
                if message["from"] == "bot" and all(word in message["text"] for word in words):
                    return message
            return None

        return await self._until(holds, words)

    async def tap(self, label: str, after: str = "") -> None:
        """Tap the newest button with this label, once there is one (under a text with `after`)."""

        def shown(messages: Sequence[dict[str, Any]]) -> tuple[int, str] | None:
            return newest_button(messages, label, after)

        message_id, data = await self._until(shown, label)
        await self._post("tap", message_id=message_id, data=data)

    async def _until(
        self, found: Callable[[Sequence[dict[str, Any]]], T | None], wanted: object
    ) -> T:
        counter, messages = 0, []
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    messages = (await self.chat())["messages"]
                    if (one := found(messages)) is not None:
                        return one
                    params = {"since": counter, "person": self.person, "timeout": 5}
                    async with self.http.get(f"{self.url}/news", params=params) as answer:
                        counter = (await answer.json())["counter"]
        except TimeoutError:
            raise AssertionError((wanted, [one["text"] for one in messages[-6:]])) from None


async def until(met: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what the sandbox tells nobody about."""
    async with asyncio.timeout(PATIENCE):
        while not await met():
            await asyncio.sleep(0.02)


def newest_button(
    messages: Sequence[dict[str, Any]], label: str, after: str = ""
) -> tuple[int, str] | None:
    for message in reversed(messages):
        if after and after not in message.get("text", ""):
            continue
        for row in message.get("buttons") or ():
            for button in row:
                if button["text"] == label and "data" in button:
                    return message["id"], button["data"]
    return None


@dataclass
class Street:
    """The people of one sandbox."""

    http: aiohttp.ClientSession
    url: str
    phones: list[Phone] = field(default_factory=list)

    async def newcomer(self, name: str, least: int = 0) -> Phone:
        """Somebody new; with `least`, the first whose number is at least that."""
        person = -1
        while person < least:
            async with self.http.post(f"{self.url}/people", json={"name": name}) as answer:
                person = (await answer.json())["id"]
        phone = Phone(self.http, self.url, person)
        self.phones.append(phone)
        return phone

    async def control(self, what: str, **given: Any) -> Any:
        async with self.http.post(f"{self.url}/control/{what}", json=given) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()

    async def sent(self) -> list[dict[str, Any]]:
        """Every message that the bot sent and that took effect."""
        async with self.http.get(f"{self.url}/control/sent") as answer:
            sent: list[dict[str, Any]] = (await answer.json())["sent"]
        return sent
