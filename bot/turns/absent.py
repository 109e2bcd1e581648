"""The words for people who are not here, in the language that their own sealed memory tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.dialogue.model import Talk
from bot.turns.house import Scene
from bot.turns.memory import UnreadableMemoryError, recall
from config.wording import Wording
from storage import concerns, conversations
from storage.conversations import Conversation
from storage.engine import Conn
from storage.secrets import Secrets


async def wordings(
    conn: Conn, keys: Secrets, scene: Scene, conversation_ids: Iterable[str | None]
) -> Mapping[str, Wording]:
    """The wording for each of these conversations, by id; one whose memory is gone or cannot be
    read is spoken to in the first language. Reads nothing while only one is turned on."""
    ids = {one for one in conversation_ids if one is not None}
    spoken = dict.fromkeys(ids, scene.wording_for(Talk()))
    if len(scene.house.languages.all) > 1:
        found = await conversations.load_ids(conn, keys, ids)
        spoken |= {id_: scene.wording_for(_talk(one)) for id_, one in found.items()}
    return spoken


async def wording_about(conn: Conn, keys: Secrets, scene: Scene, concern_id: str) -> Wording:
    """The wording for whoever sent this concern; the first language if its way back is damaged."""
    address = (await concerns.return_addresses(conn, keys, [concern_id])).get(concern_id)
    spoken = await wordings(conn, keys, scene, [address])
    return spoken[address] if address is not None else scene.wording_for(Talk())


def _talk(conversation: Conversation) -> Talk:
    try:
        return recall(conversation.talk, conversation.own).talk
    except UnreadableMemoryError:
        return Talk()
