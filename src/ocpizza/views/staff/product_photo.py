"""The photo of a product: uploaded, made anew, shown instead of its drawing, taken away."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import StaffProduct
from ocpizza.domain.photo import LEAST, MAX_BYTES, MAX_PIXELS, Fault, NotAPhoto
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.photo import PhotoForm
from ocpizza.i18n import _
from ocpizza.photos.encode import encode
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.managing import NotManaged, whole_product
from ocpizza.services.catalogue.product_photo import photo_of, remove_photo, show_photo
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature
from ocpizza.views.staff.products import check_may_change

MANAGER = {"permission": Permission.PRODUCTS}
PAGE = {"route_name": "product_photo", "renderer": "staff/product_photo.jinja2", **MANAGER}
FAULTS = {
    Fault.FORMAT: _("Ce fichier n’est pas une photo JPEG, PNG ou WebP."),
    Fault.DAMAGED: _("Cette photo est abîmée ou incomplète : choisissez-en une autre."),
    Fault.TOO_LARGE: _(
        "Cette photo compte trop de pixels : ${most} millions au plus.",
        mapping={"most": MAX_PIXELS // 10**6},
    ),
    Fault.TOO_SMALL: _(
        "Cette photo est trop petite : au moins ${least} × ${least} pixels.",
        mapping={"least": LEAST},
    ),
    Fault.TOO_SLOW: _(
        "Cette photo est trop longue à lire : enregistrez-la de nouveau en JPEG, ou choisissez-en "
        "une autre."
    ),
    Fault.BUSY: _("Une autre photo est en cours de lecture : réessayez dans un instant."),
}
CHANGED = _(
    "La photo a été changée entre-temps par quelqu’un d’autre : l’image actuelle est affichée. "
    "Choisissez de nouveau la vôtre pour la remplacer."
)
STALE = _("La photo a été changée entre-temps : l’image actuelle est affichée.")


@view_config(**PAGE, request_method="GET")
def ask(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    return _page(context, request, PhotoForm())


@view_config(**PAGE, request_method="POST")
def change(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    form, id = PhotoForm(request.POST), context.product.id
    manager_of, signed = managed_restaurant(request), signature(request)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    # While a photo is read nobody waits for a connection, or for what this one has locked.
    request.commit_now()
    try:
        photo = encode(form.content)
        show_photo(request.db, id, form.shown.data or "", photo, manager_of, signed)
    except NotAPhoto as refused:
        form.refuse(form.photo, FAULTS[refused.fault])
        return ask_again(request, _page(context, request, form))
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        form.form_errors = [CHANGED]
        return ask_again(request, _page(context, request, form))
    say(request, _("La photo est enregistrée : les clients la voient."), "success")
    return _back(context, request)


@view_config(route_name="product_photo_remove", request_method="POST", **MANAGER)
def remove(context: StaffProduct, request: SignedInRequest) -> HTTPSeeOther:
    shown, id = request.POST.get("shown", ""), context.product.id
    try:
        remove_photo(request.db, id, shown, managed_restaurant(request), signature(request))
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        say(request, STALE, "error")
    else:
        say(request, _("La photo est enlevée : le dessin est de retour."), "success")
    return _back(context, request)


def _page(context: StaffProduct, request: SignedInRequest, form: PhotoForm) -> dict[str, Any]:
    product = whole_product(request.db, context.product.id)
    # What is chosen next replaces what is shown now.
    form.shown.data = photo_of(product)
    return {
        "form": form,
        "product": product,
        "limits": {"bytes": MAX_BYTES // 10**6, "pixels": MAX_PIXELS // 10**6, "least": LEAST},
    }


def _back(context: StaffProduct, request: SignedInRequest) -> HTTPSeeOther:
    code, slug = context.restaurant.code, context.product.slug
    return go_to(request, "product_photo", code=code, product=slug)
