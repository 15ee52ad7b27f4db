"""Views: read a form, call one service, redirect or render."""


def includeme(config):
    config.include("ocpizza.views.language")
    config.include("ocpizza.views.shop.cards")
    config.include("ocpizza.views.shop.discovery")
    config.include("ocpizza.views.shop.picture")
    config.include("ocpizza.views.shop.structured_data")
    config.include("ocpizza.views.shop.promotion_words")
    config.include("ocpizza.views.staff.navigation")
    config.scan("ocpizza.views")
