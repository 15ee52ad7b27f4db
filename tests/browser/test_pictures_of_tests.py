"""Pictures that tests make from nothing are such that Chromium shows them."""

import base64

from playwright.sync_api import Browser

from operations.update.pictures import PICTURES


def test_chromium_shows_each_of_them(chromium: Browser):
    page = chromium.new_page()
    for extension, content in PICTURES.items():
        kind = {"jpg": "jpeg", "ico": "x-icon"}.get(extension, extension)
        source = f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
        page.set_content(f'<img src="{source}">')
        page.wait_for_function("document.images[0].complete")
        assert page.evaluate("document.images[0].naturalWidth") > 0, extension
    page.close()
