"""What is typed survives: a post refused until somebody shows who they are is not to type again.

What they had typed waits in the database (`services/account/kept_forms`), for the account whose
page it was, as the page itself says (`security/page_marks`): never for whoever signs in instead,
never for a post of another site. Once they are back, the page of the form is drawn as always and
filled in; nothing is ever sent by itself. No cookie, log or page holds it meanwhile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.interfaces import IRoutesMapper
from pyramid.request import Request as AnyRequest
from pyramid.response import Response

from ocpizza.i18n import _
from ocpizza.request import Request
from ocpizza.security.cross_site import same_origin
from ocpizza.security.methods import READ
from ocpizza.security.page_marks import FIELD as CSRF_TOKEN
from ocpizza.security.page_marks import marked_for
from ocpizza.security.polls import RELOADED, SENT_AGAIN
from ocpizza.services.account.kept_forms import Typed, drop_form, find_form, keep_form
from ocpizza.views.answers import say
from ocpizza.views.filling import fill_in
from ocpizza.views.return_path import FIELD, path_of_ours

if TYPE_CHECKING:
    from pyramid.config import Configurator

# In the query of the page that is filled in, and in its form, which so says that it has come.
RESUMED = "reprise"
PLACES = ("/equipe", "/compte")
# Of passwords and codes nothing is kept.
SECRET = frozenset({CSRF_TOKEN, "password", "current", "confirmation", "digits"})
MAX_LENGTH = 50_000
NOT_LOST = _("Rien n’est perdu : vous reprendrez là où vous en étiez.")
View = Callable[[Any, Request], Response]


@dataclass(frozen=True, slots=True)
class Kept:
    """Whose page it was, and the address at which they find it filled in."""

    account_id: int
    path: str


def to_who_typed(request: Request) -> Response | None:
    """Answer a post that comes from a page of another session than this one.

    Whose page it was goes on there, after signing in if they are not. None where nothing was typed,
    or not on a page of ours: that post is refused.
    """
    kept = keep_refused(request)
    if kept is None:
        return None
    who = request.signed_in
    if who is not None and who.account_id == kept.account_id:
        return _to(request, kept.path)
    if who is not None:
        text = _(
            "Ce formulaire a été ouvert par quelqu’un d’autre : rien n’est enregistré. La "
            "personne qui l’a rempli le retrouvera en se connectant ici."
        )
        say(request, text, "warning")
    else:
        say(request, NOT_LOST)
    return _to(request, request.route_path("sign_in", _query={FIELD: kept.path}))


def keep_refused(request: Request) -> Kept | None:
    """Keep what a post would have saved that is refused for now; None if there is nothing of it."""
    if request.method != "POST" or not _in_places(request.path) or not same_origin(request):
        return None
    if request.matched_route is None or request.matched_route.name in SENT_AGAIN:
        return None
    account_id = marked_for(request)
    if account_id is None:
        return None
    fields = _fields(request)
    page = next(filter(lambda path: _opens(request, path), _pages(request)), None)
    if page is None or not any(value.strip() for _name, value in fields):
        return None
    path = f"{page}{'&' if '?' in page else '?'}{RESUMED}=1"
    if path_of_ours(path) is None or path_of_ours(request.path) is None:
        return None
    if sum(len(name) + len(value) for name, value in fields) > MAX_LENGTH:
        say(request, _("Ce que vous aviez tapé est trop long pour être gardé."), "warning")
        return None
    typed, now = Typed(page, request.path, fields), request.now
    if request.content_type == "multipart/form-data":
        say(request, _("Le fichier n’est pas gardé : il faudra le choisir de nouveau."))
    request.after_answer(lambda session: keep_form(session, account_id, typed, now))
    return Kept(account_id, path)


def resumed_path(request: Request) -> str | None:
    """Return the address of a page that somebody comes back to, for what stands before it."""
    reads = request.method == "GET" and _names_it(request)
    return path_of_ours(request.path_qs) if reads else None


def resume(view: View, _info: object) -> View:
    """A view deriver: fill in the page that somebody comes back to, and forget it once sent."""

    def resumed(context: Any, request: Request) -> Response:
        response = view(context, request)
        # Not what answers an error: nothing was sent, and the request may not even be readable.
        resumes = request.exception is None and _names_it(request)
        who = request.signed_in if resumes else None
        if who is None or response.status_int >= 400:
            return response
        if request.method == "POST":
            account_id = who.account_id
            request.after_answer(lambda session: drop_form(session, account_id))
        elif response.content_type == "text/html":
            typed = find_form(request.db, who.account_id, request.now)
            if typed is not None and urlsplit(typed.page).path == request.path:
                response.text = _filled_in(request, response.text, typed)
        return response

    return resumed


def _names_it(request: Request) -> bool:
    if request.method == "POST":
        return _in_places(request.path) and RESUMED in request.POST
    return f"{RESUMED}=" in request.query_string


def _filled_in(request: Request, html: str, typed: Typed) -> str:
    filled = fill_in(html, request.path, typed.target, typed.fields)
    translate = request.localizer.translate
    if filled.begin is not None:
        text = translate(
            _("Voici ce que vous aviez tapé : rien n’en est enregistré. Vérifiez, puis envoyez.")
        )
        left = [each for each in filled.left if each.strip()]
        marker = f'<input type="hidden" name="{RESUMED}" value="1">'
        html = filled.html[: filled.inside] + marker + filled.html[filled.inside :]
    else:
        text = translate(_("Ce que vous aviez tapé n’a plus sa place sur cette page :"))
        # Not the names and numbers that pages send by themselves.
        left = [each for each in filled.left if " " in each.strip()]
        if not left:
            return html
    listed = "".join(f"<li>{escape(each)}</li>" for each in left)
    notice = f'<div class="notice notice-warning" id="{RESUMED}" tabindex="-1" autofocus>'
    notice += f"<p>{escape(text)}</p>{f'<ul>{listed}</ul>' if listed else ''}</div>"
    if filled.begin is not None:
        return html[: filled.begin] + notice + html[filled.begin :]
    before, opening, after = html.partition("<h1>")
    return f"{before}{notice}{opening}{after}" if opening else html


def _fields(request: Request) -> list[tuple[str, str]]:
    said = [(name, value) for name, value in request.POST.items() if isinstance(value, str)]
    return [(name, value) for name, value in said if name not in SECRET and name != RESUMED]


def _pages(request: Request) -> Iterator[str]:
    """Yield where the form may be: the page that sent it, then those above what it was sent to."""
    try:
        sent_by = urlsplit(request.referer or "")
    except ValueError:
        sent_by = urlsplit("")
    if sent_by.netloc == request.host and _in_places(sent_by.path):
        query = [pair for pair in parse_qsl(sent_by.query) if pair[0] not in (RESUMED, RELOADED)]
        yield f"{sent_by.path}?{urlencode(query)}" if query else sent_by.path
    path = request.path
    while path:
        yield path
        path = path.rpartition("/")[0]


def _opens(request: Request, path: str) -> bool:
    """Return whether an address is a page of ours that is read."""
    if path_of_ours(path) is None:
        return False
    mapper = request.registry.getUtility(IRoutesMapper)
    try:
        route = mapper(AnyRequest.blank(urlsplit(path).path))["route"]
    except UnicodeDecodeError:
        return False
    return route is not None and "GET" in request.registry["methods"].get(route.name, READ)


def _in_places(path: str) -> bool:
    return path.startswith(tuple(f"{place}/" for place in PLACES)) or path in PLACES


def _to(request: Request, path: str) -> Response:
    """Lead there, also what a part of a page has asked for."""
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": path})
    return HTTPSeeOther(path)


def includeme(config: "Configurator") -> None:
    config.add_view_deriver(resume, "resume_typed")
