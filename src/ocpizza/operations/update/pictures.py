"""Whether bytes are the picture that their extension says, all of it, and of a sensible size.

Looked at, never decoded: they are served as they are, and browsers decode; here a cut, renamed or
huge file is told.
"""

import struct
import zlib
from collections.abc import Iterator

# 40 million: what a telephone's camera takes; decoded, a browser needs four bytes for each.
MOST_PIXELS = 40_000_000
CUT = "it is cut short"
PNG, GIFS, JPEG, ICON = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"\xff\xd8", b"\0\0\1\0"
# JPEG's markers that stand alone, and those that tell the size (SOFn).
ALONE = {0x01, *range(0xD0, 0xD9)}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
START_OF_SCAN, END_OF_IMAGE = 0xDA, 0xD9


# What people have instead, by its first bytes and where they begin: a new extension changes none.
OTHERS = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8", "JPEG"),
    (0, b"GIF8", "GIF"),
    (0, b"\0\0\1\0", "icon"),
    (0, b"%PDF-", "PDF"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (8, b"WEBP", "WebP"),
    (8, b"avif", "AVIF"),
    (8, b"heic", "HEIC"),
    (8, b"mif1", "HEIC"),
    (0, b"<svg", "SVG"),
    (0, b"<?xml", "SVG"),
)


class NotAPicture(ValueError):
    """It is not what it should be; the message says why."""


def check_picture(extension: str, content: bytes) -> tuple[int, int]:
    """Return width and height in pixels. Raises NotAPicture."""
    try:
        width, height = SIZES[extension](content)
    except (struct.error, IndexError) as error:
        raise NotAPicture(CUT) from error
    if not width or not height:
        raise NotAPicture("it is empty")
    if width * height > MOST_PIXELS:
        most = MOST_PIXELS // 10**6
        raise NotAPicture(f"{width} × {height} pixels are too many: {most} million at most")
    return width, height


def _other(wanted: str, content: bytes) -> str:
    for at, begins, name in OTHERS:
        if content.startswith(begins, at):
            return f"it is no {wanted} but {name}: save it as {wanted}"
    return f"it is no {wanted}"


def _png(content: bytes) -> tuple[int, int]:
    if not content.startswith(PNG):
        raise NotAPicture(_other("PNG", content))
    size, kind, position = (0, 0), b"", len(PNG)
    seen: list[bytes] = []
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", content, position)
        kind = content[position + 4 : position + 8]
        end = position + 8 + length
        (sum_said,) = struct.unpack_from(">I", content, end)
        if zlib.crc32(content[position + 4 : end]) != sum_said:
            raise NotAPicture("it is damaged")
        if kind == b"IHDR":
            size = struct.unpack_from(">II", content, position + 8)
        seen.append(kind)
        position = end + 4
    if seen[0] != b"IHDR" or seen.count(b"IHDR") > 1 or b"IDAT" not in seen:
        raise NotAPicture("it is damaged")
    return size


def _gif(content: bytes) -> tuple[int, int]:
    if not content.startswith(GIFS):
        raise NotAPicture(_other("GIF", content))
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    position = 13 + _colours(flags)
    while content[position] != 0x3B:
        if content[position] == 0x2C:
            frame = struct.unpack_from("<HH", content, position + 5)
            width, height = max(width, frame[0]), max(height, frame[1])
            position += 10 + _colours(content[position + 9]) + 1
        elif content[position] == 0x21:
            position += 2
        else:
            raise NotAPicture("it is damaged")
        while content[position]:
            position += content[position] + 1
        position += 1
    return width, height


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _jpeg(content: bytes) -> tuple[int, int]:
    if not content.startswith(JPEG):
        raise NotAPicture(_other("JPEG", content))
    size, position = (0, 0), len(JPEG)
    for marker, position in _segments(content):
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", content, position + 3)
            size = (width, height)
    # Before the picture's own data there may be a smaller one; cameras write more after its end.
    if content.find(b"\xff\xd9", position) < 0:
        raise NotAPicture(CUT)
    return size


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Give each marker up to that of the picture's own data, and where its length stands."""
    position = len(JPEG)
    marker = 0
    while marker not in (START_OF_SCAN, END_OF_IMAGE):
        if content[position] != 0xFF:
            raise NotAPicture("it is damaged")
        marker = content[position + 1]
        position += 2
        if marker in ALONE:
            continue
        if marker == 0xFF:
            position -= 1
            continue
        yield marker, position
        (length,) = struct.unpack_from(">H", content, position)
        position += length


def _icon(content: bytes) -> tuple[int, int]:
    if not content.startswith(ICON):
        raise NotAPicture(_other("icon", content))
    (count,) = struct.unpack_from("<H", content, 4)
    largest = (0, 0)
    for number in range(count):
        width, height, length, offset = struct.unpack_from("<BB6xII", content, 6 + 16 * number)
        if not length or offset + length > len(content):
            raise NotAPicture(CUT)
        inner = content[offset : offset + length]
        # One byte: 0 stands for 256. A PNG in it has a size of its own.
        found = _png(inner) if inner.startswith(PNG) else (width or 256, height or 256)
        largest = max(largest, found)
    return largest


SIZES = {"png": _png, "gif": _gif, "jpg": _jpeg, "ico": _icon}
