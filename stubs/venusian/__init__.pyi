from collections.abc import Iterable
from types import ModuleType
from typing import Any

class Scanner:
    def __init__(self, **kw: Any) -> None: ...
    def scan(self, package: ModuleType, categories: Iterable[str] | None = None) -> None: ...
