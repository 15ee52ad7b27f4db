from typing import Any

class Registry(dict[str, Any]):
    settings: dict[str, Any]
    introspector: Introspector

    def getUtility(self, provided: Any, name: str = "") -> Any: ...
    def registerUtility(self, component: object, provided: Any = None, name: str = "") -> None: ...

class Introspector:
    def get_category(
        self, category_name: str, default: Any = None, sort_key: Any = None
    ) -> list[dict[str, Any]] | None: ...
