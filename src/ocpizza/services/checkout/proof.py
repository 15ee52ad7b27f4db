"""What a web order, or a change of one, keeps of the form that made it: who sends it again."""

import hashlib
from base64 import urlsafe_b64encode

from ocpizza.domain.checkout import StaleCheckout


def checkout_proof(basket_token: str | None, key: str | None) -> str:
    """Return one text (43 characters) of a form's key and the token of the basket it was shown for.

    Neither finds the order alone: it is told only to the session that has the basket. Raises
    StaleCheckout where one of them is missing.
    """
    if not basket_token or not key:
        raise StaleCheckout
    digest = hashlib.sha256(f"{basket_token} {key}".encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
