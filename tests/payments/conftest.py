"""The till, for tests of this folder."""

from payments.till import gateway, stripe, stripe_server, till

__all__ = ["gateway", "stripe", "stripe_server", "till"]
