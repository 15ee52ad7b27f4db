"""Root's rights are given up before anything is done with them."""

import ast
import os
import pwd
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ocpizza import operations
from ocpizza.operations.backup.elsewhere import copy_elsewhere
from ocpizza.operations.backup.errors import NotCopied
from ocpizza.operations.privileges import acting_as, become, root_again, run, run_as
from ocpizza.settings import SettingError

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
USER = "www-data"
# What a process is, was and may be again: real, effective, saved and of the file system.
STATUS = "cat /proc/self/status"
STARTS = {
    "subprocess": {"run", "Popen", "call", "check_call", "check_output", "getoutput"},
    "os": {"system", "popen", "posix_spawn", "posix_spawnp"},
    "pty": {"spawn"},
    "asyncio": {"create_subprocess_exec", "create_subprocess_shell"},
}


@pytest.fixture
def open_folder():
    """A folder that anybody may pass through; pytest's own are root's alone, however deep."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def who() -> tuple[int, int, list[int], str]:
    return os.geteuid(), os.getegid(), os.getgroups(), os.environ["HOME"]


def try_to_go_back() -> str:
    try:
        os.setuid(0)
    except PermissionError:
        return "refused"
    return "root again"


def fail() -> None:
    raise LookupError("as it was")


@only_root
def test_a_function_runs_as_the_user_and_we_stay_root():
    uid, gid, groups, home = run_as(USER, who)
    assert uid == gid == 33
    assert groups == [33]
    assert home == "/var/www"
    assert os.geteuid() == 0


@only_root
def test_there_is_no_way_back():
    assert run_as(USER, try_to_go_back) == "refused"


@only_root
def test_what_the_function_raises_is_raised():
    with pytest.raises(LookupError, match="as it was"):
        run_as(USER, fail)


@only_root
def test_no_user_is_who_we_are():
    assert run_as("", os.geteuid) == 0


@only_root
def test_a_user_that_is_missing_is_a_wrong_setting():
    for act in (become, lambda user: run_as(user, who)):
        with pytest.raises(SettingError, match=r"system\.user = 'no-such-user'"):
            act("no-such-user")


@only_root
def test_acting_as_somebody_is_for_a_while_and_may_be_interrupted(monkeypatch):
    monkeypatch.setenv("HOME", "/root")
    nobody, groups = pwd.getpwnam("nobody"), os.getgroups()
    with acting_as("nobody"):
        assert (os.geteuid(), os.getegid()) == (nobody.pw_uid, nobody.pw_gid)
        assert os.environ["HOME"] == nobody.pw_dir
        with pytest.raises(PermissionError):
            list(Path("/root").iterdir())
        with root_again():
            assert os.geteuid() == 0
            assert os.environ["HOME"] == "/root"
        assert os.geteuid() == nobody.pw_uid
    assert (os.geteuid(), os.getegid(), os.getgroups()) == (0, 0, groups)
    assert os.environ["HOME"] == "/root"
    with acting_as(""):
        assert os.geteuid() == 0
    with pytest.raises(SettingError, match="no such user"), acting_as("no-such-user"):
        pass


@only_root
def test_whoever_acts_as_one_and_then_as_another_is_the_first_again_with_their_groups():
    with acting_as(USER):
        first = who()
        with root_again(), acting_as("nobody"):
            assert who() != first
        assert who() == first


def ids(status: str, of: str) -> set[str]:
    return set(next(line for line in status.splitlines() if line.startswith(of)).split()[1:])


@only_root
@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash"])
def test_what_is_started_while_acting_as_somebody_is_them_for_good(shell):
    user = pwd.getpwnam(USER)
    with acting_as(USER):
        status = run([shell, "-c", f"{STATUS}; id -u; id -ru; id -g; id -rg"]).stdout
    assert ids(status, "Uid:") == {str(user.pw_uid)}
    assert ids(status, "Gid:") == {str(user.pw_gid)}
    assert ids(status, "Groups:") == {str(user.pw_gid)}
    assert ids(status, "CapPrm:") == ids(status, "CapEff:") == {"0" * 16}
    assert status.split()[-4:] == [str(user.pw_uid)] * 2 + [str(user.pw_gid)] * 2


@only_root
def test_the_hook_for_copies_is_the_service_for_good(open_folder):
    hook = open_folder / "hook"
    hook.write_text('#!/bin/sh\necho "$(id -u) $(id -ru) $(id -g) $(id -rg) $HOME" >&2\nexit 1\n')
    hook.chmod(0o755)
    user = pwd.getpwnam(USER)
    told = f"{user.pw_uid} {user.pw_uid} {user.pw_gid} {user.pw_gid} {user.pw_dir}"
    with acting_as(USER), pytest.raises(NotCopied) as refused:
        copy_elsewhere(str(hook), open_folder / "archive")
    assert f"({told})" in str(refused.value)


@only_root
def test_who_only_acts_as_somebody_becomes_them_for_good():
    # What it imports may lie where nobody else reads.
    run_as(USER, who)
    with acting_as("nobody"):
        assert run_as(USER, try_to_go_back) == "refused"
        assert run_as(USER, who)[0] == pwd.getpwnam(USER).pw_uid


def starts(path: Path) -> list[str]:
    """Return where a module starts a process by itself."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Attribute(ast.Name(module), name):
                names = [name]
            case ast.ImportFrom(module=str(module)):
                names = [alias.name for alias in node.names]
            case _:
                continue
        exec_or_spawn = module == "os" and any(n.startswith(("exec", "spawn")) for n in names)
        if exec_or_spawn or STARTS.get(module, set()) & set(names):
            found.append(f"{path.name}:{node.lineno}")
    return found


def test_nothing_but_privileges_starts_processes_for_operations():
    folder = Path(operations.__file__).parent
    where = {path.name for path in folder.rglob("*.py") if starts(path)}
    assert where == {"privileges.py"}
