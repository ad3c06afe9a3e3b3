"""Between Scrapy's responses and the raw pages the archive keeps."""

from http import HTTPStatus

from scrapy.http import HtmlResponse, Response

from dzwcrawl.article import RawPage
from dzwcrawl.urls import canonical_url


def raw_page(response: Response, fetched: str, part: int = 1) -> RawPage:
    """Return what was received: Scrapy has undone transfer and content encoding, and taken note of the latter away."""
    try:
        phrase = HTTPStatus(response.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"{response.protocol or 'HTTP/1.1'} {response.status} {phrase}".rstrip()]
    for name, values in response.headers.items():
        lines += [f"{name.decode('latin-1')}: {value.decode('latin-1')}" for value in values]
    return RawPage(canonical_url(response.url), fetched, "\r\n".join(lines) + "\r\n", response.body, part)


def response_of(page: RawPage) -> Response:
    """Return a page that was kept as a response, as if it had been fetched now."""
    status_line, *lines = page.head.splitlines()
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip(), []).append(value.strip())
    words = status_line.split()
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 200
    return HtmlResponse(page.url, status=status, headers=headers, body=page.body, encoding="utf-8")
