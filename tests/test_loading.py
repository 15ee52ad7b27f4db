"""What is loaded to be kept is no garbage, and the rest is looked after again."""

import gc
from collections.abc import Iterator

import pytest

from ocpizza.loading import loading


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_kept_apart_and_nothing_is_looked_for_meanwhile():
    with loading():
        assert not gc.isenabled()
        kept = [[] for _ in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() > len(kept)


def test_what_fails_to_load_leaves_nothing_switched_off():
    with pytest.raises(ZeroDivisionError), loading():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_what_was_loaded_before_may_be_garbage_again():
    with loading():
        pass
    with loading():
        assert gc.get_freeze_count() == 0
