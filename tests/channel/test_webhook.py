"""The webhook: 200 means committed, and calls that arrive together share one commit."""

import asyncio
import io
import json

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channel.application import receive_by_polling, receive_by_webhook
from bot.channel.polling import Polling
from bot.channel.webhook import BODY_LIMIT, SECRET_HEADER, Webhook
from bot.dialogue.inputs import Said
from storage.engine import Store

SECRET = "a-long-webhook-secret"
HEADERS = {SECRET_HEADER: SECRET}


def update(update_id, chat=700123456, text="words"):
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id,
            "date": 1764000000,
            "chat": {"id": chat, "type": "private", "first_name": "Sam"},
            "from": {"id": chat, "is_bot": False, "first_name": "Sam"},
            "text": text,
        },
    }


@pytest.fixture
def webhook(intake):
    return Webhook(intake, SECRET, "/telegram")


class Server(uvicorn.Server):
    """Says when it listens, and leaves the test runner's signals alone."""

    def __init__(self, webhook):
        config = uvicorn.Config(
            Starlette(routes=[webhook.route]), port=0, log_config=None, lifespan="off"
        )
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self.listening.set()

    async def run(self, sockets=None):
        await self._serve(sockets)

    async def stop(self):
        self.should_exit = True

    @property
    def address(self):
        host, port = self.servers[0].sockets[0].getsockname()
        return f"http://{host}:{port}/telegram"


@pytest.fixture
async def address(webhook, running):
    server = Server(webhook)
    running(server)
    await server.listening.wait()
    return server.address


@pytest.fixture
async def call(address):
    async with aiohttp.ClientSession() as session:

        async def call(body, headers=HEADERS):
            data = io.BytesIO(body) if isinstance(body, bytes) else json.dumps(body)
            async with session.post(address, data=data, headers=headers) as answer:
                return answer.status

        yield call


async def test_a_call_is_answered_200_once_it_is_committed(call, webhook, running, ledger):
    running(webhook)
    assert await call(update(1)) == 200
    assert [arrival.update_id for arrival in ledger.taken] == [1]


async def test_calls_that_wait_together_share_a_commit_in_order(call, webhook, running, ledger):
    calls = [asyncio.create_task(call(update(number))) for number in range(150)]
    while webhook._calls.qsize() < 100:
        await asyncio.sleep(0.01)
    running(webhook)
    assert set(await asyncio.gather(*calls)) == {200}
    assert len(ledger.taken) == 150
    assert len(ledger.commits) < 10
    assert max(ledger.commits) <= 100


async def test_words_of_one_chat_are_committed_in_the_order_of_their_calls(
    call, webhook, running, ledger
):
    running(webhook)
    for number in range(20):
        assert await call(update(number, text=str(number))) == 200
    assert ledger.inputs() == [Said(str(number)) for number in range(20)]


async def test_nobody_gets_200_while_nothing_can_be_saved(call, webhook, running, ledger, url):
    await ledger.store.close()
    running(webhook)
    assert await asyncio.gather(call(update(1)), call(update(2))) == [503, 503]
    ledger.store = await Store.open(url)
    assert await call(update(1)) == 200
    assert [arrival.update_id for arrival in ledger.taken] == [1]


async def test_an_update_that_is_sent_again_is_taken_once(call, webhook, running, ledger):
    running(webhook)
    assert [await call(update(1)), await call(update(1))] == [200, 200]
    assert len(ledger.taken) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "sécret"])
async def test_a_wrong_secret_is_turned_away(call, webhook, running, ledger, secret):
    running(webhook)
    headers = {} if secret is None else {SECRET_HEADER: secret}
    assert await call(update(1), headers) == 403
    assert not ledger.taken


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b'{"message": {}}', 400),
        (b" " * (BODY_LIMIT + 1), 413),
    ],
)
async def test_what_is_not_an_update_is_refused(call, webhook, running, body, status):
    running(webhook)
    assert await call(body) == status


async def test_a_poisonous_update_is_taken_to_be_set_aside(call, webhook, running, ledger):
    running(webhook)
    assert await call({"update_id": 9, "message": {"text": "no chat"}}) == 200
    assert [arrival.update_id for arrival in ledger.taken] == [9]


async def test_after_a_stop_calls_are_sent_away_to_come_again(call, webhook, running):
    task = asyncio.create_task(webhook.run())
    await webhook.stop()
    await task
    assert await call(update(1)) == 503


async def test_a_webhook_without_a_secret_is_not_made(intake):
    with pytest.raises(ValueError, match="secret"):
        Webhook(intake, "", "/telegram")


async def test_telegram_sends_again_until_it_is_saved(
    people, bot, address, webhook, running, ledger, url
):
    [sam] = await people.new()
    await receive_by_webhook(bot, address, SECRET)
    await ledger.store.close()
    running(webhook)
    await people.say(sam, "said in a bad time")
    await ledger.until(lambda: ledger.failures >= 2)
    ledger.store = await Store.open(url)
    await ledger.until(lambda: ledger.taken)
    assert ledger.inputs() == [Said("said in a bad time")]


async def test_polling_takes_the_webhook_away_and_loses_nothing(
    people, bot, intake, address, running, ledger
):
    [sam] = await people.new()
    await receive_by_webhook(bot, address, "another secret".replace(" ", "-"))
    await people.say(sam, "turned away so far")
    await receive_by_polling(bot)
    running(Polling(bot, intake, poll_seconds=5))
    await ledger.until(lambda: ledger.taken)
    assert ledger.inputs() == [Said("turned away so far")]
