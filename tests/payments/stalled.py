"""A Stripe that takes every call and does not answer until it is let go."""

from threading import Event, Semaphore

from ocpizza.payments.gateway import NoAnswer


class Stalled:
    """A gateway whose calls all wait; `called` is released once for each."""

    available = True

    def __init__(self) -> None:
        self.let_go, self.called = Event(), Semaphore(0)

    def __getattr__(self, name: str):
        def call(*_arguments):
            self.called.release()
            self.let_go.wait()
            raise NoAnswer("stalled")

        return call
