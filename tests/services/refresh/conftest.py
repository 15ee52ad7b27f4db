"""Two databases of one chain, on either kind of database."""

import pytest

from services.refresh.chains import Chains, open_chain


@pytest.fixture
def chains(committed_database, backend, databases):
    with databases.private(backend) as source:
        open_chain(source)
        open_chain(committed_database)
        yield Chains(source, committed_database)
