"""The till, for tests of this folder."""

from payments.till import gateway, stripe, till

__all__ = ["gateway", "stripe", "till"]
