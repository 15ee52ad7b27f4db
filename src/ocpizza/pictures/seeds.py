"""Chance and colour that are the same in every process and on every machine."""

import colorsys
import hashlib
import random
from collections.abc import Sequence


def digest(codes: Sequence[str]) -> str:
    """Return the hexadecimal SHA-256 of the codes, in the order given."""
    return hashlib.sha256("\n".join(codes).encode()).hexdigest()


def chance(codes: Sequence[str]) -> random.Random:
    """Return a generator whose draws depend on the codes only."""
    return random.Random(int(digest(codes)[:16], 16))  # noqa: S311 - drawing, not secrecy


def tint(code: str, lightness: float = 0.5, saturation: float = 0.55) -> str:
    """Return a #rrggbb colour whose hue is taken from the code."""
    hue = int(digest([code])[:6], 16) / 0xFFFFFF
    parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
