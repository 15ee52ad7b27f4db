"""Stripe's webhook events: whom they come from, and what they are about."""

import stripe

from ocpizza.domain.payment import WebhookEvent


class NotFromStripe(ValueError):
    """Not signed with our secret, too old, or unreadable."""


def read_event(payload: bytes, signature: str, secret: str) -> WebhookEvent:
    """Return the event that a webhook tells. Raises NotFromStripe."""
    try:
        event = stripe.Webhook.construct_event(payload, signature, secret)
        about = event.data.object
        of_intent = about.object == "payment_intent"
        intent_id = about.id if of_intent else getattr(about, "payment_intent", None)
        return WebhookEvent(event.id, event.type, about.id, intent_id)
    except (stripe.SignatureVerificationError, ValueError, AttributeError, KeyError) as error:
        raise NotFromStripe from error
