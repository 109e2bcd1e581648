"""Every act that the script names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.acts import around, carer, changes, data, going, own, reply, sent, telling
from bot.dialogue.acts.act import Act

ACTS: Final[Mapping[str, Act]] = {
    **telling.ACTS,
    **going.ACTS,
    **sent.ACTS,
    **carer.ACTS,
    **own.ACTS,
    **reply.ACTS,
    **data.ACTS,
    **changes.ACTS,
    **around.ACTS,
}
