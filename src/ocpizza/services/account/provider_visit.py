"""C12: send somebody to a provider, and know them when they come back, once."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from ocpizza.domain.digest import digest_of
from ocpizza.domain.identity import Challenge, new_challenge
from ocpizza.models.sign_in import ProviderVisit

LIFETIME = timedelta(minutes=15)  # to type a password and find a phone


def send_to_provider(
    session: Session,
    provider: str,
    now: datetime,
    *,
    next_path: str | None = None,
    account_id: int | None = None,
) -> Challenge:
    """Expect somebody back from `provider`; their browser keeps the challenge's state.

    `next_path` is a page of ours to go on to; `account_id` whose sign-in way it is to become.
    """
    session.execute(delete(ProviderVisit).where(ProviderVisit.expires_at <= now))
    challenge = new_challenge()
    visit = ProviderVisit(
        state_sha256=digest_of(challenge.state),
        provider=provider,
        code_verifier=challenge.code_verifier,
        next_path=next_path,
        account_id=account_id,
        expires_at=now + LIFETIME,
    )
    session.add(visit)
    session.flush()
    return challenge


def take_back(session: Session, provider: str, state: str, now: datetime) -> ProviderVisit | None:
    """Return the visit that began with this state; there is none a second time, nor after its time.

    Commit before the provider is asked: a visit counts as used whatever becomes of it.
    """
    taken = session.scalars(
        delete(ProviderVisit)
        .where(
            ProviderVisit.state_sha256 == digest_of(state),
            ProviderVisit.provider == provider,
            ProviderVisit.expires_at > now,
        )
        .returning(ProviderVisit)
    ).one_or_none()
    if taken is not None:
        session.expunge(taken)
    return taken
