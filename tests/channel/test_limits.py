"""Whom the limits keep waiting, and how much longer a group than a person."""

from bot.channel.limits import CHAT_GAP, Limits

GROUP, PERSON = -1001, 1001


async def test_a_group_is_written_to_less_often_than_telegram_allows_a_person():
    limits = Limits(28)
    await limits.message(GROUP)
    await limits.message(PERSON)
    assert 0 < limits.chat_wait(PERSON) <= CHAT_GAP
    assert limits.chat_wait(GROUP) > 2 * CHAT_GAP  # 20 a minute (Bot FAQ)
