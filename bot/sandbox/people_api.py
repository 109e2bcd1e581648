"""The people's side over JSON: for the phones on the page, for tests and for load drivers.

Every POST carries a JSON object (``Content-Type: application/json``). What an app would not let a
person do is answered with 409 and ``{"error": …}``; a malformed call with 400.

People and chats::

    POST /people                {"name"} or {"names": […]}, maybe "username"
                                → the person {"id", "name", …} or {"people": […]}
    GET  /people                → {"people": […]}
    GET  /people/<id>/chat      → what the phone shows: "messages" with buttons, "keyboard",
                                "toasts", "deleted" (ids), "typing_seconds", "counter",
                                "acts" (how often this person did something)
    GET  /people/<id>/files/<message id>
                                → the bytes of a file that stands in the chat
    POST /people/<id>/start     {"payload"?}: /start, maybe through a deep link; unblocks first
    POST /people/<id>/say       {"text", "reply_to"?, "forward_from"?, "chat_id"?, "raw"?}
                                → {"message_id", "message_ids"}; "raw" keeps blanks and allows
                                an empty text, which no app would send
    POST /people/<id>/edit      {"message_id", "text"}
    POST /people/<id>/tap       {"message_id", "data", "forge"?} → {"query_id"}
    POST /people/<id>/press     {"text"}: a reply-keyboard button
    POST /people/<id>/attach    {"kind", "caption"?, "chat_id"?, "content"?, "size"?, "name"?}
                                → {"message_id"}; "content" is a file in base64, "size" makes one
                                up; kinds: sticker, photo, voice, audio, video, video_note,
                                animation, document, location, contact, dice, poll
    POST /people/<id>/block | unblock | clear | deactivate
    POST /groups                {"title", "kind": group|supergroup|channel, "members": [ids]}
                                → {"id"}
    POST /batch                 {"actions": [{"person", "do", …as above}]} → {"results": […]}
    GET  /news                  ?since=<counter>&person=<id>&timeout=<seconds, at most 60>
                                → {"counter", "changed": [chat ids]}, at the first change

Control, for tests::

    GET  /control/state         → {"pending", "next_update_id", "sent", "webhook", "counter"}
    GET  /control/sent          ?since=<index>&chat_id=
                                → {"sent": [{"chat_id", "message_id", "text", "date", "silent"}],
                                "total"}: every sendMessage and sendDocument that took effect,
                                answered or not; of a file also "document", its name
    POST /control/update        {"update": {…}, "chat_id"?}: any object; update_id is added
    POST /control/duplicates    {"count"}: so many coming updates arrive twice with the same id
    POST /control/update-id     {"next"?}: update ids jump, to a random number if none is given
    POST /control/faults        {"kind": status|drop|timeout|cut|short|stall, "method"?, "count"?,
                                "after"?, "status"?, "description"?, "retry_after"?, "chat_id"?}:
                                see ``faults.Fault``
    POST /control/good-day      {}: no more faults and no latency
    POST /control/latency       {"ms"}: added to every Bot API call
    POST /control/limits        {"on"}: flood limits
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import documents, people
from bot.sandbox.phone import chat_view
from bot.sandbox.refusals import NotPossibleError
from bot.sandbox.world import World

Json = dict[str, Any]
Handler = Callable[[Request], Awaitable[Response]]

LONGEST_WAIT = 60.0


async def read_object(request: Request) -> Json:
    """The JSON object in a request. Raises ValueError; a plain form, which any web page could
    send, is one.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise ValueError("send application/json")
    body = await request.body() or b"{}"
    given = json.loads(body)
    if b"\\u" in body:
        # No app can send half a surrogate pair. UnicodeEncodeError is a ValueError.
        json.dumps(given, ensure_ascii=False).encode()
    if not isinstance(given, dict):
        raise ValueError("send a JSON object")  # noqa: TRY004 - the text is at fault, not a caller
    return given


def answering(handle: Callable[[Request], Awaitable[Json]]) -> Handler:
    """Turn what a handler returns or raises into JSON."""

    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await handle(request))
        except NotPossibleError as refusal:
            return JSONResponse({"error": str(refusal)}, 409)
        except (KeyError, ValueError, TypeError) as error:
            return JSONResponse({"error": f"malformed call: {error!r}"}, 400)

    return answer


class PeopleApi:
    """The routes about people and their chats."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [
            Route("/people", answering(self.create), methods=["POST"]),
            Route("/people", answering(self.everyone), methods=["GET"]),
            Route("/people/{person:int}/chat", answering(self.chat), methods=["GET"]),
            Route("/people/{person:int}/files/{message:int}", self.document, methods=["GET"]),
            Route("/people/{person:int}/{action}", answering(self.act), methods=["POST"]),
            Route("/groups", answering(self.group), methods=["POST"]),
            Route("/batch", answering(self.batch), methods=["POST"]),
            Route("/news", answering(self.news), methods=["GET"]),
        ]

    async def create(self, request: Request) -> Json:
        asked = await read_object(request)
        if "names" in asked:
            return {"people": [asdict(self._world.new_person(str(n))) for n in asked["names"]]}
        name = str(asked["name"]).strip()
        if not name:
            raise NotPossibleError("a person has a name")
        return asdict(self._world.new_person(name, asked.get("username")))

    async def everyone(self, _request: Request) -> Json:
        return {"people": [asdict(person) for person in self._world.people.values()]}

    async def chat(self, request: Request) -> Json:
        return chat_view(self._world, request.path_params["person"])

    async def document(self, request: Request) -> Response:
        try:
            return documents.opened(self._world, request)
        except NotPossibleError:
            return Response(status_code=404)

    async def act(self, request: Request) -> Json:
        asked = await read_object(request)
        return self._act(request.path_params["person"], request.path_params["action"], asked)

    def _act(self, person_id: int, action: str, asked: Json) -> Json:
        if action not in people.ACTIONS:
            raise NotPossibleError(f"a person can {', '.join(people.ACTIONS)}")
        done = people.ACTIONS[action](self._world, person_id, asked)
        self._world.chat(person_id).acts += 1
        return done

    async def group(self, request: Request) -> Json:
        asked = await read_object(request)
        members = [int(member) for member in asked.get("members", [])]
        return {"id": self._world.new_group(str(asked["title"]), asked["kind"], members).id}

    async def batch(self, request: Request) -> Json:
        asked = await read_object(request)
        return {"results": [self._act(one["person"], one["do"], one) for one in asked["actions"]]}

    async def news(self, request: Request) -> Json:
        asked = request.query_params
        person = int(asked["person"]) if "person" in asked else None
        timeout = min(float(asked.get("timeout", 0)), LONGEST_WAIT)
        changed = await self._world.news.wait(int(asked.get("since", 0)), person, timeout)
        return {"counter": self._world.news.counter, "changed": changed}
