"""How many speak to Stripe, how many wait for it, and what becomes of the others."""

from threading import Event, Semaphore, Thread

import pytest

from ocpizza.payments import threads as limits
from ocpizza.payments.questions import Questions, StillAsking
from ocpizza.payments.threads import PaymentThreads

LONG = 60


class Stripe:
    """Answers when told to; `heard` is released at each call."""

    def __init__(self) -> None:
        self.answers, self.heard, self.calls = Event(), Semaphore(0), 0

    def call(self) -> int:
        self.calls += 1
        self.heard.release()
        assert self.answers.wait(LONG)
        return self.calls


@pytest.fixture
def stripe():
    stripe = Stripe()
    yield stripe
    stripe.answers.set()


def hand_over_many(threads: PaymentThreads, stripe: Stripe, count: int) -> list:
    return [threads.hand_over(number, stripe.call) for number in range(count)]


def busy(threads: PaymentThreads, stripe: Stripe) -> None:
    """Have every thread be in the midst of a call."""
    hand_over_many(threads, stripe, 3)
    for _ in range(3):
        assert stripe.heard.acquire(timeout=LONG)


def recover(threads: PaymentThreads, stripe: Stripe) -> None:
    """Stripe answers again, quickly, whatever the machine is busy with."""
    stripe.answers.set()
    threads._patience = LONG
    threads.hand_over("quick", lambda: None)
    assert threads.finish(LONG)


def test_three_speak_eight_wait_and_there_is_no_room_for_more(stripe):
    threads = PaymentThreads(serving=4)
    busy(threads, stripe)
    assert all(hand_over_many(threads, stripe, 8))
    assert threads.hand_over("one more", stripe.call) is None
    assert stripe.calls == 3
    stripe.answers.set()
    assert threads.finish(LONG)
    assert stripe.calls == 11
    assert threads.hand_over("one more", stripe.call)


def test_what_waits_is_not_handed_over_twice_and_what_has_begun_is(stripe):
    threads = PaymentThreads(serving=4)
    busy(threads, stripe)
    first = threads.hand_over(0, stripe.call)
    assert threads.hand_over(0, stripe.call) is first
    stripe.answers.set()
    assert threads.finish(LONG)
    assert stripe.calls == 4


@pytest.mark.parametrize(("serving", "seats"), [(1, 1), (2, 1), (4, 2), (8, 4)])
def test_half_of_those_who_serve_pages_wait_at_most(stripe, serving, seats):
    threads = PaymentThreads(serving, patience=LONG)
    call = threads.hand_over("pay", stripe.call)
    sat = Semaphore(0)

    class Told(Event):
        """Tells when somebody sits down to wait for it."""

        def wait(self, timeout=None):
            sat.release()
            return super().wait(timeout)

    call.done = Told()
    waiting = [Thread(target=threads.wait, args=[call]) for _ in range(seats)]
    for thread in waiting:
        thread.start()
        assert sat.acquire(timeout=LONG)
    # Whoever comes now is answered at once.
    assert not threads.wait(call)
    stripe.answers.set()
    for thread in waiting:
        thread.join(LONG)
    assert threads.wait(call)


def test_nobody_waits_once_stripe_was_slow_until_it_is_quick_again(stripe):
    threads = PaymentThreads(serving=4, patience=0.01)
    assert not threads.wait(threads.hand_over("slow", stripe.call))
    threads._patience = LONG
    # It would last a minute.
    assert not threads.wait(threads.hand_over("next", stripe.call))
    recover(threads, stripe)
    assert threads.wait(threads.hand_over("quick", lambda: None))


def test_what_takes_two_answers_may_take_twice_as_long(stripe):
    threads = PaymentThreads(serving=4, patience=0.01)
    long = threads.hand_over("card", stripe.call, questions=1000)
    assert stripe.heard.acquire(timeout=LONG)
    assert not threads.wait(long)
    # Stripe is no slower for it: the next one waits.
    threads._patience = LONG
    assert threads.wait(threads.hand_over("next", lambda: None))


def test_what_takes_two_answers_and_hangs_keeps_nobody_waiting(stripe):
    threads = PaymentThreads(serving=4, patience=0.01)
    hanging = threads.hand_over("card", stripe.call, questions=2)
    assert stripe.heard.acquire(timeout=LONG)
    while not threads._is_slow():
        assert not threads.wait(hanging)
    recover(threads, stripe)
    assert threads.wait(threads.hand_over("quick", lambda: None))


def test_one_waits_for_a_second_and_a_half_at_most():
    assert limits.PATIENCE_SECONDS == 1.5


def test_what_goes_wrong_ends_no_thread():
    threads = PaymentThreads(serving=2, patience=LONG)
    for _ in range(5):
        call = threads.hand_over("wrong", lambda: 1 // 0)
        assert threads.wait(call)
        assert isinstance(call.error, ZeroDivisionError)


def test_a_late_answer_is_given_to_whoever_asks_again_and_once(stripe):
    threads = PaymentThreads(serving=4, patience=0.01)
    questions = Questions(threads)
    for _ in range(3):
        with pytest.raises(StillAsking):
            questions.ask("intent", stripe.call)
    recover(threads, stripe)
    assert questions.ask("intent", stripe.call) == 1
    assert questions.ask("intent", stripe.call) == 2


def test_an_answer_that_nobody_fetches_is_forgotten(stripe, monkeypatch):
    monkeypatch.setattr("ocpizza.payments.questions.KEPT_SECONDS", 0)
    threads = PaymentThreads(serving=4, patience=0.01)
    questions = Questions(threads)
    with pytest.raises(StillAsking):
        questions.ask("intent", stripe.call)
    recover(threads, stripe)
    assert questions.ask("another", lambda: 7) == 7
    assert "intent" not in questions._asked
