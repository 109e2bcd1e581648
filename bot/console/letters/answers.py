"""Writing to the person: the form, keeping it half-written, showing it as their phone will, and
sending it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.casework.model import NotAllowed
from bot.console import phrases, writing
from bot.console.concern import standing
from bot.console.concern.pages import draft_of, entries, reader, refusal_of, show_concern
from bot.console.context import Console
from bot.console.door.signing import sign_in_page
from bot.console.forms import Form, read_form, same_token
from bot.console.gate import Endpoint, Visit, go, to_sign_in
from bot.console.letters import checking, phone
from bot.console.letters.sitting import Desktop, kind_of, sit_down
from storage.errors import StorageError

log = logging.getLogger(__name__)

KEPT_LATE: Final = "You were signed out. What you wrote is saved, not sent. Sign in to go on."
NOT_SAVED: Final = "Nothing could be saved or sent just now. Your words are still on this page."
CHANGED: Final = "Something has happened to this concern since you started to write."


async def answer_page(visit: Visit) -> Response:
    desktop = await sit_down(visit)
    words = writing.unpacked(await draft_of(visit))
    if not words["first_name"]:
        words["first_name"] = visit.member.name.partition(" ")[0]
    return await _form(desktop, words)


async def answer_posted(visit: Visit) -> Response:
    desktop = await sit_down(visit)
    words = writing.written(visit.form)
    do, kind = visit.form.get("do", "preview"), desktop.kind
    if do == "edit":
        return await _form(desktop, words)
    try:
        await _save(visit, kind, words)
        if do == "save":
            return go(f"/concerns/{visit.reference}?done=saved")
        problems = _problems(desktop, words)
        if not problems and not phone.fits(desktop, words):
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
    kind, reference = kind_of(request), str(request.path_params["reference"])
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


def _problems(desktop: Desktop, words: Mapping[str, str]) -> list[writing.Problem]:
    """What stops this from being sent. To a carer, nothing goes that looks as if it told of the
    person, nor before somebody has said that it does not; and no letter is asked for that nobody
    will get."""
    found = writing.problems(desktop.kind, words, desktop.limits)
    if desktop.opened.concern.forgotten:
        return [one for one in found if one.field in standing.FOR_THE_RECORD]
    if desktop.carer.confirm:
        known = checking.known_to(desktop.opened.parts, desktop.visit.member)
        telling = checking.telling_of_others(desktop.kind, words, known, desktop.today)
        found += checking.as_problems(list(telling))
        if desktop.visit.form.get("apart") != "yes":
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
        heading=writing.HEADINGS[desktop.kind],
        boxes=writing.boxes(desktop.kind),
        unseen=writing.unseen(desktop.kind),
        results={result.value: label for result, label in phrases.RESULTS.items()},
        example=_example(desktop.limits),
        most_days=desktop.limits.furthest.days,
        problems=found,
        drafted=any(words[box.name].strip() for box in writing.BOXES[2:]),
        confirm=standing.CONFIRM,
        whys=dict.fromkeys((*writing.NAMES, "apart"), "") | {one.field: one.text for one in found},
        entries=await entries(visit, desktop.opened, await reader(visit, desktop.opened)),
    )


def _preview(desktop: Desktop, words: Mapping[str, str], notice: str) -> Response:
    told, messages = phone.tells(desktop, words), []
    if desktop.opened.concern.forgotten:
        messages = [phone.Bubble(writing.composed(desktop.kind, words))]
    elif not told:
        notice = "This can no longer be sent, because the concern has moved on."
    language, language_name = phone.other_language(desktop)
    return desktop.visit.page(
        "preview.html",
        **_common(desktop, words, notice),
        messages=messages or phone.bubbles(desktop, told),
        language=language,
        language_name=language_name,
        findings=checking.hard_words(desktop.kind, words, desktop.visit.console.desk.house.plain),
        labels={box.name: box.label for box in writing.boxes(desktop.kind)},
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


def _as_text(words: Mapping[str, str]) -> str:
    boxes = (*writing.BOXES, writing.WHY, writing.ASK)
    return "\n\n".join(words[box.name] for box in boxes if words[box.name])


def _example(limits: writing.Limits) -> str:
    """A date that could be promised: about two weeks on, on a working day."""
    ahead = (limits.today + timedelta(days) for days in range(14, limits.furthest.days + 1))
    day = next((one for one in ahead if limits.works(one)), limits.today + limits.furthest)
    return f"{day.day} {day.month} {day.year}"
