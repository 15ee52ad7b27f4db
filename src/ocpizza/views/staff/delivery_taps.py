"""What drivers tap is sent by their telephone, again and again until it is answered."""

from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.contexts import Workplace
from ocpizza.forms.delivery import TapForm
from ocpizza.i18n import Shown, _
from ocpizza.labels import label
from ocpizza.models.delivery_tap import DeliveryTap, TapKind, TapOutcome
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.moments import clock
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.queries import find_order
from ocpizza.services.order.taps import Tap, record_tap
from ocpizza.views.staff.order import NOT_YOURS

ANOTHER, NOT_UNDERSTOOD = 409, 422
DONE = {
    TapKind.TAKE: _("Vous partez avec ${numbers}."),
    TapKind.DELIVER: _("${number} : ${status}"),
    TapKind.NOBODY: _("${number} : votre responsable sait que personne n’a ouvert."),
}
LOST = _("Trop tard : ${number} est « ${status} » depuis ${time}.")
CHANGE = _("À rendre : ${change}.")
MISSING = _("${number} : il manque ${missing}, la commande n’est pas livrée. Recommencez.")
OTHER_SUM = _(
    "${number} : la somme ne convient pas, la commande n’est pas livrée. Vérifiez-la et "
    "recommencez."
)
UNKNOWN = _("Cette action n’a pas été comprise : vérifiez la commande et recommencez.")


@view_config(route_name="deliveries_tap", request_method="POST", permission=Permission.DELIVERIES)
def tapped(context: Workplace, request: SignedInRequest) -> Answer:
    """Answer what came of a tap; 409 where it is somebody else's, which their telephone keeps."""
    form = TapForm(request.POST)
    if not form.validate():
        return _answer(request, NOT_UNDERSTOOD, "warning", UNKNOWN)
    if form.driver.data != request.signed_in.account_id:
        return _answer(request, ANOTHER, "warning", "")
    order = find_order(request.db, form.order.data, context.restaurant_id)
    if order is None:
        return _answer(request, NOT_UNDERSTOOD, "warning", UNKNOWN)
    means = Means(form.means.data) if form.means.data else None
    kind = TapKind(form.kind.data)
    sums = form.tendered.data, form.given_back.data or 0, form.due.data
    tap = Tap(form.key.data, kind, form.waited_for, means, *sums)
    came = record_tap(request.db, order.id, tap, request.signed_in.author, request.now)
    kinds = {TapOutcome.DONE: "success", TapOutcome.NOT_ALLOWED: "error"}
    return _answer(request, 200, kinds.get(came.outcome, "warning"), *_words(came))


def _words(came: DeliveryTap) -> list[str]:
    """Return what a driver is told of a tap, the same however often it is asked."""
    number = {"number": came.order.number}
    match came.outcome:
        case TapOutcome.MOVED_ON:
            since = {"status": label(came.status), "time": Shown(clock, came.status_since)}
            return [_(str(LOST), mapping=number | since)]
        case TapOutcome.NOT_ALLOWED:
            return [NOT_YOURS]
        case TapOutcome.OTHER_SUM:
            return [_(str(OTHER_SUM), mapping=number)]
        case TapOutcome.TOO_LITTLE:
            missing = {"missing": Shown(euros, came.missing_cents)}
            return [_(str(MISSING), mapping=number | missing)]
    mapping = number | {"numbers": came.order.number, "status": label(Status.DELIVERED)}
    told: list[str] = [_(str(DONE[came.kind]), mapping=mapping)]
    if came.change_cents:
        told.insert(0, _(str(CHANGE), mapping={"change": Shown(euros, came.change_cents)}))
    return told


def _answer(request: SignedInRequest, status: int, kind: str, *texts: str) -> Response:
    told = [request.localizer.translate(text) for text in texts if text]
    return Response(
        json_body={"kind": kind, "texts": told}, status=status, content_type="application/json"
    )
