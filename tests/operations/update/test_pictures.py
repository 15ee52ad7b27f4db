"""Pictures are what they say; Chromium is asked whether ours are."""

import pytest

from ocpizza import static_files
from ocpizza.operations.update.pictures import NotAPicture, check_picture
from operations.update.pictures import GIF, PICTURES, icon, jpeg, png, png_of

OURS = [path for path in static_files.FOLDER.rglob("*") if path.suffix[1:] in PICTURES]


@pytest.mark.parametrize("extension", PICTURES)
def test_a_picture_is_one(extension):
    width, height = check_picture(extension, PICTURES[extension])
    assert width == height


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_those_that_the_shop_ships_are_pictures(path):
    assert check_picture(path.suffix[1:], path.read_bytes()) > (0, 0)


@pytest.mark.parametrize(
    ("extension", "content", "size"),
    [
        ("png", png(3, 5), (3, 5)),
        ("jpg", jpeg(640, 480), (640, 480)),
        ("gif", GIF, (1, 1)),
        ("ico", icon(48), (48, 48)),
        ("ico", icon(256), (256, 256)),
    ],
)
def test_its_size_is_read(extension, content, size):
    assert check_picture(extension, content) == size


@pytest.mark.parametrize("extension", PICTURES)
@pytest.mark.parametrize("named", PICTURES)
def test_one_kind_is_not_another(extension, named):
    if extension != named:
        with pytest.raises(NotAPicture, match="it is no "):
            check_picture(named, PICTURES[extension])


@pytest.mark.parametrize(
    ("begins", "named"),
    [
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"\0\0\0\x1cftypheic", "HEIC"),
        (b"\0\0\0\x20ftypavif", "AVIF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (jpeg(3, 3), "JPEG"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_is_instead_is_said(begins, named):
    with pytest.raises(NotAPicture, match=f"^it is no PNG but {named}: save it as PNG$"):
        check_picture("png", begins)


@pytest.mark.parametrize("extension", PICTURES)
def test_a_picture_that_is_cut_anywhere_is_none(extension):
    content = PICTURES[extension]
    for length in range(len(content)):
        with pytest.raises(NotAPicture):
            check_picture(extension, content[:length])


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"<html>" * 99],
)
@pytest.mark.parametrize("extension", PICTURES)
def test_anything_else_is_no_picture(extension, content):
    with pytest.raises(NotAPicture):
        check_picture(extension, content)


def test_one_byte_that_is_wrong_in_a_png_is_seen():
    content = png(4, 4)
    for position in range(8, len(content)):
        spoilt = content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        with pytest.raises(NotAPicture):
            check_picture("png", spoilt)


@pytest.mark.parametrize("size", [(40_000, 40_000), (2**31, 1), (0, 5), (5, 0)])
def test_a_picture_of_a_size_that_no_telephone_shows_is_refused(size):
    with pytest.raises(NotAPicture, match=r"pixels are too many: 40 million at most|it is empty"):
        check_picture("png", png_of(*size, b""))
