"""The pages of the store: catalogue, one app, a statement. Made on the server, they work without script.

Texts of listings come from strangers: everything is escaped, and each text stands for itself in its direction (`bdi`).
"""

from __future__ import annotations

import asyncio
import html
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from aiohttp import hdrs, web

from tapwatch.bank.arguments import optional, typed
from tapwatch.store import page_icons, regions, statement_csv, statement_page
from tapwatch.store.http_views import number, wish_of
from tapwatch.store.listing import CATEGORIES
from tapwatch.store.page_texts import TEXTS, permission

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tapwatch.store.service import AppStore

    Handler = Callable[[web.Request], Awaitable[web.Response]]

NOTHING = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}
_FOLDER = Path(__file__).with_name("page")
_FILES = {"/style.css": "text/css", "/icon.svg": "image/svg+xml"}
"""What pages load, and its type."""
_MARKETS = (("CN", 156), ("DE", 978), ("US", 840), ("GB", 826), ("JP", 392), ("SG", 702))
"""Regions and currencies that the page offers; the interface takes any."""
_KILOBYTE = 1024


def add_routes(app: web.Application, store: AppStore) -> None:
    """Put the pages on a server."""
    pages = _Pages(store)
    app.router.add_get("/", pages.catalogue)
    app.router.add_get("/apps/{app}", pages.app)
    for path, kind in _FILES.items():
        app.router.add_get(path, _file(_FOLDER / path[1:], kind))
    app.router.add_get("/statements/{party}/{month}/{currency}", pages.statement)


def failure(request: web.Request, status: int, message: str, hint: str) -> web.Response:
    """Why a page is not shown."""
    language = _language(request)
    words = TEXTS[language]
    body = f"<h2>{words['failed']}</h2><p class=lead>{_text(message)}. {_text(hint)}</p>"
    return _response(_page(words["failed"], language, body, "/"), status)


class _Pages:
    """What answers each path."""

    def __init__(self, store: AppStore) -> None:
        self._store = store

    async def catalogue(self, request: web.Request) -> web.Response:
        language, (region, currency) = _language(request), _market(request)
        asked = {name: optional(request.query, name, str, "") for name in ("search", "category", "after")}
        wish = wish_of({**asked, "region": region, "currency": str(currency)})
        found, more = await asyncio.to_thread(self._store.apps, wish)
        words = TEXTS[language]
        kept = {"lang": language, "market": f"{region}-{currency}", **asked}
        cards = "".join(_card(app, language, kept["market"]) for app in found)
        listed = f"<ul class=grid>{cards}</ul>" if found else f"<p class=lead>{words['none']}</p>"
        onward = f'<p><a href="{_link("/", {**kept, "after": more})}">{words["more"]} →</a></p>' if more else ""
        title = _text(self._store.name)
        body = f"<h2>{title}</h2><p class=lead>{words['lead']}</p>{_form(kept, words)}{_tabs(kept, words)}"
        here = _link("/", {**kept, "lang": ""})
        return _response(_page(self._store.name, language, body + listed + onward, here))

    async def app(self, request: web.Request) -> web.Response:
        language, (region, currency) = _language(request), _market(request)
        facts = await asyncio.to_thread(self._store.app, typed(request.match_info, "app", str), region, currency)
        market = f"{region}-{currency}"
        back = _link("/", {"lang": language, "market": market})
        body = f'<p><a href="{back}">← {TEXTS[language]["back"]}</a></p>{_detail(facts, language)}'
        here = _link(f"/apps/{facts['id']}", {"market": market})
        return _response(_page(_best(facts["name"], language), language, body, here))

    async def statement(self, request: web.Request) -> web.Response:
        """For those who have the link: its key is secret, and of this statement alone."""
        party, month = (typed(request.match_info, name, str) for name in ("party", "month"))
        currency = number(request.match_info, "currency")
        key = request.query.get("key", "")
        await asyncio.to_thread(self._store.check_statement_key, party, month, currency, key)
        found = await asyncio.to_thread(self._store.statement, party, month, currency)
        if request.query.get("form") == "csv":
            name = f"attachment; filename=statement-{month}-{currency}.csv"
            headers = {**HEADERS, **NOTHING, "Content-Disposition": name}
            return web.Response(body=statement_csv.write(found), content_type="text/csv", headers=headers)
        language = _language(request)
        body = statement_page.body(self._store.name, found, language, f"?{urlencode({'key': key, 'form': 'csv'})}")
        return _response(_page(TEXTS[language]["statement"], language, body, f"?{urlencode({'key': key})}"))


def _file(path: Path, kind: str) -> Handler:
    """What answers with a file of the pages."""

    async def answer(_: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", **NOTHING}
        return web.Response(text=path.read_text(encoding="utf-8"), content_type=kind, headers=headers)

    return answer


def _language(request: web.Request) -> str:
    asked = request.query.get("lang") or request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
    return "zh" if asked.lower().startswith("zh") else "en"


def _market(request: web.Request) -> tuple[str, int]:
    """Region and currency of a query such as `market=CN-156`; the first of the list without one."""
    region, dash, currency = request.query.get("market", "").partition("-")
    if not dash:
        return _MARKETS[0]
    regions.check(region, everywhere=False)
    found = number({"currency": currency}, "currency")
    regions.check_currency(found)
    return region, found


def _response(text: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)


def _page(title: str, language: str, body: str, here: str) -> str:
    """The frame of every page; `here` is its own address, to which a language is added."""
    names = {"en": "English", "zh": "中文"}
    links = [
        f'<a lang={code} href="{here}{"&amp;" if "?" in here else "?"}lang={code}"'
        f"{' aria-current=true' if code == language else ''}>{name}</a>"
        for code, name in names.items()
    ]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<title>{_text(title)}</title>\n<link rel="stylesheet" href="/style.css">\n'
        '<link rel="icon" href="/icon.svg">\n'
        f'<header><h1><a href="/?lang={language}">Tapwatch</a></h1><nav>{"".join(links)}</nav></header>\n'
        f"<main>{body}</main>\n<footer>{TEXTS[language]['foot']}</footer>\n</html>\n"
    )


def _form(kept: Mapping[str, str], words: Mapping[str, str]) -> str:
    hidden = "".join(f'<input type=hidden name={name} value="{_text(kept[name])}">' for name in ("lang", "category"))
    options = "".join(
        f'<option value="{region}-{currency}"{" selected" if kept["market"] == f"{region}-{currency}" else ""}>'
        f"{region} · {regions.code(currency)}</option>"
        for region, currency in _MARKETS
    )
    return (
        f'<form action="/" method=get>{hidden}<input type=search name=search maxlength=60 '
        f'value="{_text(kept["search"])}" placeholder="{words["search"]}" aria-label="{words["search"]}">'
        f'<select name=market aria-label="{words["region"]}">{options}</select><button>{words["go"]}</button></form>'
    )


def _tabs(kept: Mapping[str, str], words: Mapping[str, str]) -> str:
    links = [
        f'<a href="{_link("/", {**kept, "category": one, "after": ""})}"'
        f"{' aria-current=true' if kept['category'] == one else ''}>{words[one or 'all']}</a>"
        for one in ("", *CATEGORIES)
    ]
    return f"<nav class=tabs>{''.join(links)}</nav>"


def _card(app: Mapping[str, Any], language: str, market: str) -> str:
    name = _best(app["name"], language)
    link = _link(f"/apps/{app['id']}", {"lang": language, "market": market})
    return (
        f'<li><a class=app href="{link}">{page_icons.tile(app["icon"], app["colour"], name, app["picture"])}'
        f"<div><h3><bdi>{_text(name)}</bdi></h3><p><bdi>{_text(_best(app['summary'], language))}</bdi></p></div>"
        f"<span class=price>{_price(app, language)}</span></a></li>"
    )


def _detail(facts: Mapping[str, Any], language: str) -> str:
    words, name = TEXTS[language], _best(facts["name"], language)
    shots = "".join(f'<img src="/v1/pictures/{digest}" alt="" loading=lazy>' for digest in facts["pictures"])
    notes = next((one["notes"] for one in facts["versions"]), "")
    news = f"<h4>{words['new']}</h4><p><bdi>{_text(notes)}</bdi></p>" if notes else ""
    return (
        f"<div class=head>{page_icons.tile(facts['icon'], facts['colour'], name, facts['picture'])}"
        f"<div><h2><bdi>{_text(name)}</bdi></h2>"
        f"<p><bdi>{words['by'].format(_text(facts['maker_name']))}</bdi></p></div>"
        f"<span class=price>{_price(facts, language)}</span></div>"
        f"{f'<div class=shots>{shots}</div>' if shots else ''}"
        f"<div class=two><div><p><bdi>{_text(_best(facts['description'], language))}</bdi></p>{news}</div>"
        f"<aside>{_facts(facts, language)}</aside></div>"
        f"<h4>{words['install']}</h4><pre><code>{_text(_command(facts))}</code></pre>"
    )


def _facts(facts: Mapping[str, Any], language: str) -> str:
    words = TEXTS[language]
    rows = (
        (words["version"], facts["version"]),
        (words["size"], f"{-(-facts['bytes'] // _KILOBYTE)} KB"),
        (words["level"], str(facts["api"])),
    )
    listed = "".join(f"<dt>{name}<dd>{_text(value)}" for name, value in rows)
    uses = "".join(f"<li>{_text(permission(one, language))}" for one in facts["permissions"])
    hosts = "".join(f"<li><bdi>{_text(one)}</bdi>" for one in facts["hosts"])
    asked = f"<h4>{words['hosts']}</h4><ul class=plain>{hosts}</ul>" if hosts else ""
    return f"<dl>{listed}</dl><h4>{words['may']}</h4><ul class=plain>{uses or words['nothing']}</ul>{asked}"


def _command(facts: Mapping[str, Any]) -> str:
    return f"tapwatch phone buy {facts['id']}"


def _price(app: Mapping[str, Any], language: str) -> str:
    price = app["price"]
    if price is None:
        return "" if app["paid"] else TEXTS[language]["free"]
    return regions.money(price["amount_minor"], price["currency"])


def _best(texts: Mapping[str, str], language: str) -> str:
    """The text in that language, or in whichever there is."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _link(path: str, query: Mapping[str, str]) -> str:
    said = {name: value for name, value in query.items() if value}
    return _text(f"{path}?{urlencode(said)}" if said else path)


def _text(text: str) -> str:
    return html.escape(text)
