from typing import Any

ILocalizer: Any
