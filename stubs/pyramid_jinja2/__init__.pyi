from collections.abc import Callable
from typing import Any

from jinja2 import Template

class Jinja2TemplateRenderer:
    def __init__(self, template_loader: Callable[[], Template]) -> None: ...
    def __call__(self, value: dict[str, Any], system: dict[str, Any]) -> str: ...
