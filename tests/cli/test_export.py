"""heard export: all that one member of staff may read, and nothing else."""

import json

from bot.admin import exporting
from bot.admin.model import Hands
from bot.clock import SystemClock
from bot.turns.files import FilePart
from config.settings import load
from storage import audit, concerns, file_jobs, files, staff
from storage.engine import Store
from storage.file_bytes import FileSealer
from tests.cli.conftest import PASSPHRASE
from tests.storage.builders import HOUR, NOW, new_concern

SAM = ("export", "--staff", "Sam Okoro", "--passphrase-stdin")


def exported(home, name="Sam Okoro", passphrase=PASSPHRASE):
    ended = home.heard("export", "--staff", name, "--passphrase-stdin", said=passphrase + "\n")
    assert ended.returncode == 0, ended.stderr
    return {entry["reference"]: entry for entry in map(json.loads, ended.stdout.splitlines())}


def test_an_export_has_every_text_in_order(home):
    home.send("H-1", ["first", "second – ünd\nthird"], ["Sam Okoro"])
    entry = exported(home)["H-1"]
    assert [part["text"] for part in entry["parts"]] == ["first", "second – ünd\nthird"]
    assert (entry["team"], entry["state"], entry["attachments"]) == ("elm", "sent", [])
    assert {part["by"] for part in entry["parts"]} == {"person"}


def test_an_export_leaves_out_what_its_reader_is_kept_from(home):
    home.send("H-1", ["about Sam"], ["Sam Okoro", "Jo Bell"], excluded=["Sam Okoro"])
    home.send("H-2", ["about food"], ["Sam Okoro", "Jo Bell"])
    assert set(exported(home)) == {"H-2"}
    assert set(exported(home, "Jo Bell")) == {"H-1", "H-2"}


def test_a_wrong_name_and_a_wrong_passphrase_are_told_alike(home):
    wrong = home.heard(*SAM, said="not the passphrase\n")
    nobody = home.heard("export", "--staff", "Nobody", "--passphrase-stdin", said="words\n")
    assert (wrong.returncode, nobody.returncode) == (1, 1)
    assert wrong.stderr == nobody.stderr
    assert wrong.stdout == ""


def test_each_exported_concern_remembers_it(home):
    concern_id = home.send("H-1", ["words"], ["Sam Okoro"])
    exported(home)
    deeds = home.stored(lambda conn: audit.of_concern(conn, concern_id))
    assert [deed.action for deed in deeds] == ["exported"]
    assert deeds[0].staff_id == home.staff_id("Sam Okoro")


class Terminal:
    """What was printed; `then` is awaited before each line."""

    def __init__(self, then):
        self.lines, self.then = [], then

    async def line(self, text):
        await self.then()
        self.lines.append(text)

    async def progress(self, text):
        pass


async def test_a_concern_sent_during_an_export_doubles_no_other(home):
    settings = load({"HEARD_CONFIG": str(home.folder / "heard.toml"), "HEARD_DATABASE": home.url})
    hands = Hands(settings, home.secrets, await Store.open(settings.database), SystemClock())

    async def send(count, at):
        async with hands.store.write() as conn:
            sam = await staff.by_name(conn, hands.secrets, "Sam Okoro")
            many = [new_concern([sam.id], b"words", sent_at=at) for _ in range(count)]
            await concerns.send(conn, hands.secrets, many)

    await send(exporting.AT_ONCE + 1, NOW)
    terminal = Terminal(lambda: send(1, NOW + HOUR))
    await exporting.export(hands, {"name": "Sam Okoro", "passphrase": PASSPHRASE}, terminal)
    await hands.store.close()
    references = [json.loads(line)["reference"] for line in terminal.lines]
    assert len(references) == len(set(references)) == exporting.AT_ONCE + 1


def test_an_export_says_that_there_is_a_file_but_never_its_key(home):
    concern = home.send("H-1", ["words"], ["Sam Okoro"])
    key = files.new_file_key()
    new = files.NewFile("f" * 32, key.public, b"task", "c" * 32, concern)
    part = concerns.NewPart(
        "a" * 32, concern, "file", None, NOW, FilePart("f" * 32, key.seed, "photo").body()
    )
    home.stored(lambda conn: files.add(conn, home.secrets, [new], NOW))
    home.stored(lambda conn: concerns.add_parts(conn, [part]))
    entry = exported(home)["H-1"]
    assert entry["parts"][-1]["text"] == "[photo: still on its way]"
    assert entry["attachments"] == ["Photo"]
    assert key.seed.hex() not in json.dumps(entry)
    [job] = home.stored(lambda conn: file_jobs.claim(conn, home.secrets, NOW, HOUR, 1))
    sealer = FileSealer(job.file_id, job.public)
    last, about = sealer.finish("jpg")
    home.stored(lambda conn: file_jobs.append(conn, job, 0, [last], NOW + HOUR))
    home.stored(lambda conn: file_jobs.kept(conn, job, about))
    text = exported(home)["H-1"]["parts"][-1]["text"]
    assert text == "[photo: kept, open it in the console]"
