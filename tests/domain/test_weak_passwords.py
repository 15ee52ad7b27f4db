"""Passwords that are guessed first are refused, however they are written."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from ocpizza.domain.passwords import (
    CommonPassword,
    PersonalPassword,
    new_password,
    refuse_weak,
)
from ocpizza.domain.weak_passwords import LIST, common_passwords, guessed_as, is_common

TOOL = Path(__file__).parents[2] / "tools" / "make_common_passwords.py"
JULIA = ("Julia", "Moreau-Lévêque", "julia.m@example.org")


def listed() -> list[str]:
    return LIST.read_text(encoding="utf-8").splitlines()


def test_the_list_holds_ten_thousand_that_are_long_enough():
    assert len(listed()) == len(set(map(guessed_as, listed()))) == 10_000
    assert all(len(password) >= 12 for password in listed())


def test_the_list_is_what_its_tool_makes(tmp_path):
    made = tmp_path / "made.txt"
    subprocess.run([sys.executable, str(TOOL), str(made)], check=True)
    assert made.read_text(encoding="utf-8").splitlines() == listed()


@pytest.mark.parametrize("disguise", [str, str.upper, str.title, lambda text: f" {text}! "])
def test_each_of_them_is_refused_in_any_writing(disguise):
    for password in listed()[::97]:
        with pytest.raises(CommonPassword):
            refuse_weak(disguise(password))


@pytest.mark.parametrize(
    "password",
    [
        "P@ssw0rd1234",
        "Mot de passe 1234",
        "ｐａｓｓｗｏｒｄ１２３４",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "123456789012",
        "987654321098",
        "aaaaaaaaaaaa",
        "!!!!!!!!!!!!",
        "abcabcabcabc",
        "121212121212",
        "azertyuiopqs",
        "qwertyuiop[]",
        "AZERTY123456",
        "aaaabbbbcccc",
        "123azerty789",
        "zxcvbnmasdfg",
        "yxcvbnmlkjhg",
    ],
)
def test_rows_of_keys_and_repetitions_are_refused(password):
    with pytest.raises(CommonPassword):
        refuse_weak(password)


@pytest.mark.parametrize(
    "password",
    [
        "OC Pizza 2026",
        "ocpizza-ocpizza",
        "julia-moreau-1986",
        "Julia.M@example.org",
        "LEVEQUE julia 75",
        "example.org 12",
        "pizza pizza 75",
        "julia bq7mzk2",
    ],
)
def test_a_name_and_little_more_is_refused(password):
    with pytest.raises(PersonalPassword):
        refuse_weak(password, JULIA)


@pytest.mark.parametrize(
    "password",
    [
        "quatre-fromages",
        "une pâte bien levée",
        "julia et les quatre fromages",
        "OC Pizza est la meilleure adresse",
        "correct cheval pile agrafe",
        "x7$kQp2vLm9!",
        "julia bq7mzk2v",
        "ab yt mn po 67 hj",
        "x7! ?kQ; :p2% (v)",
    ],
)
def test_a_phrase_of_ones_own_is_taken(password):
    refuse_weak(password, JULIA)


def test_a_name_of_three_letters_counts_and_one_of_two_does_not():
    with pytest.raises(PersonalPassword):
        refuse_weak("ana ana ana bq7", ["Ana"])
    refuse_weak("lu lu lu bq7mzk", ["Lu"])


def test_passwords_made_here_are_always_taken():
    for _ in range(200):
        refuse_weak(new_password(), JULIA)


def test_the_list_is_read_once_and_small_in_memory():
    common_passwords.cache_clear()
    tracemalloc.start()
    is_common("quatre-fromages")
    size, _most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size < 3_000_000
    assert common_passwords() is common_passwords()
