"""The cookie that knows a device again until the end of the day, and who has signed in there."""

from functools import partial
from typing import TYPE_CHECKING

from ocpizza.cookie_names import cookie_name
from ocpizza.domain.hours import business_day, span
from ocpizza.forms.device import PERSONAL, SHARED
from ocpizza.models.account import Account
from ocpizza.services.account.devices import arrive

if TYPE_CHECKING:
    from pyramid.response import Response

    from ocpizza.request import Request

COOKIE = "ocpizza_device"
FIELD = "appareil"
SAID = {SHARED: True, PERSONAL: False}


def device_secret(request: "Request") -> str | None:
    """Return what the browser was given for this device, if it was."""
    return request.cookies.get(cookie_name(request, COOKIE))


def keep_said(request: "Request") -> None:
    """Have what was said of the device beside the password wait for the second factor."""
    said = request.POST.get(FIELD, "")
    if said in SAID:
        request.session[FIELD] = said


def arrive_here(request: "Request", account: Account, *, half: bool = False) -> bool | None:
    """Note that a member of staff has signed in here; return whether others use the device.

    After the second factor (`half`), what they said of it came with the password.
    """
    if account.employee is None:
        return None
    said = request.session.get(FIELD, "") if half else request.POST.get(FIELD, "")
    known = device_secret(request)
    arrival = arrive(request.db, known, account, SAID.get(said), request.now)
    if arrival.secret:
        _today, end = span(business_day(request.now))
        seconds = int((end - request.now).total_seconds())
        request.add_response_callback(partial(_set_cookie, arrival.secret, seconds))
    return arrival.shared


def _set_cookie(secret: str, seconds: int, request: "Request", response: "Response") -> None:
    response.set_cookie(
        cookie_name(request, COOKIE),
        secret,
        max_age=seconds,
        secure=request.scheme == "https",
        httponly=True,
        samesite="Lax",
    )
