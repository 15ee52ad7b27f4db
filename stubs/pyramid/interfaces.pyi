from typing import Any

ILocalizer: Any
IRoutesMapper: Any
