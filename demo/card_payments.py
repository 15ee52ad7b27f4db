"""Stands in for Stripe in the demo: `local_stripe`, where `stripe.api_url` says, this machine only.

What it knows is gone when it ends: an order that then still awaits its payment stays so.
"""

import os
import sys
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from aiohttp import web

from local_stripe import webhooks
from local_stripe.server import make_app
from ocpizza.demo.peers import end_with_the_shop
from ocpizza.settings import load_settings


def main() -> None:
    settings = load_settings(Path(os.environ["OCPIZZA_CONFIG"]))
    shop = f"http://{settings['server.listen']}/stripe/evenements"
    webhooks.endpoints["shop"] = (shop, settings["stripe.webhook_secret"])
    place = urlsplit(settings["stripe.api_url"])
    Thread(target=end_with_the_shop, daemon=True).start()
    try:
        web.run_app(make_app(), host="127.0.0.1", port=place.port, access_log=None, print=None)
    except OSError as error:
        sys.exit(f"no online payment: port {place.port}: {error.strerror}")


if __name__ == "__main__":
    main()
