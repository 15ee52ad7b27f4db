"""What views are told of a request is what our rooms give to each."""

import webtest
from pyramid.interfaces import IRequestExtensions

from ocpizza.request import Request

WEBOBS = {"POST", "params"}


def test_a_request_has_what_views_are_told_of_it(app: webtest.TestApp):
    given = app.app.registry.getUtility(IRequestExtensions)
    declared = set(Request.__annotations__) - WEBOBS
    assert declared <= {*given.methods, *given.descriptors}
    assert {"db", "now", "signed_in", "settle_after_commit"} <= declared
