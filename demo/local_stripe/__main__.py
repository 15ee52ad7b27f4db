"""`python -m local_stripe --port 8420 [--webhook URL --secret SECRET]`, on loopback only."""

import argparse

from aiohttp import web

from local_stripe import webhooks
from local_stripe.server import make_app

arguments = argparse.ArgumentParser(prog="local_stripe", description=__doc__)
arguments.add_argument("--port", type=int, default=8420)
arguments.add_argument("--webhook", help="where events are told")
arguments.add_argument("--secret", default="whsec_demo", help="what they are signed with")
given = arguments.parse_args()
if given.webhook:
    webhooks.endpoints["shop"] = (given.webhook, given.secret)
web.run_app(make_app(), host="127.0.0.1", port=given.port, access_log=None)
