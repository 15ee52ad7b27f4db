"""One question that fails, dies or hangs costs the others nothing."""

import os
import signal

from ocpizza.operations.status.at_once import AT_ONCE, Unanswered, ask_all


def fail():
    raise ValueError("no such thing")


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def test_each_answers_in_its_place_whatever_becomes_of_the_others():
    questions = [lambda: "first", fail, die, signal.pause, lambda: ["last", 5]]
    assert ask_all(questions, 0.5) == [
        "first",
        Unanswered("ValueError: no such thing"),
        Unanswered("its process ended with -9"),
        Unanswered("no answer within 0.5 s"),
        ["last", 5],
    ]


def test_those_who_hang_are_given_up_together_and_killed():
    pids = [os.getpid]
    answers = ask_all([*[signal.pause] * AT_ONCE, *pids, *pids], 0.2)
    assert all(isinstance(answer, Unanswered) for answer in answers[:AT_ONCE])
    assert len({os.getpid(), *answers[AT_ONCE:]}) == 3


def test_what_cannot_be_said_is_a_failure_told_by_its_name():
    (answer,) = ask_all([object])
    assert answer == Unanswered("TypeError: Object of type object is not JSON serializable")


def test_a_child_that_cannot_speak_ends_and_never_goes_on_as_its_parent(tmp_path):
    parent = os.getpid()

    def mute() -> None:
        os.closerange(3, 256)

    try:
        (answer,) = ask_all([mute])
    finally:
        if os.getpid() != parent:
            (tmp_path / "went on").touch()
            os._exit(1)
    assert answer == Unanswered("its process ended with 0")
    assert list(tmp_path.iterdir()) == []


def test_an_answer_may_be_long():
    assert ask_all([lambda: "x" * 300_000]) == ["x" * 300_000]


def test_nothing_is_answered_with_nothing():
    assert ask_all([]) == []
    assert ask_all([lambda: None, lambda: False]) == [None, False]
