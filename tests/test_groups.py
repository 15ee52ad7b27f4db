"""Tests of one group, which share a droplet or a served shop, are kept together by the run."""

import pytest


@pytest.mark.xdist_group("kept_together")
def test_the_run_knows_the_group_of_a_test(request):
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("no run by groups")
    assert request.node.nodeid.endswith("@kept_together")
