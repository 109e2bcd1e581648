"""What time does, all of it in its order: what Heard's ticks run, and what a moved clock runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.alerts import ALERTS_EVERY, Alerts
from bot.clock import Clock
from bot.desk.desk import Desk
from bot.desk.leaving import Leaving
from bot.digests.clusters import CLUSTERS_EVERY, Clusters
from bot.digests.daily import Digests
from bot.digests.weekly import WEEKLY_EVERY, Weekly
from bot.keeping import Keeping
from bot.ticks import DIGESTS_EVERY, KEEPING_EVERY, NUDGES_EVERY, PROMISES_EVERY, Look
from bot.turns.changes import CHANGES_EVERY, Changes
from bot.turns.copies import Copies
from bot.turns.house import House
from bot.turns.merging import Merging
from bot.turns.nudges import Nudges
from bot.turns.time import Promises
from storage.engine import Store
from storage.secrets import Secrets


def looks(
    store: Store, keys: Secrets, house: House, clock: Clock, wake: Callable[[], None]
) -> Mapping[str, tuple[timedelta, Look]]:
    """By the names under which ticks run them."""
    ours = (store, keys, house, clock, wake)
    return {
        "alerts": (ALERTS_EVERY, Alerts(*ours).look),
        "promises": (PROMISES_EVERY, Promises(*ours).keep),
        "digests": (DIGESTS_EVERY, Digests(*ours).send),
        "weekly": (WEEKLY_EVERY, Weekly(*ours).send),
        "nudges": (NUDGES_EVERY, Nudges(*ours).send),
        "copies": (NUDGES_EVERY, Copies(*ours).remind),
        "merging": (NUDGES_EVERY, Merging(*ours).ask),
        "changes": (CHANGES_EVERY, Changes(*ours).look),
        "clusters": (CLUSTERS_EVERY, Clusters(*ours).look),
        "leaving": (KEEPING_EVERY, Leaving(Desk(*ours)).finish),
        "keeping": (KEEPING_EVERY, Keeping(store, keys, clock).look),
    }
