"""heard init: everything with the right modes, once, and nothing half made."""

import stat


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_init_makes_files_that_nobody_else_can_open(bare):
    ended = bare.heard("init")
    assert ended.returncode == 0, ended.stderr
    made = [path for path in bare.folder.rglob("*") if path.name != "heard.toml"]
    assert {mode(path) for path in made if path.is_file()} == {0o600}
    assert {mode(path) for path in made if path.is_dir()} == {0o700}


def test_the_recovery_key_is_printed_and_kept_nowhere(home):
    groups = home.code.split("-")
    assert len(groups) == 14
    half = groups[:7]
    for path in home.folder.rglob("*"):
        if path.is_file():
            kept = path.read_bytes()
            assert not any(joint.join(half).encode() in kept for joint in ("", "-", " "))


def test_init_overwrites_nothing(home):
    before = {path: path.read_bytes() for path in home.folder.rglob("*") if path.is_file()}
    ended = home.heard("init")
    assert ended.returncode == 1
    assert "overwrites nothing" in ended.stderr
    assert "RECOVERY" not in ended.stdout
    (home.folder / "heard.db").rename(home.folder / "away.db")
    assert "holds keys already" in home.heard("init").stderr
    (home.folder / "away.db").rename(home.folder / "heard.db")
    after = {path: path.read_bytes() for path in home.folder.rglob("*") if path.is_file()}
    assert after == before


def test_an_init_that_cannot_finish_leaves_nothing(bare):
    (bare.folder / "blocked").write_text("a file where a folder should be")
    ended = bare.heard("init", HEARD_SECRETS="blocked/keys")
    assert ended.returncode == 1
    assert not list(bare.folder.glob("heard.db*"))
    assert bare.heard("init").returncode == 0


def test_an_upgrade_of_what_is_new_already_changes_nothing(home):
    ended = home.heard("init", "--upgrade")
    assert ended.returncode == 0, ended.stderr
    assert home.heard("staff", "list").stdout.count("\n") == 2
