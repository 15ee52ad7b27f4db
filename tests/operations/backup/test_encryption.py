"""Archives for the owner of a private key alone, and copies in another place."""

import subprocess
from datetime import UTC, datetime

import pytest

from commands import complaint, run
from ocpizza.operations.backup.drill import drill
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import BackupFolder
from ocpizza.operations.backup.stages import Stages


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


def test_whoever_has_the_private_key_restores_and_nobody_else(encrypting, keys):
    shop, (right, wrong) = encrypting, keys.values()
    saved = shop.rows()
    archive = shop.back_up().path
    assert archive.name.endswith("Z.tar.age")
    assert archive.stat().st_mode & 0o777 == 0o600
    content = archive.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert b"Oberkampf" not in content
    shop.sell()
    lost = shop.rows()
    for key, says in (
        (b"", r"the archive is encrypted: name the private key with --identity FILE"),
        (wrong, r"cannot be decrypted \(age: no identity matched any of the recipients\)"),
        (b"nonsense", r"cannot be decrypted"),
    ):
        with pytest.raises(BackupError, match=says):
            shop.restore(archive, key=key)
        assert shop.rows() == lost
    for damaged in (content[:-1], content[:-5] + b"12345", content[:200]):
        archive.write_bytes(damaged)
        with pytest.raises(BackupError, match="cannot be decrypted"):
            shop.restore(archive, key=right)
    assert shop.rows() == lost
    assert shop.left_over() == []
    archive.write_bytes(content)
    shop.restore(archive, key=right)
    assert shop.rows() == saved


def test_a_drill_wants_the_key_too(encrypting, keys):
    shop, (right, _) = encrypting, keys.values()
    name = shop.back_up().path.name

    def run_drill(key):
        return drill(shop.engine, shop.settings, datetime.now(UTC), Stages(), key)

    with pytest.raises(BackupError, match="the archive is encrypted"):
        run_drill(b"")
    assert run_drill(right).archive == name


def test_age_reads_it_without_us(encrypting, keys, tmp_path):
    archive = encrypting.back_up().path
    (tmp_path / "key").write_bytes(next(iter(keys.values())))
    plain = subprocess.check_output(["age", "-d", "-i", tmp_path / "key", archive])
    names = subprocess.check_output(["tar", "-t"], input=plain).decode().split()
    assert names == ["database.sqlite", "settings/ocpizza.ini", "erasures", "manifest.json"]


def test_the_command_reads_the_key_from_a_file(encrypting, keys, write_ini, tmp_path):
    url = encrypting.engine.url.render_as_string(hide_password=False)
    encrypting.engine.dispose()
    config = write_ini(url, backup=f"recipient = {next(iter(keys))}")
    archive = run(config, "backup").stdout.split()[-6]
    assert archive.endswith(".age")
    (tmp_path / "key").write_bytes(next(iter(keys.values())))
    assert "the archive is encrypted" in complaint(run(config, "restore", archive))
    result = run(config, "restore", archive, "--identity", str(tmp_path / "key"))
    assert result.exit_code == 0, result.output
    assert "No such file" in complaint(run(config, "restore", archive, "--identity", "/nowhere"))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("recipient", "age1short", "expected a public key that age-keygen made"),
        ("copy", "rclone copy", "expected the whole path of a program"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(write_ini, name, value, says):
    line = complaint(run(write_ini(backup=f"{name} = {value}"), "backup"))
    assert f"backup.{name} = {value!r}: {says}" in line


def test_a_program_gets_every_archive_to_copy(shop, tmp_path):
    script = tmp_path / "copy"
    script.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/elsewhere.tar\n')
    script.chmod(0o755)
    made = shop.back_up(**{"backup.copy": str(script)})
    assert (tmp_path / "elsewhere.tar").read_bytes() == made.path.read_bytes()


@pytest.mark.parametrize(
    ("program", "says"),
    [
        ("/bin/false", r"/bin/false ended with status 1 \(it said nothing\)"),
        ("/nowhere/copy", "/nowhere/copy: No such file or directory"),
    ],
)
def test_a_copy_that_fails_fails_the_run_and_the_archive_stays(shop, program, says):
    with pytest.raises(BackupError, match=rf"^backup.copy: {says}; /.*\.tar is kept here$"):
        shop.back_up(**{"backup.copy": program})
    assert len(BackupFolder(shop.archives).archives()) == 1
