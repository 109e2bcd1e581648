"""Bad days on order: refusals, silence, cut connections and slowness, before or after the call
took effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from bot.sandbox.refusals import NotPossibleError

Kind = Literal["status", "drop", "timeout", "cut", "short", "stall"]


@dataclass(slots=True)
class Fault:
    """What happens to the next ``count`` calls of ``method`` ("*" is any), to one chat if
    ``chat_id`` is given.

    The method "download" is the download of a file: "cut" breaks it off in the middle, "short"
    gives half of it as if that were all, "stall" stops there and says nothing more.

    ``after`` lets the call take effect first, so that only its answer is lost.
    """

    kind: Kind
    method: str = "sendMessage"
    count: int = 1
    after: bool = False
    status: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None
    chat_id: int | None = None

    def body(self) -> dict[str, Any]:
        """The answer of a ``status`` fault, shaped like Telegram's."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["description"] = f"Too Many Requests: retry after {self.retry_after}"
            body["parameters"] = {"retry_after": self.retry_after}
        return body


class Faults:
    """The faults still to come, and the latency of every call in milliseconds."""

    def __init__(self) -> None:
        self.latency_ms = 0
        self._coming: list[Fault] = []

    def order(self, asked: dict[str, Any]) -> None:
        """Add a fault given as JSON. Raises NotPossibleError for one that does not exist."""
        try:
            fault = Fault(**asked)
        except TypeError as error:
            raise NotPossibleError(f"not a fault: {error}") from None
        if fault.kind not in get_args(Kind):
            raise NotPossibleError(f"a fault is one of {', '.join(get_args(Kind))}")
        self._coming.append(fault)

    def clear(self) -> None:
        """Back to a good day."""
        self._coming.clear()
        self.latency_ms = 0

    def take(self, method: str, chat_id: object) -> Fault | None:
        """The fault that meets this call, if any, counted down."""
        for fault in self._coming:
            if fault.method in ("*", method) and fault.chat_id in (None, chat_id):
                fault.count -= 1
                if fault.count <= 0:
                    self._coming.remove(fault)
                return fault
        return None
