"""Read a photo, write its two squares: `python -m ocpizza.photos.decode`, from stdin to stdout.

What is written: how long the large square is (four bytes), the large one, the small one; or, with
the status REFUSED, the fault. The limits on pixels are those on memory: the service may set none.
"""

import sys
import warnings
from io import BytesIO

from PIL import Image, ImageCms, ImageFile, ImageOps, UnidentifiedImageError
from PIL.Image import Resampling

from ocpizza.domain.photo import LARGE, LEAST, MAX_PIXELS, SMALL, Fault, NotAPhoto

REFUSED = 3
FORMATS = ("JPEG", "PNG", "WEBP")
# Bytes that a square should not exceed: a menu of twenty cards is looked at on the street.
MOST_LARGE, MOST_SMALL = 90_000, 9_000
QUALITIES = (80, 70, 60, 50, 40, 30, 20, 10)
BROKEN = (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, EOFError, MemoryError)


def main() -> int:
    try:
        large, small = squares(sys.stdin.buffer.read())
    except NotAPhoto as refused:
        sys.stdout.write(refused.fault)
        return REFUSED
    sys.stdout.buffer.write(len(large).to_bytes(4) + large + small)
    return 0


def squares(content: bytes) -> tuple[bytes, bytes]:
    """Return the two squares of a photo, as WebP. Raises NotAPhoto."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    # Its decoder takes memory for all pixels before it tells how many there are.
    _check_size(*_size_of_webp(content))
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            _check_size(*image.size, least=LEAST)
            large = _square(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotAPhoto(Fault.TOO_LARGE) from error
    except UnidentifiedImageError as error:
        raise NotAPhoto(Fault.FORMAT) from error
    except NotAPhoto:
        raise
    except BROKEN as error:
        raise NotAPhoto(Fault.DAMAGED) from error
    small = large.resize((SMALL, SMALL), Resampling.LANCZOS)
    return _written(large, MOST_LARGE), _written(small, MOST_SMALL)


def _check_size(width: int, height: int, *, least: int = 0) -> None:
    if width * height > MAX_PIXELS:
        raise NotAPhoto(Fault.TOO_LARGE)
    if min(width, height) < least:
        raise NotAPhoto(Fault.TOO_SMALL)


def _size_of_webp(content: bytes) -> tuple[int, int]:
    """Return what its head says; of another format, or without a size in it, nothing."""
    head, kind = content[:30].ljust(30, b"\0"), content[12:16]
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return 0, 0
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    # Neither of the others can be larger than 16 383 × 16 383: 14 bits a side.
    bits = int.from_bytes(head[21:25] if kind == b"VP8L" else head[26:30], "little")
    shift, more = (14, 1) if kind == b"VP8L" else (16, 0)
    return more + (bits & 0x3FFF), more + (bits >> shift & 0x3FFF)


def _square(image: Image.Image) -> Image.Image:
    """Return its middle, upright, in the colours of the web, and nothing else of it."""
    side = min(*image.size, LARGE)
    # A JPEG is decoded smaller already, which costs a fraction of the time and memory.
    image.draft(None, (side, side))
    image.load()
    square = ImageOps.fit(_resizable(image), (side, side), Resampling.LANCZOS)
    square = ImageOps.exif_transpose(square)
    square = _in_srgb(square, image.info.get("icc_profile"))
    # Where and when it was taken, by whom, with what: all of it goes.
    square.info = {}
    return square


def _resizable(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight are kept.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGB", "RGBA", "CMYK", "L") and "transparency" not in image.info:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(square: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if square.mode == "RGBA" else "RGB"
    if profile:
        try:
            known = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(square, known, srgb, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # Of another kind of colours than the picture, or none: as if there was none.
            converted = None
        if converted is not None:
            return converted
    return square.convert(mode)


def _written(square: Image.Image, most: int) -> bytes:
    written = b""
    for quality in QUALITIES:
        file = BytesIO()
        square.save(file, "WEBP", quality=quality, method=4)
        written = file.getvalue()
        if len(written) <= most:
            break
    return written


if __name__ == "__main__":
    sys.exit(main())
