"""Lines of the security log about what a transaction does: written once it is committed."""

from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from ocpizza.once_committed import once_committed
from ocpizza.security_log import Action, Result, tell


def note(session: Session, action: Action, **facts: Any) -> None:
    """Have a line written once the session's transaction is committed: for what was done."""
    once_committed(session, partial(tell, action, Result.DONE, **facts))
