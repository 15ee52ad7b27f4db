"""What Stripe answers instead of what was asked for."""

from typing import Any

from localstripe.errors import UserError


class Failure(UserError):
    """An error as Stripe writes it; UserError's own are all of one type."""

    def __init__(self, status: int, kind: str, code: str, message: str, **more: Any) -> None:
        super().__init__(status, message)
        self.body = {"error": {"type": kind, "code": code, "message": message, **more}}


def invalid(code: str, message: str) -> Failure:
    """Asked for something that cannot be."""
    return Failure(400, "invalid_request_error", code, message)
