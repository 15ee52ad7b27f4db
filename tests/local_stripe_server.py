"""The simulated Stripe in a process of its own, and what tests tell it."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

DEMO = Path(__file__).parents[1] / "demo"
CARD = {"exp_month": 12, "exp_year": 2040, "cvc": "123"}
GOOD, DECLINED, POOR = "4242424242424242", "4000000000000002", "4000000000009995"
SECURE, SECURE_THEN_DECLINED = "4000002760003184", "4000008400001629"
NOT_THROUGH_A_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class LocalStripe:
    """Speaks to the simulator: as Stripe.js does, as a test that wants faults, as an accountant."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with NOT_THROUGH_A_PROXY.open(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def post(self, path: str, key: str | None = None, **fields: Any) -> tuple[int, Any]:
        """A call with the secret key, as Stripe's own libraries make it."""
        headers = {"Authorization": "Bearer sk_test_12345", "Idempotency-Key": key or ""}
        request = urllib.request.Request(
            self.url + path, urlencode(fields).encode(), headers, method="POST"
        )
        try:
            with NOT_THROUGH_A_PROXY.open(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def get(self, path: str) -> Any:
        return self.call("GET", path, Authorization="Bearer sk_test_12345")[1]

    def confirm(
        self, secret: str, number: str = GOOD, keep: bool = False, account: str | None = None
    ) -> tuple[int, Any]:
        """What Stripe.js sends when the customer gives a new card and presses « payer »."""
        card = {"type": "card", "card": CARD | {"number": number}}
        usage = {"setup_future_usage": "on_session"} if keep else {}
        return self._from_browser(secret, "confirm", {"payment_method_data": card} | usage, account)

    def confirm_kept(self, secret: str, card_id: str) -> tuple[int, Any]:
        """What it sends when they choose one of theirs."""
        return self._from_browser(secret, "confirm", {"payment_method": card_id})

    def authenticate(self, secret: str, success: bool) -> tuple[int, Any]:
        return self._from_browser(secret, "_authenticate", {"success": success})

    def _from_browser(
        self, secret: str, what: str, fields: Any, account: str | None = None
    ) -> tuple[int, Any]:
        body = {"key": "pk_test_12345", "client_secret": secret} | fields
        if account:
            body["_stripe_account"] = account
        return self.call("POST", f"/v1/payment_intents/{secret.split('_secret_')[0]}/{what}", body)

    def fail(self, path: str, kind: str, times: int = 1, seconds: float = 0) -> None:
        """Have the next calls of `path` (a regular expression) go wrong."""
        fault = {"path": path, "kind": kind, "times": times, "seconds": seconds}
        assert self.call("POST", "/_control/faults", fault)[0] == 200

    def work_again(self) -> None:
        self.call("DELETE", "/_control/faults")

    def expire(self, intent_id: str) -> None:
        self.call("POST", f"/_control/intents/{intent_id}/expire", {})

    def become(self, card_id: str, number: str) -> None:
        """Have a saved card behave as the one of this number."""
        self.call("POST", f"/_control/cards/{card_id}/become", {"number": number})

    def tell(self, url: str, secret: str, name: str = "test") -> None:
        self.call("POST", f"/_config/webhooks/{name}", {"url": url, "secret": secret})

    def events(self) -> list[dict[str, Any]]:
        return self.call("GET", "/_control/events")[1]

    def calls(self) -> list[str]:
        return self.call("GET", "/_control/calls")[1]

    def customers(self) -> dict[str, list[str]]:
        """Every customer and their cards."""
        return self.call("GET", "/_control/customers")[1]

    def intents(self) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in self.call("GET", "/_control/intents")[1]}


@contextmanager
def local_stripe() -> Iterator[LocalStripe]:
    """A simulator of one's own, empty, on a free port of loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "local_stripe", "--port", str(port)]
    process = subprocess.Popen(command, cwd=DEMO, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port, process)
        yield LocalStripe(port)
    finally:
        process.terminate()
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("the simulator did not start")
