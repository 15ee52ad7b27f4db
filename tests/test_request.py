"""What views are told of a request is what our rooms give to each."""

import webob
import webtest
from pyramid.interfaces import IRequestExtensions

from ocpizza.request import Request

WEBOBS = {"POST", "params"}


def test_a_request_has_what_views_are_told_of_it(app: webtest.TestApp):
    given = app.app.registry.getUtility(IRequestExtensions)
    declared = set(Request.__annotations__) - WEBOBS
    assert declared <= {*given.methods, *given.descriptors}
    assert {"db", "now", "signed_in", "settle_after_commit"} <= declared


def test_all_requests_of_an_application_are_of_one_class(app: webtest.TestApp):
    environ = webob.Request.blank("/").environ
    first, second = (app.app.request_context(dict(environ)).request for _ in range(2))
    assert type(first) is type(second)
    assert first.now <= second.now
    assert set(Request.__annotations__) - WEBOBS <= set(dir(type(first)))
