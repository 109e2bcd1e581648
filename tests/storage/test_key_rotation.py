"""A successor for every kind of key while Heard runs: all opens, and the old key opens nothing."""

from __future__ import annotations

import asyncio
import shutil

import pytest
from sqlalchemy import select, update

from storage import (
    audit_heads,
    audit_key,
    audit_rotation,
    audit_verify,
    backup,
    concerns,
    conversations,
    member_rotation,
    moving,
    outbox,
    recovery_rotation,
    replacing,
    restore,
    rotation,
    staff,
    wraps,
)
from storage.engine import Store
from storage.errors import DamagedRow, NameTaken, NotAReader
from storage.member_rotation import OwnPair
from storage.schema import audit as audit_rows
from storage.schema import conversations as conversation_rows
from storage.schema import staff as staff_rows
from storage.sealing import SealError, key_pair_from_seed, new_key_pair, recovery_code
from storage.secrets import AUDIT, DELIVERY, DIRECTORY, RECOVERY, Secrets
from storage.staff import StaffRow
from tests.storage.builders import CHEAP, new_concern
from tests.storage.locked_rows import (
    ANNA,
    ANNAS_CHAT,
    BEN,
    CHATS,
    CODE,
    NOW,
    PASSPHRASE,
    change,
    chat_of,
    drafts_files,
    fill,
    read,
)

only_sqlite = pytest.mark.parametrize("engine", ["sqlite"])
SUCCESSOR = bytes(range(32))


@pytest.fixture
async def filled(store, secrets):
    return await fill(store, secrets)


@pytest.fixture
def as_before(secrets, tmp_path):
    """Secrets as somebody copied them before the rotation."""
    shutil.copytree(secrets.folder, tmp_path / "stolen")
    return Secrets.load(tmp_path / "stolen")


async def quiet(*_said):
    return


@pytest.mark.parametrize("name", [DELIVERY, DIRECTORY])
async def test_everything_opens_under_the_new_key_here_and_after_a_restart(
    store, secrets, filled, recovery, name
):
    before, old = await read(store, secrets, filled, recovery), list(secrets.roots[name])
    done = await moving.replace(store, secrets, name, NOW)
    assert secrets.roots[name] != old
    assert len(secrets.roots[name]) == 1
    assert not done.damaged
    assert sum(done.moved.values()) == {DELIVERY: 3 * len(CHATS) + 2, DIRECTORY: 2}[name]
    assert await read(store, secrets, filled, recovery) == before
    assert await read(store, Secrets.load(secrets.folder), filled, recovery) == before
    assert await drafts_files(store, secrets) == 0


async def test_the_old_delivery_key_opens_and_finds_nothing(store, secrets, filled, as_before):
    await moving.replace(store, secrets, DELIVERY, NOW)
    as_before.epochs.update(secrets.epochs)
    async with store.read() as conn:
        assert await conversations.load(conn, as_before, CHATS) == {}
        found = await conversations.load_ids(conn, as_before, [chat_of(n) for n in CHATS])
        assert {(one.chat_id, one.own) for one in found.values()} == {(0, b"")}
        assert await concerns.return_addresses(conn, as_before, filled.concern_ids) == {}
        for row in await conn.execute(select(outbox.outbox)):
            with pytest.raises(SealError):
                outbox.open_about(as_before, row)
    assert await drafts_files(store, as_before) == 1
    old = as_before.roots[DELIVERY][0]
    left = [path for path in secrets.folder.rglob("*") if path.is_file()]
    assert not any(old in path.read_bytes() for path in left)


async def test_the_old_directory_key_shows_no_name(store, secrets, filled, as_before):
    await moving.replace(store, secrets, DIRECTORY, NOW)
    async with store.read() as conn:
        assert [row.name for row in await staff.everyone(conn, as_before)] == ["", ""]
        assert await staff.by_name(conn, as_before, "Anna Osei") is None
        assert await staff.emails(conn, as_before) == {}


async def test_people_write_on_while_the_delivery_key_is_replaced(store, secrets, filled, recovery):
    """Each turn loads by chat and saves; new chats come too. None is lost, none is there twice."""
    turns, done = 0, asyncio.Event()

    async def talk():
        nonlocal turns
        while not done.is_set():
            async with store.write() as conn:
                found = await conversations.load(conn, secrets, [CHATS[0], 7000 + turns])
                mine = found[CHATS[0]]
                assert not mine.damaged
                assert set(found) == {CHATS[0]}
                await conversations.save(
                    conn, secrets, [change(CHATS[0], mine.version), change(7000 + turns)], NOW
                )
            turns += 1
            await asyncio.sleep(0)

    talking = asyncio.create_task(talk())
    while turns < 3:
        await asyncio.sleep(0)
    for _ in range(3):
        await moving.replace(store, secrets, DELIVERY, NOW)
    done.set()
    await talking
    async with store.read() as conn:
        chats = list(await conn.execute(select(conversation_rows.c.id)))
        newest = Secrets.load(secrets.folder)
        found = await conversations.load(conn, newest, [*CHATS, *range(7000, 7000 + turns)])
    assert len(chats) == len(found) == len(CHATS) + turns
    assert not any(one.damaged for one in found.values())


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_half_way_both_keys_open_and_new_rows_are_under_the_new_one(
    store, secrets, filled, recovery
):
    before = await read(store, secrets, filled, recovery)
    for name in (DELIVERY, DIRECTORY):
        await replacing.begin(store, secrets, name)
        assert replacing.halfway(secrets, name)
    assert await read(store, secrets, filled, recovery) == before
    again = Secrets.load(secrets.folder)
    assert again == secrets
    keys = staff.new_keys("n" * 32, PASSPHRASE, CHEAP)
    twin = StaffRow("n" * 32, "anna OSEI", keys.public, keys.private_locked, True, False, ())
    with pytest.raises(NameTaken):
        async with store.write() as conn:
            await staff.add_with_keys(conn, again, twin, NOW)
    async with store.write() as conn:
        await staff.start_link(conn, again, BEN, CODE, NOW.replace(hour=9))
        assert await staff.finish_link(conn, again, CODE, ANNAS_CHAT, NOW) == BEN
    async with store.read() as conn:
        linked = (await conn.execute(select(staff_rows.c.id, staff_rows.c.chat_tag))).all()
    assert {row.id for row in linked if row.chat_tag} == {BEN}


@only_sqlite
async def test_a_code_that_was_not_used_yet_is_void_with_the_delivery_key(store, secrets, filled):
    async with store.write() as conn:
        await staff.start_link(conn, secrets, BEN, CODE, NOW.replace(hour=9))
    await moving.replace(store, secrets, DELIVERY, NOW)
    async with store.write() as conn:
        assert await staff.finish_link(conn, secrets, CODE, 9002, NOW) is None


@only_sqlite
async def test_what_does_not_open_is_told_once_and_stops_nothing(store, secrets, filled, recovery):
    async with store.write() as conn:
        await conn.execute(
            update(conversation_rows)
            .where(conversation_rows.c.id == chat_of(CHATS[0]))
            .values(own=b"\x01\x01" + bytes(60))
        )
    done = await moving.replace(store, secrets, DELIVERY, NOW)
    assert done.damaged == (f"conversations {chat_of(CHATS[0])}",)
    async with store.read() as conn:
        found = await conversations.load(conn, Secrets.load(secrets.folder), CHATS)
    assert [one.chat_id for one in found.values() if one.damaged] == [CHATS[0]]
    assert {one.own for one in found.values() if not one.damaged} == {
        b"own %d" % n for n in CHATS[1:]
    }


@only_sqlite
@pytest.mark.parametrize("name", [DELIVERY, DIRECTORY])
async def test_one_key_is_not_replaced_twice_at_once(store, secrets, filled, name):
    other = Secrets.load(secrets.folder)
    async with replacing.alone(store, secrets, name):
        with pytest.raises(replacing.Busy):
            await moving.replace(store, other, name, NOW)
    assert not replacing.halfway(Secrets.load(secrets.folder), name)


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_nothing_is_replaced_while_another_process_uses_the_database(
    store, secrets, filled, url
):
    other = await Store.open(url)
    before = Secrets.load(secrets.folder)
    for work in (
        moving.replace(store, secrets, DELIVERY, NOW),
        audit_rotation.replace(store, secrets, NOW),
        rotation.rotate(store, secrets, NOW),
    ):
        with pytest.raises(replacing.Busy, match="Another process"):
            await work
    await other.close()
    assert Secrets.load(secrets.folder) == before
    await moving.replace(store, secrets, DELIVERY, NOW)


async def test_the_audits_new_key_goes_on_where_the_old_one_ended(store, secrets, filled):
    old = audit_key.load(secrets.folder)
    signer = await audit_rotation.replace(store, secrets, NOW)
    assert audit_key.load(secrets.folder).public != old.public
    assert len((secrets.folder / AUDIT).read_bytes()) == 32
    async with store.read() as conn:
        head = await audit_heads.newest(conn)
        verdict = await audit_verify.verify(conn, secrets.folder, None, quiet)
        actions = (
            (await conn.execute(select(audit_rows.c.action).order_by(audit_rows.c.id)))
            .scalars()
            .all()
        )
    assert (head.signer, verdict.fault, verdict.heads) == (signer, None, 2)
    assert actions[-1] == audit_rotation.REPLACED
    assert await audit_heads.sign(store, secrets, NOW) is None


@only_sqlite
async def test_a_head_by_the_audits_old_key_is_believed_no_more(store, secrets, filled):
    old = audit_key.load(secrets.folder)
    await audit_rotation.replace(store, secrets, NOW)
    async with store.write() as conn:
        head = await audit_heads.newest(conn)
        forged = {"signature": old.sign(head.said), "signer": audit_key.fingerprint(old.public)}
        lines = audit_heads.audit_heads.c.lines == head.lines
        await conn.execute(update(audit_heads.audit_heads).where(lines).values(**forged))
    async with store.read() as conn:
        verdict = await audit_verify.verify(conn, secrets.folder, None, quiet)
    assert verdict.fault is not None
    with pytest.raises(audit_heads.Broken):
        await audit_heads.sign(store, secrets, NOW)


async def test_the_new_recovery_key_opens_all_and_the_old_one_nothing(
    store, secrets, filled, recovery
):
    before = await read(store, secrets, filled, recovery)
    new = key_pair_from_seed(SUCCESSOR)
    done = await recovery_rotation.replace(store, secrets, recovery, new, quiet)
    assert (done.concerns, done.updates, done.damaged) == (len(CHATS), 1, ())
    assert await read(store, secrets, filled, new) == before
    assert Secrets.load(secrets.folder).recovery_public == new.public == secrets.recovery_public
    late = new_concern([ANNA], b"later")
    async with store.write() as conn:
        await concerns.send(conn, secrets, [late])
    async with store.read() as conn:
        for one in [*filled.concern_ids, late.id]:
            assert await wraps.open_private(conn, one, wraps.RECOVERY, new.private)
            with pytest.raises(DamagedRow):
                await wraps.open_private(conn, one, wraps.RECOVERY, recovery.private)


@only_sqlite
async def test_a_recovery_key_is_not_replaced_with_the_wrong_paper(
    store, secrets, filled, recovery
):
    new, wrong = key_pair_from_seed(SUCCESSOR), key_pair_from_seed(bytes(32))
    for old, other in ((wrong, new), (recovery, recovery)):
        with pytest.raises(recovery_rotation.WrongRecoveryKey):
            await recovery_rotation.replace(store, secrets, old, other, quiet)
    await replacing.begin(store, secrets, RECOVERY, new.public)
    with pytest.raises(recovery_rotation.WrongRecoveryKey):
        await recovery_rotation.replace(store, secrets, recovery, wrong, quiet)
    assert Secrets.load(secrets.folder).roots[RECOVERY] == [new.public, recovery.public]


async def annas_new_keys(store, filled):
    pair = new_key_pair()
    locked = staff.lock_again(ANNA, PASSPHRASE, pair.private)
    own = OwnPair(ANNA, filled.publics[ANNA], filled.privates[ANNA])
    new = staff.StaffKeys(pair.public, locked)
    return pair, await member_rotation.replace(store, own, new, NOW)


async def test_a_member_with_new_keys_reads_the_same_and_the_old_keys_open_nothing(
    store, secrets, filled, recovery
):
    before = await read(store, secrets, filled, recovery)
    pair, done = await annas_new_keys(store, filled)
    assert done
    assert await read(store, secrets, filled, recovery, annas=pair.private) == before
    async with store.read() as conn:
        row = await staff.by_id(conn, secrets, ANNA)
        for one in filled.concern_ids:
            with pytest.raises(DamagedRow):
                await concerns.open_parts(conn, one, ANNA, filled.privates[ANNA])
    assert staff.unlock(row, PASSPHRASE) == pair.private
    _, done = await annas_new_keys(store, filled)  # from keys that are hers no more
    assert not done


async def test_what_comes_while_a_member_gets_new_keys_opens_with_them(
    store, secrets, filled, recovery
):
    """Concerns are sent, and she is taken from one, in the middle of it."""
    sent, done = [], asyncio.Event()
    taken = filled.concern_ids[-1]

    async def live():
        async with store.write() as conn:
            await wraps.leave_out(conn, taken, ANNA)
        while not done.is_set():
            new = new_concern([ANNA], b"meanwhile")
            async with store.write() as conn:
                await concerns.send(conn, secrets, [new])
            sent.append(new.id)
            await asyncio.sleep(0)

    living = asyncio.create_task(live())
    while not sent:
        await asyncio.sleep(0)
    pair, replaced = await annas_new_keys(store, filled)
    done.set()
    await living
    assert replaced
    async with store.read() as conn:
        for one in sent:
            opened = await concerns.open_parts(conn, one, ANNA, pair.private)
            assert [part.words for part in opened.parts] == [b"meanwhile"]
        with pytest.raises(NotAReader):
            await concerns.open_parts(conn, taken, ANNA, pair.private)


@only_sqlite
@pytest.mark.parametrize("half", [False, True])
async def test_backups_open_after_each_kind_was_replaced_and_while_it_is(
    store, secrets, filled, recovery, made_secrets, tmp_path, half
):
    new_seed = SUCCESSOR
    new = key_pair_from_seed(new_seed)
    before = await read(store, secrets, filled, recovery)
    if half:
        for name in (DELIVERY, DIRECTORY, AUDIT):
            await replacing.begin(store, secrets, name)
        await replacing.begin(store, secrets, RECOVERY, new.public)
    else:
        for name in (DELIVERY, DIRECTORY):
            await moving.replace(store, secrets, name, NOW)
        await audit_rotation.replace(store, secrets, NOW)
        await recovery_rotation.replace(store, secrets, recovery, new, quiet)
    await backup.backup(store, secrets, tmp_path / "file")
    database, folder = tmp_path / "new.db", tmp_path / "new-secrets"
    with pytest.raises(backup.BackupError):
        await restore.restore(
            tmp_path / "file", made_secrets[1], database, folder, NOW, lambda _: None
        )
    await restore.restore(
        tmp_path / "file", recovery_code(new_seed), database, folder, NOW, lambda _: None
    )
    back = Secrets.load(folder)
    elsewhere = await Store.open(f"sqlite+aiosqlite:///{database}")
    if half:
        for name in (DELIVERY, DIRECTORY):
            assert replacing.halfway(back, name)
            await moving.replace(elsewhere, back, name, NOW)
        await audit_rotation.replace(elsewhere, back, NOW)
        await recovery_rotation.replace(elsewhere, back, recovery, new, quiet)
    after = await read(elsewhere, back, filled, new)
    await elsewhere.close()
    for gone in ("chats", "about", "bodies", "file"):  # drafts and waiting texts are never in one
        del before[gone], after[gone]
    assert after == before
