"""Who does something to an order."""

from dataclasses import dataclass
from typing import Any

from ocpizza.models.account import Role


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something to an order, in which role; a guest whose order it is has no account."""

    account_id: int | None
    role: Role


def account_of(author: Author | None) -> int | None:
    """Return whose account does it; neither the system nor a guest has one."""
    return author.account_id if author else None


def written_by(author: Author | None) -> dict[str, Any]:
    """Return the columns of an event that say who did it; the system is nobody."""
    if author is None:
        return {}
    return {"author_id": author.account_id, "author_role": author.role}
