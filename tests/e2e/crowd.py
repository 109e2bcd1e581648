"""A crowd that raises concerns all at once, each by their own small plan, whatever the bot does.

One loop for everybody: ask which chats changed, look at each, do the next thing in its plan. A
person repeats nothing: what they did once must be enough, however often the bot is killed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from people import newest_button

REFERENCE_IN = "Your reference is "


@dataclass
class Member:
    """One person: what is left of their plan, and every word they said."""

    id: int
    words: list[str]
    place: str
    leaves_a_draft: bool
    plan: list[tuple[str, str]] = field(default_factory=list)
    tapped: tuple[str, int] = ("", 0)  # the last label, and the message it stood under

    @classmethod
    def make(cls, person: int, number: int, chance: random.Random) -> Member:
        words = [f"w{number}x{turn}y{chance.randrange(10**9)}" for turn in range(1, 4)]
        words = words[: chance.randint(1, 3)]
        place = chance.choice(["Rowan ward", "Birch community team", "Not sure"])
        # Every tenth person stops before sending: their words must stay a draft, whole.
        leaves = number % 10 == 0
        plan = [("say", one) for one in words]
        if not leaves:
            plan += [("tap", "Send"), ("tap", place), ("tap", "No, send it"), ("see", REFERENCE_IN)]
        return cls(person, words, place, leaves, plan)


@dataclass
class Crowd:
    http: aiohttp.ClientSession
    url: str
    members: dict[int, Member]
    counter: int = 0

    @classmethod
    async def gather(
        cls, http: aiohttp.ClientSession, url: str, count: int, chance: random.Random
    ) -> Crowd:
        names = [f"Person {number}" for number in range(count)]
        async with http.post(f"{url}/people", json={"names": names}) as answer:
            ids = [one["id"] for one in (await answer.json())["people"]]
        members = {person: Member.make(person, number, chance) for number, person in enumerate(ids)}
        return cls(http, url, members)

    async def act(self, people: list[int]) -> None:
        """Each of these takes as many steps of their plan as their phone allows now."""
        actions = []
        for person in people:
            member = self.members[person]
            actions += await self._next(member)
        if actions:
            async with self.http.post(f"{self.url}/batch", json={"actions": actions}) as answer:
                assert answer.status < 300, await answer.text()

    async def follow(self) -> None:
        """Wait for news and let those whom it concerns go on."""
        params = {"since": self.counter, "timeout": 1}
        async with self.http.get(f"{self.url}/news", params=params) as answer:
            news = await answer.json()
        self.counter = news["counter"]
        await self.act([one for one in news["changed"] if one in self.members])

    @property
    def finished(self) -> bool:
        return all(not member.plan for member in self.members.values())

    async def stuck(self) -> str:
        """Who has not come to the end of their plan, and what they see; for a failing test."""
        lines = []
        for member in self.members.values():
            if member.plan:
                seen = [
                    (
                        one["from"],
                        one["text"][:60],
                        [b["text"] for row in one["buttons"] for b in row],
                    )
                    for one in (await self.messages(member.id))[-4:]
                ]
                lines.append(f"{member.id} wants {member.plan[0]}, sees {seen}")
        return f"{len(lines)} are stuck:\n" + "\n".join(lines[:5])

    async def _next(self, member: Member) -> list[dict[str, Any]]:
        if not member.plan:
            return []
        verb, what = member.plan[0]
        if verb == "say":
            member.plan.pop(0)
            return [{"person": member.id, "do": "say", "text": what}]
        messages = await self.messages(member.id)
        if member.plan[:1] != [(verb, what)]:
            return []  # the killer and the follower move the same people: the other was first
        if verb == "see" and any(what in one["text"] for one in messages if one["from"] == "bot"):
            member.plan.pop(0)
            return []
        if verb == "tap" and (button := newest_button(messages, what)) is not None:
            member.plan.pop(0)
            return [self._tap(member, what, button)]
        return self._tap_again(member, messages)

    def _tap_again(self, member: Member, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The question came again with a new button, so the last tap was too late: tap that."""
        label, under = member.tapped
        button = newest_button(messages, label) if label else None
        return [self._tap(member, label, button)] if button and button[0] > under else []

    def _tap(self, member: Member, label: str, button: tuple[int, str]) -> dict[str, Any]:
        member.tapped = label, button[0]
        return {"person": member.id, "do": "tap", "message_id": button[0], "data": button[1]}

    async def messages(self, person: int) -> list[dict[str, Any]]:
        async with self.http.get(f"{self.url}/people/{person}/chat") as answer:
            chat: dict[str, Any] = await answer.json()
        messages: list[dict[str, Any]] = chat["messages"]
        return messages
