"""Photos that staff upload: what is taken, and what is kept of one."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

# What telephones take; 12 million pixels are their custom.
MAX_BYTES = 15_000_000
MAX_PIXELS = 30_000_000
# In pixels a side: of what is taken, and of the two squares that are kept.
LEAST, LARGE, SMALL = 320, 960, 288


class Fault(StrEnum):
    """Why a file is no photo for us."""

    FORMAT = "format"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TOO_SLOW = "too_slow"
    BUSY = "busy"


class NotAPhoto(ValueError):
    """A file cannot be shown as a photo."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Photo:
    """Two squares, made anew from what was uploaded: for a product's page, and for its card."""

    large: bytes
    small: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.large).hexdigest()
