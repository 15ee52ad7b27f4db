"""What is wrong with a component, in one line."""

import dis
from traceback import walk_tb


class OverlayError(Exception):
    """A component does not fit this program; the message begins with its path in the release."""

    def __init__(self, component: str, reason: str, line: int | None = None) -> None:
        self.component, self.reason = component, " ".join(reason.split())
        where = f"{component}, line {line}" if line else component
        super().__init__(f"{where}: {self.reason}")


def in_one_line(error: BaseException) -> str:
    """Return what was raised, in one line."""
    try:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # a class of the component's own
        said = ""
    return " ".join(f"{type(error).__name__}: {said}".rstrip(": ").split())


def line_in(file: str, error: BaseException) -> int | None:
    """Return the line of a file that led to what was raised, None where none did."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    lines = [
        line for frame, line in walk_tb(error.__traceback__) if frame.f_code.co_filename == file
    ]
    return lines[-1] if lines else None


def is_interrupt(error: BaseException) -> bool:
    """Whether it is a real Ctrl-C, which ends the process, and nothing that a component raised.

    A signal is noticed between two instructions; `raise` is one.
    """
    if type(error) is not KeyboardInterrupt:
        return False
    inner = error.__traceback__
    while inner and inner.tb_next:
        inner = inner.tb_next
    if inner is None:
        return True
    return dis.opname[inner.tb_frame.f_code.co_code[inner.tb_lasti]] != "RAISE_VARARGS"
