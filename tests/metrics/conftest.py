"""The website, for tests of this folder."""

from views.website import browser, website

__all__ = ["browser", "website"]
