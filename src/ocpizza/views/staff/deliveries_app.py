"""The drivers' page on a telephone's home screen, and what of it opens without network."""

import json
from typing import Any

from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.i18n import _
from ocpizza.models.order_status import Status
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import deliveries_of
from ocpizza.static_files import FOLDER
from ocpizza.views.machine.discovery import app_icons
from ocpizza.views.staff.deliveries import deliveries_page

DRIVER = {"request_method": "GET", "permission": Permission.DELIVERIES}
# In memory: a running site reads none of its files.
WORKER = (FOLDER / "deliveries-worker.js").read_bytes()


@view_config(route_name="deliveries_copy", renderer="staff/deliveries.jinja2", **DRIVER)
def copy(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    """Answer the page with nothing on it but what whoever asks carries: a telephone keeps it."""
    own = deliveries_of(request.db, context.restaurant_id, request.signed_in.account_id)
    carried = [order for order in own if order.status is Status.OUT_FOR_DELIVERY]
    return deliveries_page(request, carried, {}) | {"copied_at": request.now}


@view_config(route_name="deliveries_manifest", **DRIVER)
def manifest(context: Workplace, request: SignedInRequest) -> Answer:
    page = request.route_path("deliveries", code=context.restaurant.code)
    title = request.localizer.translate(_("Livraisons"))
    known = {
        "id": page,
        "name": f"{title} · {context.restaurant.name}",
        "short_name": title,
        "lang": request.locale_name,
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "background_color": "#fdf7ee",
        "theme_color": "#b92d1b",
        "icons": app_icons(request),
    }
    content = json.dumps(known, ensure_ascii=False)
    return Response(content, content_type="application/manifest+json", charset="utf-8")


@view_config(route_name="deliveries_worker", **DRIVER)
def worker(context: Workplace, request: SignedInRequest) -> Answer:
    """Answer the service worker, which may see to this page and to nothing else of the site."""
    answer = Response(WORKER, content_type="text/javascript", charset="utf-8")
    scope = request.route_path("deliveries", code=context.restaurant.code)
    answer.headers["Service-Worker-Allowed"] = scope
    return answer
