from typing import Any

from pyramid.request import Request
from pyramid.response import Response

def render(
    renderer_name: str, value: Any, request: Request | None = None, package: Any = None
) -> str: ...
def render_to_response(
    renderer_name: str,
    value: Any,
    request: Request | None = None,
    package: Any = None,
    response: Response | None = None,
) -> Response: ...

class RendererHelper:
    name: str
