"""The website, for tests of this folder, on the database that is harder to please."""

import pytest

from views.website import application, browser, chains, website

__all__ = ["application", "browser", "chains", "website"]


@pytest.fixture
def backend() -> str:
    """PostgreSQL refuses NUL, wide integers and bad UTF-8, SQLite hardly anything."""
    return "postgresql"
