"""A PDF file read back: what it says, what it holds, what a camera sees on it."""

import ctypes
import io
import re

import pypdf
import pypdfium2
import zxingcpp


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """All that it says, on one line; unusual spaces made usual."""
    text = " ".join(page.extract_text() for page in read(content).pages)
    return re.sub(r"\s+", " ", text.replace("\u202f", " ").replace("\xa0", " "))


def names_in(content: bytes) -> set[str]:
    """The keys of every dictionary in the file, such as /JavaScript."""
    reader, found = read(content), set()
    for number in range(1, len(reader.xref[0]) + 1):
        _gather(reader.get_object(number), found)
    return found


def _gather(value, found: set[str]) -> None:
    if isinstance(value, dict):
        found.update(value)
        for inner in dict.values(value):
            _gather(inner, found)
    elif isinstance(value, list):
        for inner in list(value):
            _gather(inner, found)


def codes_on(content: bytes, page: int = 0) -> list[str]:
    """What the codes on a page say, read from its picture."""
    document = pypdfium2.PdfDocument(content)
    try:
        bitmap = document[page].render(scale=2, grayscale=True)
        shape = (bitmap.height, bitmap.stride)
        pixels = bytes((ctypes.c_ubyte * (shape[0] * shape[1])).from_buffer(bitmap.buffer))
        picture = memoryview(pixels).cast("B", shape)
        return [found.text for found in zxingcpp.read_barcodes(picture)]
    finally:
        document.close()
