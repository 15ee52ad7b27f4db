"""Messages for the next page wait in the cookie: so many and so long that it always holds them."""

import json

MAX_MESSAGES = 5
# Of JSON, for all of them together: a cookie holds some 2900 bytes of it, the rest takes 700.
MAX_BYTES = 1800


def bounded(messages: list[list[str]]) -> list[list[str]]:
    """Return the newest of these [kind, text], in their order.

    One that is too long alone is cut.
    """
    kept: list[list[str]] = []
    left = MAX_BYTES
    for message in reversed(messages[-MAX_MESSAGES:]):
        if not kept:
            message = _cut(message)
        left -= _size(message)
        if left < 0:
            break
        kept.insert(0, message)
    return kept


def _cut(message: list[str]) -> list[str]:
    kind, text = message
    # Halved until it fits, then nothing is lost but the end.
    while _size([kind, text]) > MAX_BYTES:
        text = text[: len(text) // 2]
    return [kind, text]


def _size(message: list[str]) -> int:
    return len(json.dumps(message)) + 2
