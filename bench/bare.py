"""The baseline: a WSGI application that does nothing."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [b"<!doctype html><title>bare</title>"]
