"""Whose fault a refusal is, from the words Telegram uses."""

from datetime import timedelta

import pytest
from telegram import error

from bot.channel.refusals import Refusal, backoff, judge


@pytest.mark.parametrize(
    ("raised", "refusal"),
    [
        (error.Forbidden("Forbidden: bot was blocked by the user"), Refusal.AWAY),
        (error.BadRequest("Bad Request: chat not found"), Refusal.AWAY),
        (error.ChatMigrated(-100), Refusal.AWAY),
        (error.BadRequest("Bad Request: message is not modified: specified new message content"
                          " and reply markup are exactly the same"), Refusal.DONE),
        (error.BadRequest("Bad Request: query is too old and response timeout expired or query"
                          " ID is invalid"), Refusal.DONE),
        (error.BadRequest("Bad Request: message to delete not found"), Refusal.DONE),
        (error.BadRequest("Bad Request: message is too long"), Refusal.OURS),
        (error.BadRequest("Bad Request: BUTTON_DATA_INVALID"), Refusal.OURS),
        (error.InvalidToken(), Refusal.TOKEN),
        (error.EndPointNotFound("Endpoint"), Refusal.TOKEN),
        (error.NetworkError("Bad Gateway"), Refusal.NETWORK),
        (error.TimedOut(), Refusal.NETWORK),
        (error.Conflict("Conflict"), Refusal.NETWORK),
        (error.TelegramError("the server's answer is not JSON"), Refusal.NETWORK),
    ],
)  # fmt: skip
def test_each_refusal_has_its_kind(raised, refusal):
    assert judge(raised).refusal is refusal


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
def test_too_fast_brings_its_wait():
    verdict = judge(error.RetryAfter(7))
    assert (verdict.refusal, verdict.wait) == (Refusal.SLOW, timedelta(seconds=7))


def test_backoff_doubles_to_its_cap_with_some_spread():
    waits = [backoff(failures, 1.0, 60.0) for failures in range(1, 50)]
    wholes = [min(60.0, 2.0**n) for n in range(49)]
    assert all(whole / 2 <= wait <= whole for wait, whole in zip(waits, wholes, strict=True))
    assert len(set(waits[20:])) > 1
