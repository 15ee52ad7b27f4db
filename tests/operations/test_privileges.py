"""Root's rights are given up before anything is done with them."""

import os
import pwd
from pathlib import Path

import pytest

from ocpizza.operations.privileges import acting_as, become, root_again, run_as
from ocpizza.settings import SettingError

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
USER = "www-data"


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


def test_a_function_runs_as_the_user_and_we_stay_root():
    uid, gid, groups, home = run_as(USER, who)
    assert uid == gid == 33
    assert groups == [33]
    assert home == "/var/www"
    assert os.geteuid() == 0


def test_there_is_no_way_back():
    assert run_as(USER, try_to_go_back) == "refused"


def test_what_the_function_raises_is_raised():
    with pytest.raises(LookupError, match="as it was"):
        run_as(USER, fail)


def test_no_user_is_who_we_are():
    assert run_as("", os.geteuid) == 0


def test_a_user_that_is_missing_is_a_wrong_setting():
    for act in (become, lambda user: run_as(user, who)):
        with pytest.raises(SettingError, match=r"system\.user = 'no-such-user'"):
            act("no-such-user")


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
        assert os.geteuid() == nobody.pw_uid
    assert (os.geteuid(), os.getegid(), os.getgroups()) == (0, 0, groups)
    assert os.environ["HOME"] == "/root"
    with acting_as(""):
        assert os.geteuid() == 0
    with pytest.raises(SettingError, match="no such user"), acting_as("no-such-user"):
        pass
