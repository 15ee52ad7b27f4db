"""The website, for tests of this folder."""

from views.website import backend, browser, website

__all__ = ["backend", "browser", "website"]
