"""A postal address that an account keeps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A complete address in France."""

    street: str
    postcode: str
    town: str
    complement: str | None = None
