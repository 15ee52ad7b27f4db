"""Photos are read in a process of its own, within its time."""

import sys
from threading import Lock

import pytest

from ocpizza.domain.photo import LARGE, MAX_PIXELS, SMALL, Fault, NotAPhoto
from ocpizza.photos import encode as module
from ocpizza.photos.encode import encode
from uploads import photo, read


def test_a_photo_comes_back_as_two_squares():
    made = encode(photo(1200, 1000))
    assert read(made.large).size == (LARGE, LARGE)
    assert read(made.small).size == (SMALL, SMALL)
    assert len(made.sha256) == 64


def test_the_same_photo_is_the_same_again():
    assert encode(photo()) == encode(photo())


def test_as_large_a_photo_as_may_be_is_taken():
    assert read(encode(photo(6000, MAX_PIXELS // 6000)).large).size == (LARGE, LARGE)


def test_a_fault_comes_back_as_one():
    with pytest.raises(NotAPhoto) as refused:
        encode(b"a text")
    assert refused.value.fault is Fault.FORMAT


@pytest.mark.parametrize(
    ("does", "fault"),
    [
        ("import time; time.sleep(60)", Fault.TOO_SLOW),
        ("while True: pass", Fault.TOO_SLOW),
        ("import os; os.abort()", Fault.DAMAGED),
        ("raise SystemExit(1)", Fault.DAMAGED),
    ],
)
def test_a_photo_that_hangs_or_crashes_its_reader_is_a_fault(monkeypatch, does, fault):
    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", does))
    monkeypatch.setattr(module, "MOST", 0.5)
    with pytest.raises(NotAPhoto) as refused:
        encode(photo())
    assert refused.value.fault is fault


def test_a_program_that_is_not_there_just_now_is_no_fault_of_the_photo(monkeypatch):
    monkeypatch.setattr(module, "COMMAND", ("/nowhere/python",))
    with pytest.raises(NotAPhoto) as refused:
        encode(photo())
    assert refused.value.fault is Fault.BUSY


def test_one_photo_is_read_at_a_time(monkeypatch):
    turn = Lock()
    monkeypatch.setattr(module, "_turn", turn)
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    with turn, pytest.raises(NotAPhoto) as refused:
        encode(photo())
    assert refused.value.fault is Fault.BUSY
    assert encode(photo())


def test_the_reader_is_told_nothing_of_the_site(monkeypatch):
    monkeypatch.setenv("OCPIZZA_CONFIG", "/etc/ocpizza/ocpizza.ini")
    told = "import os, sys; sys.exit(0 if 'OCPIZZA_CONFIG' not in os.environ else 9)"
    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", told))
    assert encode(b"") == module.Photo(b"", b"")
