"""What a page's mark tells, and of which posts it is asked."""

from datetime import UTC, datetime
from types import SimpleNamespace

from pyramid.request import Request

from ocpizza.security.page_marks import FIELD, KEY, marked_for, page_mark


def request_at(moment: datetime, **fields: str) -> Request:
    request = Request.blank("/", POST=fields)
    request.registry, request.now = {KEY: b"key"}, moment
    return request


def test_a_post_that_was_refused_before_it_was_read_is_not_read_for_its_mark():
    """A body may be a large file, and broken: whoever sent it may be anybody."""
    now = datetime(2026, 3, 4, tzinfo=UTC)
    page = request_at(now)
    page.signed_in = SimpleNamespace(account_id=7)
    post = request_at(now, **{FIELD: f"token{page_mark(page)}"})
    assert marked_for(post) is None
    assert post.body_file_raw.tell() == 0
    assert FIELD in post.POST
    assert marked_for(post) == 7
