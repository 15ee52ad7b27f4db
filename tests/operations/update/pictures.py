"""Small pictures that browsers show, made from nothing."""

import struct
import zlib

GIF = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")


def png(width: int = 2, height: int = 2) -> bytes:
    """A red one."""
    rows = b"".join(b"\0" + b"\xd3\x2f\x2f" * width for _ in range(height))
    return png_of(width, height, zlib.compress(rows))


def png_of(width: int, height: int, data: bytes) -> bytes:
    """One that says it is as large as that, whatever it holds."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", data),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def jpeg(width: int = 8, height: int = 8) -> bytes:
    """A grey one, by the shortest tables that there are."""
    segments = (
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        (0xDB, b"\0" + bytes([1] * 64)),
        (0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"),
        (0xC4, b"\0\x01" + bytes(15) + b"\0"),
        (0xC4, b"\x10\x01" + bytes(15) + b"\0"),
        (0xDA, b"\x01\x01\0\0\x3f\0"),
    )
    coded = b"".join(
        bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data for marker, data in segments
    )
    blocks = ((width + 7) // 8) * ((height + 7) // 8)
    return b"\xff\xd8" + coded + bytes((2 * blocks + 7) // 8) + b"\xff\xd9"


def icon(size: int = 16) -> bytes:
    """A PNG in an icon, as browsers have taken it for long."""
    picture = png(size, size)
    return (
        struct.pack("<HHH", 0, 1, 1)
        + struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), 22)
        + picture
    )


PICTURES = {"png": png(), "jpg": jpeg(), "gif": GIF, "ico": icon()}
