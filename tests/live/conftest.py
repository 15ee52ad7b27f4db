"""The application on a believable chain, and on both databases."""

import pytest

from databases import BACKENDS
from views.website import website

__all__ = ["website"]


@pytest.fixture(params=BACKENDS)
def backend(request) -> str:
    return request.param
