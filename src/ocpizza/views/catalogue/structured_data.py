"""A restaurant and its menu as schema.org says it, for search engines."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ocpizza.domain.hours import Exceptional, Opening
from ocpizza.domain.menu import Assortment, MenuProduct, Size
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.i18n.localizer import localizer
from ocpizza.labels import label
from ocpizza.models.product import Kind
from ocpizza.rendering import written_in
from ocpizza.views.catalogue.picture import shown_photo
from ocpizza.views.machine.discovery import own_url

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.request import Request

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# The slugs of products that have pictures which are no drawings, and their addresses.
Photos = tuple[tuple[str, str], ...]
# What could end the script, or begin a comment in it, is written as JSON may write it.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def restaurant_data(request: "Request", point: PointOfSale, assortment: Assortment) -> Markup:
    """Return the content of an `application/ld+json` script: data of the shop, no visitor's."""
    url = own_url(request, request.route_path("menu", restaurant=point.slug))
    picture = own_url(request, request.static_file("share.jpg"))
    photos = _photos(request, assortment)
    return _written(url, picture, request.locale_name, point, assortment, photos)


def _photos(request: "Request", assortment: Assortment) -> Photos:
    own = request.registry["overlay"].photos
    return tuple(
        (product.slug, own_url(request, photo))
        for product in assortment.products
        if (own or product.photo)
        and (photo := shown_photo(request, product.kind, product.slug, product.photo))
    )


@lru_cache(maxsize=200)
def _written(
    url: str,
    picture: str,
    language: str,
    point: PointOfSale,
    assortment: Assortment,
    photos: Photos,
) -> Markup:
    images = {slug: {"image": photo} for slug, photo in photos}
    sections = [
        {
            "@type": "MenuSection",
            "name": localizer(language).translate(label(kind)),
            "hasMenuItem": [
                _item(url, language, product) | images.get(product.slug, {}) for product in products
            ],
        }
        for kind in Kind
        if (products := [one for one in assortment.products if one.kind is kind])
    ]
    known = {
        "@context": "https://schema.org",
        "@type": "Restaurant",
        "@id": url,
        "name": point.name,
        "url": url,
        "image": picture,
        "telephone": point.phone,
        "servesCuisine": "Pizza",
        "priceRange": "€",
        "acceptsReservations": False,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": point.street,
            "postalCode": point.postcode,
            "addressLocality": point.town,
            "addressCountry": "FR",
        },
        "openingHoursSpecification": [_hours(opening) for opening in point.openings],
        "specialOpeningHoursSpecification": [
            hours for days in point.exceptions for hours in _special(days)
        ],
        "hasMenu": {
            "@type": "Menu",
            "url": url,
            "inLanguage": language,
            "hasMenuSection": sections,
        },
    }
    text = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(ESCAPES))  # noqa: S704


def _item(url: str, language: str, product: MenuProduct) -> dict[str, Any]:
    return {
        "@type": "MenuItem",
        "name": product.name,
        "description": written_in(language, product, "description"),
        "url": f"{url}/{product.slug}",
        "offers": [_offer(language, size) for size in product.sizes],
    }


def _offer(language: str, size: Size) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "name": written_in(language, size, "name"),
        "price": f"{size.price_cents // 100}.{size.price_cents % 100:02}",
        "priceCurrency": "EUR",
    }


def _hours(opening: Opening) -> dict[str, Any]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": DAYS[opening.weekday],
        "opens": _time(opening.opens_minute),
        "closes": _time(opening.closes_minute),
    }


def _special(days: Exceptional) -> Iterator[dict[str, Any]]:
    """Yield the hours of these days; closed all day is written from midnight to midnight."""
    for opens, closes in days.spans or ((0, 0),):
        yield {
            "@type": "OpeningHoursSpecification",
            "validFrom": days.first_day.isoformat(),
            "validThrough": days.last_day.isoformat(),
            "opens": _time(opens),
            "closes": _time(closes),
        }


def _time(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def includeme(config: "Configurator") -> None:
    config.add_request_method(restaurant_data)
