"""The website, for tests of this folder."""

from views.website import application, backend, browser, chains, website

__all__ = ["application", "backend", "browser", "chains", "website"]
