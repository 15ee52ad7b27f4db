"""What becomes of uploaded photos, and which files are none."""

import numbers
import random
from io import BytesIO

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from ocpizza.domain.photo import LARGE, SMALL, Fault, NotAPhoto
from ocpizza.photos.decode import MOST_LARGE, MOST_SMALL, squares
from uploads import bomb, photo, read, webp_bomb, written

PLACE = b"48.8566 N, 2.3522 E"
RED, GREEN, BLUE = (200, 30, 20), (30, 160, 40), (20, 40, 200)


def close(pixel, colour, by: int = 25) -> bool:
    assert isinstance(pixel[0], numbers.Number)
    return all(abs(one - other) <= by for one, other in zip(pixel[:3], colour, strict=True))


def looks(image: Image.Image) -> bool:
    """Whether it is what `photo` gives: red above, green below, blue in the middle."""
    side = image.width
    at = [image.convert("RGB").getpixel((side // 2, side * part // 10)) for part in (1, 5, 9)]
    return all(map(close, at, (RED, BLUE, GREEN)))


FORMS = {
    "a JPEG": {},
    "a progressive one": {"progressive": True},
    "a grey one": {"mode": "L"},
    "a JPEG for printers": {"mode": "CMYK"},
    "a PNG": {"form": "PNG"},
    "a PNG with a palette": {"form": "PNG", "mode": "P"},
    "a PNG that is transparent": {"form": "PNG", "mode": "RGBA"},
    "a PNG of two colours": {"form": "PNG", "mode": "1"},
    "a WebP": {"form": "WEBP"},
    "an upright one": {"width": 480, "height": 640},
    "a large one": {"width": 4000, "height": 3000},
    "a long one": {"width": 3000, "height": 321},
}


@pytest.mark.parametrize("name", FORMS)
def test_a_photo_becomes_two_squares_that_weigh_little(name):
    large, small = map(read, squares(photo(**FORMS[name])))
    smaller = min(FORMS[name].get("width", 640), FORMS[name].get("height", 480))
    assert large.size == (min(LARGE, smaller),) * 2
    assert small.size == (SMALL, SMALL)
    assert {large.format, small.format} == {"WEBP"}
    if FORMS[name].get("mode") not in ("L", "1") and name != "a long one":
        assert looks(large)
        assert looks(small)


def test_even_noise_stays_within_the_weight_of_a_page():
    noise = Image.frombytes("RGB", (1200, 1200), random.Random(1).randbytes(1200 * 1200 * 3))
    soft = noise.resize((300, 300)).resize((1200, 1200), Image.Resampling.BICUBIC)
    large, small = squares(written(soft, "JPEG"))
    assert len(large) <= MOST_LARGE
    assert len(small) <= MOST_SMALL


def test_sixteen_bits_of_grey_are_the_same_grey():
    grey = Image.new("I;16", (400, 400), 0x8000)
    large, _ = squares(written(grey, "PNG"))
    assert close(read(large).getpixel((200, 200)), (128, 128, 128), by=4)


def test_what_is_transparent_stays_so():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    image.paste((200, 30, 20, 255), (100, 100, 300, 300))
    large, small = map(read, squares(written(image, "PNG")))
    for one in (large, small):
        assert one.mode == "RGBA"
        assert one.getpixel((2, 2))[3] == 0
        assert one.getpixel((one.width // 2,) * 2)[3] == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_sideways_stands_upright(orientation):
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = read(photo())
    if orientation in back:
        image = image.transpose(back[orientation])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    large, small = map(read, squares(written(image, "JPEG", exif=exif)))
    assert looks(large)
    assert looks(small)


def test_where_it_was_taken_is_forgotten():
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = PLACE.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 51.0, 24.0)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLACE.decode())
    xmp = b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>"
    told = [
        photo(exif=exif, comment=PLACE, xmp=xmp),
        photo(form="PNG", exif=exif, pnginfo=text),
        photo(form="WEBP", exif=exif, xmp=xmp),
    ]
    for content in told:
        assert PLACE in content
        for square in squares(content):
            image = read(square)
            assert PLACE not in square
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def test_what_is_hidden_behind_a_photo_is_not_kept():
    for square in squares(photo() + b"<script>alert(1)</script>PK\3\4"):
        assert b"script" not in square
        assert b"PK\3\4" not in square


def test_colours_of_another_profile_become_those_of_the_web():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wide = wide_gamut()
    plain = read(squares(photo())[0]).getpixel((240, 20))
    told = read(squares(photo(icc_profile=wide))[0]).getpixel((240, 20))
    assert not close(told, plain, by=5)
    # One that is none, or of something else, is as if it was not there.
    for profile in (b"nonsense", lab):
        assert close(read(squares(photo(icc_profile=profile))[0]).getpixel((240, 20)), plain, by=5)


def wide_gamut() -> bytes:
    """sRGB's profile with red and green told the other way round."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(profile[128:132])
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * count, 12)}
    red, green = tags[b"rXYZ"] + 4, tags[b"gXYZ"] + 4
    one, other = profile[red : red + 8], profile[green : green + 8]
    profile[red : red + 8], profile[green : green + 8] = other, one
    return bytes(profile)


def test_of_pictures_that_move_the_first_is_shown():
    first, second = read(photo()), Image.new("RGB", (640, 480), (255, 255, 255))
    for form in ("PNG", "WEBP"):
        moving = written(first, form, save_all=True, append_images=[second])
        assert looks(read(squares(moving)[0]))


NOT_PHOTOS = {
    "a text": (b"Regina, Margherita\n" * 50, Fault.FORMAT),
    "nothing": (b"", Fault.FORMAT),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', Fault.FORMAT),
    "a GIF": (photo(form="GIF"), Fault.FORMAT),
    "a TIFF": (photo(form="TIFF"), Fault.FORMAT),
    "a BMP": (photo(form="BMP"), Fault.FORMAT),
    "a PDF": (photo(form="PDF"), Fault.FORMAT),
    "a JPEG 2000": (photo(form="JPEG2000"), Fault.FORMAT),
    "an icon": (photo(form="ICO"), Fault.FORMAT),
    "a JPEG that is cut": (photo()[:-2000], Fault.DAMAGED),
    "a PNG that is cut": (photo(form="PNG")[:-200], Fault.DAMAGED),
    "a WebP that is cut": (photo(form="WEBP")[:-200], Fault.DAMAGED),
    "50 million pixels": (photo(8160, 6120, quality=10), Fault.TOO_LARGE),
    "a bomb": (bomb(), Fault.TOO_LARGE),
    "a smaller bomb": (bomb(6000, 6000), Fault.TOO_LARGE),
    "a bomb as WebP": (webp_bomb(), Fault.TOO_LARGE),
    "a small photo": (photo(640, 319), Fault.TOO_SMALL),
}


@pytest.mark.parametrize("name", NOT_PHOTOS)
def test_what_is_no_photo_is_told_why(name):
    content, fault = NOT_PHOTOS[name]
    with pytest.raises(NotAPhoto) as refused:
        squares(content)
    assert refused.value.fault is fault


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_damage_anywhere_is_a_fault_or_a_photo(form):
    content, chance = photo(form=form), random.Random(7)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            large, _small = squares(bytes(damaged))
        except NotAPhoto:
            continue
        assert Image.open(BytesIO(large)).format == "WEBP"
