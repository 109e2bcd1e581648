"""People with phones, as the sandbox lets them act: the driver of the end-to-end tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp


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
        """Wait for a message of the bot's that holds all these words; return it.

        The test's own time limit ends a wait for what never comes.
        """
        counter = 0
        while True:
            for message in reversed((await self.chat())["messages"]):
                if message["from"] == "bot" and all(word in message["text"] for word in words):
                    found: dict[str, Any] = message
                    return found
            params = {"since": counter, "person": self.person, "timeout": 5}
            async with self.http.get(f"{self.url}/news", params=params) as answer:
                counter = (await answer.json())["counter"]

    async def tap(self, label: str, after: str = "") -> None:
        """Tap the newest button with this label, once there is one (under a text with `after`)."""
        counter = 0
        while True:
            button = newest_button((await self.chat())["messages"], label, after)
            if button is not None:
                await self._post("tap", message_id=button[0], data=button[1])
                return
            params = {"since": counter, "person": self.person, "timeout": 5}
            async with self.http.get(f"{self.url}/news", params=params) as answer:
                counter = (await answer.json())["counter"]


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

    async def newcomer(self, name: str) -> Phone:
        async with self.http.post(f"{self.url}/people", json={"name": name}) as answer:
            phone = Phone(self.http, self.url, (await answer.json())["id"])
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
