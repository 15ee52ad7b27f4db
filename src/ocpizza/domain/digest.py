"""What is kept of a text that no row may hold as it is."""

import hashlib


def digest_of(text: str) -> str:
    """Return its SHA-256 in hexadecimal digits.

    Of what is drawn at random it gives nothing away; of a name or an address it only hides them
    from a glance: passwords and short codes are hashed as such (`domain/passwords`).
    """
    return hashlib.sha256(text.encode()).hexdigest()
