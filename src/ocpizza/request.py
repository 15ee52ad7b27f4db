"""A request as views see it: Pyramid's, with what our rooms add to each. For annotations only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pyramid import request as pyramid_request
from pyramid.response import Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from sqlalchemy.orm import Session
    from webob.multidict import MultiDict, NestedMultiDict

    from ocpizza.domain.author import Author
    from ocpizza.domain.checkout import OrderRefused
    from ocpizza.domain.destination import Destination
    from ocpizza.domain.payment import Intent
    from ocpizza.identity.provider import Provider
    from ocpizza.models.basket import Basket
    from ocpizza.models.order import Order
    from ocpizza.security.policy import Identity

# What a view gives: what its template shows (or a text, as `string` writes it), or all of it.
Answer = dict[str, Any] | Response


class SettleAfterCommit(Protocol):
    """Have Stripe be told about a payment once this request's transaction is committed."""

    def __call__(
        self, payment_id: int, *, wait: bool = True, card_id: str | None = None
    ) -> None: ...


class AfterAnswer(Protocol):
    """Have something done once the answer is made, in a transaction of its own."""

    def __call__(self, act: Callable[[Session], None], *, one_statement: bool = False) -> None: ...


class Request(pyramid_request.Request):
    """What `add_request_method` is called with, by room; a test holds both lists together."""

    # Files are refused before any view is asked (`security.unreadable`).
    POST: MultiDict[str, str]  # type: ignore[assignment]
    params: NestedMultiDict[str, str]  # type: ignore[assignment]

    # transactions
    db: Session
    commit_now: Callable[[], None]
    after_answer: AfterAnswer
    # security
    signed_in: Identity | None
    customer: Author | None
    customer_id: int | None
    hashing_place: Callable[[], AbstractContextManager[None]]
    # metrics
    note_refusal: Callable[[OrderRefused], None]
    # payments
    settle_after_commit: SettleAfterCommit
    fetch_intent: Callable[[str, str | None], Intent]
    # identity
    providers: tuple[Provider, ...]
    # overlay
    overlay_places: tuple[str, ...]
    static_file: Callable[[str], str]
    own_file: Callable[[str], str | None]
    own_picture: Callable[..., str | None]
    shown_photo: Callable[..., str | None]
    # live
    staff_ticket: Callable[[int | None], str]
    open_ticket: Callable[[str], str]
    send_ticket: Callable[[str], None]
    # visitor
    basket: Basket | None
    basket_lost: bool
    destination: Destination | None
    set_destination: Callable[[Destination | None], None]
    follow_order: Callable[[str], None]
    leave_order: Callable[[], None]
    followed_order: Order | None
    messages: list[list[str]]
    now: datetime
    own_basket: Callable[[], Basket]
    set_basket_aside: Callable[[Basket], None]
    take_basket_back: Callable[[], None]


class SignedInRequest(Request):
    """A request that its page's permission lets nobody make who is not signed in."""

    signed_in: Identity
