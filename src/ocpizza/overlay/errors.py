"""What is wrong with a component, in one line."""


class OverlayError(Exception):
    """A component does not fit this program; the message begins with its path in the release."""

    def __init__(self, component: str, reason: str) -> None:
        self.component, self.reason = component, " ".join(reason.split())
        super().__init__(f"{component}: {self.reason}")


def told(error: BaseException) -> str:
    """Return what was raised, in one line, with where it was if that is known."""
    return f"{type(error).__name__}: {error}".rstrip(": ")
