"""Routes with which tests arrange bad days and count what was sent; listed in ``people_api``."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from bot.sandbox.botapi import BotApi
from bot.sandbox.people_api import answering, read_object
from bot.sandbox.webhook import Deliverer
from bot.sandbox.world import World

Json = dict[str, Any]


class Control:
    """Everything under ``/control``."""

    def __init__(self, world: World, bot_api: BotApi, deliverer: Deliverer) -> None:
        self._world = world
        self._bot_api = bot_api
        self._deliverer = deliverer

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        posts = {
            "update": self.update,
            "duplicates": self.duplicates,
            "update-id": self.update_id,
            "faults": self.fault,
            "good-day": self.good_day,
            "latency": self.latency,
            "limits": self.limits,
        }
        return [
            Route("/control/state", answering(self.state), methods=["GET"]),
            Route("/control/sent", answering(self.sent), methods=["GET"]),
            *(
                Route(f"/control/{name}", answering(handle), methods=["POST"])
                for name, handle in posts.items()
            ),
        ]

    async def state(self, _request: Request) -> Json:
        webhook = self._deliverer.webhook
        return {
            "pending": len(self._world.updates),
            "next_update_id": self._world.updates.next_id,
            "sent": len(self._world.sent),
            "webhook": webhook.url if webhook else "",
            "counter": self._world.news.counter,
        }

    async def sent(self, request: Request) -> Json:
        rows = self._world.sent[int(request.query_params.get("since", 0)) :]
        if "chat_id" in request.query_params:
            chat_id = int(request.query_params["chat_id"])
            rows = [row for row in rows if row["chat_id"] == chat_id]
        return {"sent": rows, "total": len(self._world.sent)}

    async def update(self, request: Request) -> Json:
        asked = await read_object(request)
        payload = dict(asked["update"])
        chat_id = int(asked.get("chat_id", 0))
        # An object of no known kind goes as a message: it must pass whatever the bot asked for.
        kind = next((name for name in payload if self._world.updates.wants(name)), "message")
        return {"update_id": self._world.updates.add(kind, payload, chat_id, self._world.unix())}

    async def duplicates(self, request: Request) -> Json:
        self._world.updates.duplicate_next = int((await read_object(request))["count"])
        return {}

    async def update_id(self, request: Request) -> Json:
        asked = await read_object(request)
        random_id = self._world.random.randint(100_000_000, 900_000_000)
        self._world.updates.jump(int(asked.get("next", random_id)))
        return {"next_update_id": self._world.updates.next_id}

    async def fault(self, request: Request) -> Json:
        self._bot_api.faults.order(await read_object(request))
        return {}

    async def good_day(self, request: Request) -> Json:
        await read_object(request)
        self._bot_api.faults.clear()
        return {}

    async def latency(self, request: Request) -> Json:
        self._bot_api.faults.latency_ms = int((await read_object(request))["ms"])
        return {}

    async def limits(self, request: Request) -> Json:
        self._bot_api.limits.on = bool((await read_object(request))["on"])
        return {}
