"""Who does something to an order."""

from dataclasses import dataclass

from ocpizza.models.account import Role


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something to an order, in which role; a guest whose order it is has no account."""

    account_id: int | None
    role: Role
