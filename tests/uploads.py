"""Files as people upload them: photos made by Pillow, and what is none."""

import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from ocpizza.domain.photo import Photo
from ocpizza.models.product import Product
from ocpizza.photos.encode import encode
from ocpizza.services.catalogue.product_photo import show_photo
from ocpizza.services.trail.record import Signature


def photo(width: int = 640, height: int = 480, form: str = "JPEG", mode="RGB", **options) -> bytes:
    """A photo: red above, green below, blue in the middle."""
    image = Image.new("RGB", (width, height), (200, 30, 20))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 2, width, height), fill=(30, 160, 40))
    middle = (width // 2 - 60, height // 2 - 60, width // 2 + 60, height // 2 + 60)
    draw.rectangle(middle, fill=(20, 40, 200))
    return written(image.convert(mode), form, **options)


def written(image: Image.Image, form: str, **options) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def show(session: Session, product: Product, content: bytes, shown: str = "") -> Photo:
    """Have a product shown by a photo; gives what became of it."""
    made = encode(content)
    show_photo(session, product.id, shown, made, None, Signature(None, datetime.now(UTC)))
    return made


def read(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, parts))


def webp_bomb() -> bytes:
    """A WebP of a few bytes that says it has 16,384 × 16,384 pixels, in several pictures."""
    head = bytes([2, 0, 0, 0]) + (16_383).to_bytes(3, "little") * 2
    chunks = b"VP8X" + struct.pack("<I", 10) + head + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def _chunk(part: tuple[bytes, bytes]) -> bytes:
    kind, data = part
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
