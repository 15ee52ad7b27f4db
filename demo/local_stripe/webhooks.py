"""Events told at once, signed, of the version that the shop asks for."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

import aiohttp
from localstripe.resources import random_id

VERSION = "2020-08-27"
HEADERS = {"Content-Type": "application/json; charset=utf-8"}
endpoints: dict[str, tuple[str, str]] = {}  # name: (url, secret)
sent: list[str] = []
_running: set[asyncio.Task[None]] = set()


def signature(payload: str, secret: str, at: int | None = None) -> str:
    """The Stripe-Signature header of a payload."""
    at = int(time.time()) if at is None else at
    signed = hmac.new(secret.encode(), f"{at}.{payload}".encode(), hashlib.sha256)
    return f"t={at},v1={signed.hexdigest()}"


def send(kind: str, about: Any) -> None:
    """Tell every endpoint of an event, without waiting for their answers."""
    event = {
        "id": f"evt_{random_id(24)}",
        "object": "event",
        "api_version": VERSION,
        "created": int(time.time()),
        "livemode": False,
        "pending_webhooks": len(endpoints),
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        "data": {"object": about._export()},
    }
    if account := getattr(about, "_account", None):
        event["account"] = account
    payload = json.dumps(event)
    sent.append(payload)
    for url, secret in endpoints.values():
        task = asyncio.ensure_future(_deliver(url, secret, payload))
        _running.add(task)
        task.add_done_callback(_running.discard)


async def _deliver(url: str, secret: str, payload: str) -> None:
    headers = HEADERS | {"Stripe-Signature": signature(payload, secret)}
    # A shop that is down is told no more: what it missed, it learns by asking.
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(30)) as session:
            await session.post(url, data=payload, headers=headers)
    except (aiohttp.ClientError, TimeoutError):
        pass
