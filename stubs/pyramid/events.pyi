from typing import Any

from pyramid.response import Response
from pyramid.router import Router

class NewRequest:
    request: Any  # of the application's own class

class NewResponse:
    request: Any
    response: Response

class BeforeTraversal:
    request: Any

class ApplicationCreated:
    app: Router

class ContextFound:
    request: Any
