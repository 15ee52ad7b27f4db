"""The website, for tests of this folder."""

from views.website import application, browser, chains, website

__all__ = ["application", "browser", "chains", "website"]
