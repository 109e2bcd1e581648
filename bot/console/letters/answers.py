"""Writing to the person: the form, keeping it half-written, showing it as their phone will, and
sending it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.casework.access import Action, may
from bot.casework.keys import notice_for
from bot.casework.life import decide
from bot.casework.model import Concern, NotAllowed, TellPerson
from bot.console import phrases, writing
from bot.console.concern import standing
from bot.console.concern.pages import draft_of, entries, readable, reader, refusal_of, show_concern
from bot.console.context import Console
from bot.console.door.signing import sign_in_page
from bot.console.forms import Form, read_form, same_token
from bot.console.gate import Endpoint, Visit, go, to_sign_in
from bot.desk.desk import OpenedConcern
from bot.turns.house import House
from bot.turns.rendering import in_messages, news_body, too_long
from storage.errors import StorageError

log = logging.getLogger(__name__)

HEADINGS: Final = {
    "answer": "Write an answer",
    "outcome": "Write the outcome",
    "pause": "Pause it",
}
LEADS: Final = {
    "answer": "This goes to the person now. The concern stays open.",
    "outcome": "This goes to the person, and they are asked if it answers them.",
    "pause": "This goes to the person with the date. On that day it goes on by itself.",
}
KEPT_LATE: Final = "You were signed out. What you wrote is saved, not sent. Sign in to go on."
NOT_SAVED: Final = "Nothing could be saved or sent just now. Your words are still on this page."
CHANGED: Final = "Something has happened to this concern since you started to write."


@dataclass(frozen=True, slots=True)
class Desktop:
    """One visit to the form: what kind of answer, and the concern as it is now."""

    visit: Visit
    kind: str
    opened: OpenedConcern
    today: date

    @property
    def seen(self) -> str:
        """Changes whenever the concern does: who answers should know what they answer."""
        return f"{self.opened.concern.version}.{len(self.opened.parts)}"

    @property
    def carer(self) -> standing.Carer:
        """Whom it goes to, if not to the person themselves; nobody, if they are forgotten."""
        forgotten = self.opened.concern.forgotten
        return standing.Carer() if forgotten else standing.carer(self.opened.parts)

    @property
    def lead(self) -> str:
        return standing.KEPT_ONLY if self.opened.concern.forgotten else LEADS[self.kind]

    @property
    def limits(self) -> writing.Limits:
        """By the same clocks that casework keeps."""
        house = self.visit.console.desk.house
        waits, promises = house.clocks.longest_wait_days, house.clocks.longest_promise_days
        days = waits if self.kind == "pause" else promises
        return writing.Limits(self.today, timedelta(days), house.calendar.is_working_day)


async def answer_page(visit: Visit) -> Response:
    desktop = await _sit_down(visit)
    words = writing.unpacked(await draft_of(visit))
    if not words["first_name"]:
        words["first_name"] = visit.member.name.partition(" ")[0]
    return await _form(desktop, words)


async def answer_posted(visit: Visit) -> Response:
    desktop = await _sit_down(visit)
    words = writing.written(visit.form)
    do, kind = visit.form.get("do", "preview"), desktop.kind
    if do == "edit":
        return await _form(desktop, words)
    try:
        await _save(visit, kind, words)
        if do == "save":
            return go(f"/concerns/{visit.reference}?done=saved")
        problems = _problems(desktop, words)
        if not problems and not _fits(desktop, words):
            problems = [writing.too_long(kind)]
        if problems:
            return await _form(desktop, words, problems)
        if do == "send" and visit.form.get("seen") == desktop.seen:
            return await _send(desktop, words)
    except StorageError as error:
        log.warning("answer-not-saved", extra={"error": error})
        return await _form(desktop, words, notice=NOT_SAVED, status=503)
    return _preview(desktop, words, CHANGED if do == "send" else "")


async def answer_late(console: Console, request: Request, form: Form) -> Response:
    """An answer that came after the session ended. The public half of the member's key is enough
    to keep it, so nothing they wrote is lost; it is never sent."""
    if request.method != "POST":
        return await to_sign_in(console, request, form)
    kind, reference = _kind(request), str(request.path_params["reference"])
    words = writing.written(form)
    after = f"/concerns/{reference}/{kind}"
    lapsed = console.sessions.lapsed(request.cookies.get(console.session_cookie, ""))
    if lapsed is None:
        return console.render("kept.html", 401, words=_as_text(words), after=after)
    if not same_token(form.get("csrf", ""), lapsed.csrf):
        raise HTTPException(403)
    await console.desk.save_draft(lapsed.staff_id, reference, writing.packed(kind, words))
    return sign_in_page(console, request, after, saved=KEPT_LATE)


def never_lost(console: Console, endpoint: Endpoint) -> Endpoint:
    """When nothing can be saved, what was written is shown again, to be copied or sent later: going
    back in the browser would bring an empty form."""

    async def kept(request: Request) -> Response:
        try:
            return await endpoint(request)
        except StorageError as error:
            log.warning("answer-not-saved", extra={"error": error})
            words = writing.written(await read_form(request))
            return console.render("kept.html", 503, words=_as_text(words), after="")

    return kept


async def _sit_down(visit: Visit) -> Desktop:
    """Open the concern for somebody who may answer it, or refuse."""
    concern = await readable(visit)
    if not may(visit.member, concern.team, Action.ANSWER):
        raise HTTPException(403)
    console = visit.console
    opened = await console.desk.open(visit.member, visit.session.private, visit.reference)
    if opened is None:
        raise HTTPException(404)
    today = console.clock.now().astimezone(console.zone(concern.team)).date()
    return Desktop(visit, _kind(visit.request), opened, today)


def _problems(desktop: Desktop, words: Mapping[str, str]) -> list[writing.Problem]:
    """What stops this from being sent. To a carer, nothing goes before somebody has said that it
    tells nothing of the person's care; and no letter is asked for that nobody will get."""
    found = writing.problems(desktop.kind, words, desktop.limits)
    if desktop.opened.concern.forgotten:
        return [one for one in found if one.field in standing.FOR_THE_RECORD]
    ticked = desktop.visit.form.get("apart") == "yes"
    if desktop.carer.confirm and not ticked:
        found.append(writing.Problem("apart", standing.CONFIRM_WHY))
    return found


async def _save(visit: Visit, kind: str, words: Mapping[str, str]) -> None:
    draft = writing.packed(kind, words)
    await visit.console.desk.save_draft(visit.member.id, visit.reference, draft)


async def _send(desktop: Desktop, words: Mapping[str, str]) -> Response:
    visit, kind = desktop.visit, desktop.kind
    event = writing.event(kind, words, visit.member.id, desktop.today)
    try:
        await visit.console.desk.act(
            visit.member,
            visit.reference,
            event,
            writing.composed(kind, words),
            desktop.opened.concern.version,
        )
    except NotAllowed as refused:
        return await show_concern(visit, 409, refusal=refusal_of(refused))
    if (rest := writing.left_over(kind, words)) is not None:
        await _save(visit, "answer", rest)
    done = "untold" if desktop.opened.concern.forgotten else kind
    return go(f"/concerns/{visit.reference}?done={done}")


async def _form(
    desktop: Desktop,
    words: Mapping[str, str],
    problems: list[writing.Problem] | None = None,
    notice: str = "",
    status: int = 200,
) -> Response:
    visit, found = desktop.visit, problems or []
    return visit.page(
        "answer.html",
        422 if found else status,
        **_common(desktop, words, notice),
        heading=HEADINGS[desktop.kind],
        boxes=writing.boxes(desktop.kind),
        unseen=writing.unseen(desktop.kind),
        results={result.value: label for result, label in phrases.RESULTS.items()},
        example=_example(desktop.limits),
        most_days=desktop.limits.furthest.days,
        problems=found,
        confirm=standing.CONFIRM,
        whys=dict.fromkeys((*writing.NAMES, "apart"), "") | {one.field: one.text for one in found},
        entries=await entries(visit, desktop.opened, await reader(visit, desktop.opened.concern)),
    )


def _preview(desktop: Desktop, words: Mapping[str, str], notice: str) -> Response:
    house = desktop.visit.console.desk.house
    tells, messages = _tells(desktop, words), []
    if desktop.opened.concern.forgotten:
        messages = [_message(writing.composed(desktop.kind, words), [])]
    elif not tells:
        notice = "This can no longer be sent, because the concern has moved on."
    return desktop.visit.page(
        "preview.html",
        **_common(desktop, words, notice),
        messages=messages or _as_the_phone_shows(tells, desktop.opened.concern, house),
        findings=writing.hard_words(desktop.kind, words),
    )


def _common(desktop: Desktop, words: Mapping[str, str], notice: str) -> dict[str, object]:
    return {
        "kind": desktop.kind,
        "reference": desktop.opened.concern.reference,
        "seen": desktop.seen,
        "written": words,
        "notice": notice,
        "lead": desktop.lead,
        "carer": desktop.carer,
        "forgotten": desktop.opened.concern.forgotten,
    }


def _tells(desktop: Desktop, words: Mapping[str, str]) -> list[TellPerson]:
    """What sending would tell the person, by the same rules; empty when it cannot be sent."""
    visit, kind = desktop.visit, desktop.kind
    house, now = visit.console.desk.house, visit.console.clock.now()
    event = writing.event(kind, words, visit.member.id, desktop.today)
    try:
        decision = decide(desktop.opened.concern, event, house.calendar, now, house.clocks)
    except NotAllowed:
        return []
    told = {"words": writing.composed(kind, words)}
    found = [one for one in decision.tells if isinstance(one, TellPerson)]
    return [replace(one, params={**one.params, **told}) for one in found]


def _fits(desktop: Desktop, words: Mapping[str, str]) -> bool:
    """Whether the person can get it: the whole message is measured, with our sentences in it."""
    wording = desktop.visit.console.desk.house.wording
    return not any(too_long(one, wording) for one in _tells(desktop, words))


def _as_the_phone_shows(
    tells: Sequence[TellPerson], concern: Concern, house: House
) -> list[dict[str, object]]:
    """The very messages that sending would make, with the same wording."""
    wording = house.wording
    shown: list[dict[str, object]] = []
    for some in in_messages(tells, wording):
        body = json.loads(news_body(some, concern.id, wording))
        notice = wording.text(notice_for(some[0].key))
        buttons = [button["label"] for row in body["rows"] for button in row]
        shown.append(_message(notice, [wording.text("button.read-it")]))
        shown.append(_message(body["text"], buttons))
    return shown


def _message(text: str, buttons: list[str]) -> dict[str, object]:
    return {"text": text, "buttons": buttons}


def _as_text(words: Mapping[str, str]) -> str:
    boxes = (*writing.BOXES, writing.WHY)
    return "\n\n".join(words[box.name] for box in boxes if words[box.name])


def _kind(request: Request) -> str:
    return request.url.path.rpartition("/")[2]


def _example(limits: writing.Limits) -> str:
    """A date that could be promised: about two weeks on, on a working day."""
    ahead = (limits.today + timedelta(days) for days in range(14, limits.furthest.days + 1))
    day = next((one for one in ahead if limits.works(one)), limits.today + limits.furthest)
    return f"{day.day} {day.month} {day.year}"
