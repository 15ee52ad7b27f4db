"""The website, for tests of this folder, on the database that is harder to please."""

import pytest

from views.website import browser, website

__all__ = ["browser", "website"]


@pytest.fixture
def backend() -> str:
    """PostgreSQL refuses NUL, wide integers and bad UTF-8, SQLite hardly anything."""
    return "postgresql"
