"""Root's rights are given up before anything is done with them."""

import os

import pytest

from ocpizza.operations.privileges import become, run_as
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
