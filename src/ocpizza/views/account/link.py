"""Pages that are reached by a secret link: nobody else learns the address, nothing keeps them."""

HEADERS = {"Referrer-Policy": "strict-origin", "Cache-Control": "no-store"}


def by_link(view):
    """A view whose answers name at most the site as referrer, and are not stored.

    A link only shows a button: scanners of mail open links, people press buttons.
    """

    def view_by_link(context, request):
        answer = view(context, request)
        answer.headers.update(HEADERS)
        return answer

    return view_by_link
