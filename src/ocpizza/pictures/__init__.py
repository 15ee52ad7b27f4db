"""Deterministic SVG pictures of the products: the same toppings, the same picture."""

from ocpizza.pictures.draw import ART_VERSION, draw

__all__ = ["ART_VERSION", "draw"]
