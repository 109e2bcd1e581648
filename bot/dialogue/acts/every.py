"""Every act that the script names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.dialogue.acts import around, carer, data, going, own, sent, telling
from bot.dialogue.acts.act import Act

ACTS: Final[Mapping[str, Act]] = {
    **telling.ACTS,
    **going.ACTS,
    **sent.ACTS,
    **carer.ACTS,
    **own.ACTS,
    **data.ACTS,
    **around.ACTS,
}
