"""A transcript of the dialogue, played on a phone through the whole product."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from inside import Inside
from people import Phone, until
from rehearsed_town import CODE, POSTER, TEMPLATES
from ward import Ward

from bot.casework.model import Act, Event, State
from bot.cli.rehearsal import Shown
from bot.cli.transcript import FILES, persons_lines, played, time_in, unfolded
from tests.dialogue.phone import Phone as Rehearsed

REFERENCE = re.compile(r"\b[HD]-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
RECEIPT_CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b")
DATE = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \d+ \w+")
PAUSE = timedelta(hours=12)  # between looks of the clock; nothing is promised by the hour
Json = dict[str, Any]


@dataclass
class Journey:
    """One transcript on one phone. `names` are references of the transcript by the real ones."""

    file: Path
    here: Inside
    phone: Phone
    rehearsed: Rehearsed = field(default_factory=Rehearsed)
    names: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[int, str, str]] = field(default_factory=list)
    news: list[tuple[int, str, str]] = field(default_factory=list)  # buttons of casework's words
    opened: list[tuple[int, str]] = field(default_factory=list)  # notices that were tapped
    read: set[int] = field(default_factory=set)
    last: int = 0  # the newest message of the person's own
    moved: bool = False  # staff or time did something, so that dates may be others
    beside: int = 0  # messages that the talk did not say

    @property
    def ward(self) -> Ward:
        return Ward(self.here.heard)

    async def play(self) -> None:
        for line in persons_lines(self.file.read_text(encoding="utf-8")):
            if line and not line.startswith("#"):
                try:
                    await self._line(line)
                except AssertionError as error:
                    raise AssertionError(f"{self.file.stem}, {line[:60]}: {error}") from error

    async def _line(self, line: str) -> None:
        word, _, rest = line.partition(":")
        seen = played(self.rehearsed, line)
        await self._do(word, self._real(rest.strip()))
        if "clears the chat" in _deeds(seen):
            self.buttons.clear()
        shown = [one for one in seen if isinstance(one, Shown)]
        if word == "GROUP":
            return
        if shown:
            extras = await self.phone._until(
                lambda found: self._matched(found, shown), shown[-1].text
            )
            self._may_be_said(extras, word, file="sends one file" in " ".join(_deeds(seen)))

    def _real(self, words: str) -> str:
        """The same words with the references that this chat was really given, also as people
        type them."""
        for real, written in self.names.items():
            if written in words:
                words = words.replace(written, real)
            elif _squeezed(words) == _squeezed(written):
                return real.lower().replace("-", " ")
        return words

    # ---- what is seen --------------------------------------------------------------------------

    def _matched(self, messages: Sequence[Json], wanted: Sequence[Shown]) -> list[Json] | None:
        """What was said besides, once all that is wanted has come, in its order."""
        names, extras, left = dict(self.names), [], list(wanted)
        new = [one for one in messages if one["from"] == "bot" and one["id"] not in self.read]
        found = []
        for message in new:
            if left and self._same(message, left[0], names):
                found.append(message)
                left.pop(0)
            else:
                extras.append(message)
        if left:
            return None
        self.names = names
        self.read |= {one["id"] for one in new}
        self.buttons += [one for message in found for one in _buttons(message)]
        self.news += [one for message in extras for one in _buttons(message)]
        return extras

    def _same(self, message: Json, shown: Shown, names: dict[str, str]) -> bool:
        """Word for word and button for button, references and moved dates apart."""
        text, wanted = (RECEIPT_CODE.sub("a code", one) for one in (message["text"], shown.text))
        for real, written in zip(REFERENCE.findall(text), REFERENCE.findall(wanted), strict=False):
            if real not in names and written not in names.values():
                names[real] = written
        labels = tuple(tuple(one["text"] for one in row) for row in message["buttons"])
        for real, written in names.items():
            text = text.replace(real, written)
            labels = tuple(tuple(one.replace(real, written) for one in row) for row in labels)
        if self.moved:
            text, wanted = DATE.sub("a day", text), DATE.sub("a day", wanted)
        return text == wanted and labels == shown.labels

    def _may_be_said(self, extras: Sequence[Json], word: str, *, file: bool = False) -> None:
        self.beside += len(extras)
        for one in extras:
            known = any(form.fullmatch(one["text"]) for form in TEMPLATES)
            known = known or word == "AGAIN" or (file and one["attachment"] == "document")
            assert known, f"nobody should have said {one['text']!r} ({one['attachment']})"

    # ---- what is done --------------------------------------------------------------------------

    async def _do(self, word: str, rest: str) -> None:
        match word:
            case "PERSON":
                await self._say(unfolded(rest))
            case "AGAIN":
                count, _, words = rest.partition(" ")
                for _ in range(int(count)):
                    await self._say(words)
            case "EDIT":
                await self.phone.do("edit", message_id=self.last, text=unfolded(rest))
            case "TAP" | "TAP OLD":
                await self._tap(rest, oldest=word == "TAP OLD")
            case "SENDS":
                await self._send(*rest.split(" ", 1))
            case "COMMAND":
                await self._say(f"/{rest.replace(POSTER, CODE)}")
            case "STAFF":
                reference, what = rest.split(" ", 1)
                await self._staff(reference, what)
            case "LATER":
                await self._wait(time_in(rest))
            case "BLOCKS":
                await self.phone.do("block")
            case "UNBLOCKS":
                await self.phone.do("block")
                await self.phone.do("unblock")
            case _:
                await self._oddly(word, rest)

    async def _oddly(self, word: str, rest: str) -> None:
        match word:
            case "FORGED":
                await self._press(self.last, "somebody made this up")
            case "OPENS":
                button = self._of_news("n:") or [(self.last, f"n:{'0' * 32}")]
                await self._press(*button[-1])
            case "OUTCOME":
                await self._answer(*rest.split())
            case "CHANGED":
                self._a_moment_later()
                await self.ward.tells_everybody(*rest.split(" | "))
            case "POISON":
                body = {"message_id": 1, "date": 0, "text": 5}
                body["chat"] = {"id": self.phone.person, "type": "private"}
                given = {"update": {"message": body}, "chat_id": self.phone.person}
                await self.here.street.control("update", **given)
            case "GROUP":
                await self._group()
            case _:
                assert word in {"PLACES", "LANGUAGES"}, f"nobody knows how to do {word}"

    async def _say(self, words: str) -> None:
        self.last = (await self.phone.do("say", text=words, raw=True))["message_id"]

    async def _send(self, kind: str, size: str = "") -> None:
        given: Json = {"kind": kind}
        if kind in FILES and size:
            number, unit = re.fullmatch(r"(\d+) ?(KB|MB)", size).groups()
            given["size"] = int(number) * (1024 if unit == "KB" else 1024 * 1024)
        await self.phone.do("attach", **given)

    async def _tap(self, label: str, *, oldest: bool) -> None:
        found = [(number, data) for number, text, data in self.buttons if text == label]
        assert found, f"no button {label!r} among {[one[1] for one in self.buttons][-9:]}"
        await self._press(*found[0 if oldest else -1])

    async def _press(self, number: int, data: str) -> None:
        """Old buttons, too: a phone may still show what was taken away meanwhile."""
        await self.phone.do("tap", message_id=number, data=data, forge=True)

    def _of_news(self, start: str) -> list[tuple[int, str]]:
        return [(number, data) for number, _, data in self.news if data.startswith(start)]

    async def _answer(self, reference: str, choice: str) -> None:
        """Read what staff told behind each notice, then tap the button under it; or one that was
        never there, as only somebody's own program can."""
        wanted = f"a:{(await self.ward.row(reference)).id}:{choice}"
        while not self._of_news(wanted) and len(self.opened) < len(self._of_news("n:")):
            notice = next(one for one in self._of_news("n:") if one not in self.opened)
            self.opened.append(notice)
            await self._press(*notice)
            await self._news_comes("a:")
        await self._press(*(self._of_news(wanted) or [(self.last, wanted)])[-1])

    async def _news_comes(self, start: str) -> None:
        """Wait for one more button of this kind."""
        known = len(self._of_news(start))

        def arrived(messages: Sequence[Json]) -> list[Json] | None:
            extras = self._matched(messages, ())
            return extras if len(self._of_news(start)) > known else None

        await self.phone._until(arrived, start)

    async def _group(self) -> None:
        """What is told there is not on this phone's own chat."""
        http, url = self.phone.http, self.phone.url
        group = {"title": "Family", "kind": "supergroup", "members": [self.phone.person]}
        async with http.post(f"{url}/groups", json=group) as answer:
            chat = (await answer.json())["id"]
        await self.phone.do("say", text="hello", chat_id=chat)
        wanted = self.rehearsed.shown[-1].text

        async def told() -> bool:
            async with http.get(f"{url}/control/sent", params={"chat_id": chat}) as answer:
                return wanted in [one["text"] for one in (await answer.json())["sent"]]

        await until(told)

    # ---- what others do ------------------------------------------------------------------------

    async def _staff(self, reference: str, what: str) -> None:
        self.moved = True
        self._a_moment_later()
        if what == "asks":
            await self.ward.act(reference, Event(Act.ASK), "When was that?")
        elif what.startswith("one-with "):
            await self.ward.ask_whether_one(reference, self._real(what.removeprefix("one-with ")))
        else:
            await self.ward.bring(reference, State(what))
        await self._news_comes("n:")

    def _a_moment_later(self) -> None:
        """Of two concerns, or two lines, one is the newer."""
        self.here.clock.move_to(self.here.clock.now() + timedelta(seconds=1))

    async def _wait(self, time: timedelta) -> None:
        self.moved = True
        clock, heard = self.here.clock, self.here.heard
        await until(self.here.nothing_to_send)
        while time:
            step = min(time, PAUSE)
            time -= step
            clock.move_to(clock.now() + step)
            await heard.ticks.look_now()
            heard.sender.wake()
            await until(self.here.nothing_to_send)

    async def at_rest(self) -> None:
        """Nothing comes after the end that the talk did not say."""
        extras = self._matched((await self.phone.chat())["messages"], ())
        self._may_be_said(extras or (), "the end")


def _deeds(seen: Sequence[Shown | str]) -> list[str]:
    return [one for one in seen if isinstance(one, str)]


def _squeezed(reference: str) -> str:
    return re.sub(r"\W", "", reference.upper()).replace("O", "0")


def _buttons(message: Json) -> list[tuple[int, str, str]]:
    return [(message["id"], one["text"], one["data"]) for row in message["buttons"] for one in row]
