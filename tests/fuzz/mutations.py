"""What goes wrong with pages, done on purpose: a mutation is a function of bytes and a random generator."""

import re
from collections.abc import Callable
from random import Random

Mutation = Callable[[bytes, Random], bytes]

_TAG = re.compile(rb"<[^<>]{0,2000}>")
_ENTITY = re.compile(rb"&[#\w]{1,12};|[ ,.]")
_JSON_VALUE = re.compile(rb'(?<=:)\s*(?:"[^"]{0,200}"|\d+|true|false|null)')
_ADDRESS = re.compile(rb"""(?<=(?:href|.src)=["'])[^"']*""")
_DIGITS = re.compile(rb"\d+")

_SLICE = 40_000
"""Bytes of a slice of a large page: many small pages find more than few large ones."""

_OPENED = (
    *(b"<!--", b"<script>", b"<style>", b"<title>", b"<textarea>", b"<svg><g>", b"<plaintext>", b"<![CDATA["),
    *(b"<table><tr><td>", b"<select>", b"<noscript>", b"<a href=/x>", b"<pre>", b"<p", b'<div class="', b"<"),
    *(
        b"</body></html>",
        b"</div></div></div>",
        b"<frameset>",
        b"<template>",
        b"<math>",
        b"<h1>",
        b"</table>",
    ),
    *(
        b"<base href='http://[bad'>",
        b"<meta charset=utf-16>",
        b"<meta charset=rot13>",
        b"<?xml version='1.0'?>",
    ),
    *(b"<html lang=''>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<font><span id=x><p>", b"<li>", b"<ruby><rt>"),
    b'<script type="application/ld+json">{"@type":"NewsArticle","author":[null,3,{"name":{}}],"headline":[]}</script>',
    b'<script type="application/ld+json">' + b"[" * 5_000 + b"</script>",
    b'<script type="application/json">' + b'{"body":' * 3_000 + b"1</script>",
    b'<meta property="og:title" content=""><meta name=author content="&#0;"><meta name=date content="99999-99-99">',
)
_ENTITIES = (
    *(
        b"&#0;",
        b"&#xD800;",
        b"&#99999999999;",
        b"&amp",
        b"&unknown;",
        b"&#x;",
        b"&",
        b"&#xfffe;",
        b"&nbsp",
        b"&lt;",
    ),
    *(b"&#128;", b"&#x1F600;", b"&amp;amp;amp;lt;p&gt;", b"&quot;", b"&#8203;", b"&#8238;"),
)
_ADDRESSES = (
    *(
        b"http://[",
        b"//[::1",
        b"http://a:99999999/x",
        b"javascript:",
        b"\x00",
        b"http://\xff\xfe/",
        b"data:,",
        b"",
    ),
    *(
        b"http://example.org/" + b"a" * 5_000,
        b"http://user:p@ss@/",
        b"?",
        b"#",
        b"////",
        b"http://\xe4\xb8\xad.cn:",
    ),
)
_NUMBERS = (
    *(
        b"0",
        b"00",
        b"99999999999999999999999",
        b"\xc2\xb2",
        b"\xd9\xa3",
        b"\xef\xbc\x93",
        b"-1",
        b"2024-02-30",
    ),
    *(b"\xe2\x91\xa0", b"20240230", b"1e309", b"\xe4\xb8\x89", b"0000-00-00T25:61:61+99:99", b"13/13/2013"),
)
_VALUES = (
    b"null",
    b"0",
    b"[]",
    b"{}",
    b'""',
    b"true",
    b"1e999",
    b"[[{}]]",
    b'{"name":[1,null]}',
    b'"\\ud800"',
)
_CODECS = (
    *(
        "utf-8",
        "gb18030",
        "big5",
        "shift_jis",
        "euc_jp",
        "euc_kr",
        "iso2022_jp",
        "cp1251",
        "koi8-r",
        "cp1252",
    ),
    *("utf-16", "utf-16-be", "utf-32", "utf-7", "hz", "cp037"),
)
_JUNK = (
    b"<div>",
    b"<span>",
    b"<table><tr><td>",
    b"<b>",
    b"<ul><li>",
    b"<a href=x>",
    b"<blockquote>",
    b"<font>",
)


def mutate(raw: bytes, random: Random) -> bytes:
    """Return a damaged copy of a page: usually a slice of it, one to four mutations."""
    if len(raw) > _SLICE and random.random() < 0.95:
        at = random.randrange(len(raw) - _SLICE)
        raw = raw[: random.randrange(4_000)] + raw[at : at + random.randrange(_SLICE)]
    for _ in range(random.choice((1, 1, 2, 4))):
        raw = random.choice(MUTATIONS)(raw, random)
    return raw


def _span(raw: bytes, random: Random, longest: int = 2_000) -> tuple[int, int]:
    start = random.randrange(len(raw) + 1)
    return start, min(len(raw), start + random.randrange(longest))


def _insert(raw: bytes, random: Random, what: bytes) -> bytes:
    at = random.randrange(len(raw) + 1)
    return raw[:at] + what + raw[at:]


def _replace(raw: bytes, random: Random, pattern: re.Pattern[bytes], values: tuple[bytes, ...]) -> bytes:
    """Replace a share of the matches of a pattern by one of the values each."""
    share = random.choice((0.02, 0.2, 1.0))
    return pattern.sub(lambda m: random.choice(values) if random.random() < share else m[0], raw)


def truncate(raw: bytes, random: Random) -> bytes:
    return raw[: random.randrange(len(raw) + 1)]


def flip(raw: bytes, random: Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(random.choice((1, 5, 100)) if damaged else 0):
        damaged[random.randrange(len(damaged))] = random.randrange(256)
    return bytes(damaged)


def drop(raw: bytes, random: Random) -> bytes:
    start, end = _span(raw, random)
    return raw[:start] + raw[end:]


def move(raw: bytes, random: Random) -> bytes:
    start, end = _span(raw, random)
    return _insert(raw[:start] + raw[end:], random, raw[start:end])


def repeat(raw: bytes, random: Random) -> bytes:
    start, end = _span(raw, random, 400)
    return raw[:start] + raw[start:end] * random.choice((2, 10, 300)) + raw[end:]


def shuffle_tags(raw: bytes, random: Random) -> bytes:
    """Swap, drop and double tags, the text between them staying where it is."""
    tags, texts = _TAG.findall(raw), _TAG.split(raw)
    share = random.choice((0.01, 0.1, 0.5))
    for i in range(len(tags)):
        if random.random() < share:
            other = random.randrange(len(tags))
            tags[i], tags[other] = random.choice(
                ((tags[other], tags[i]), (b"", tags[other]), (tags[i] * 2,) * 2)
            )
    return b"".join(text + tag for text, tag in zip(texts, [*tags, b""], strict=True))


def open_something(raw: bytes, random: Random) -> bytes:
    return _insert(raw, random, random.choice(_OPENED))


def break_entities(raw: bytes, random: Random) -> bytes:
    return _replace(raw, random, _ENTITY, _ENTITIES)


def break_addresses(raw: bytes, random: Random) -> bytes:
    return _replace(raw, random, _ADDRESS, _ADDRESSES)


def break_numbers(raw: bytes, random: Random) -> bytes:
    return _replace(raw, random, _DIGITS, _NUMBERS)


def break_json(raw: bytes, random: Random) -> bytes:
    return _replace(raw, random, _JSON_VALUE, _VALUES)


def insert_controls(raw: bytes, random: Random) -> bytes:
    for _ in range(random.choice((1, 20))):
        raw = _insert(
            raw,
            random,
            random.choice((b"\x00", b"\x1b$B", b"\x08", b"\xff\xfe", b"\x0c", b"\r", b"\x1a")) * 3,
        )
    return raw


def nest(raw: bytes, random: Random) -> bytes:
    return _insert(raw, random, random.choice(_JUNK) * random.choice((10, 300, 3_000)))


def swell_attribute(raw: bytes, random: Random) -> bytes:
    name = random.choice((b"class", b"style", b"id", b"href", b"data-src", b"srcset", b"content", b"alt"))
    value = (
        random.choice((b"a", b"a-", b"a ", b"http://", b"\xe4\xb8\xad", b"display:", b"__", b"1x, ")) * 8_000
    )
    return _insert(raw, random, b"<div " + name + b'="' + value + b'">')


def swell_text(raw: bytes, random: Random) -> bytes:
    """Insert a long run of one thing: what makes a pattern with two open ends slow."""
    unit = random.choice(
        (b" ", b"-", b"1", b"a", b"2020-", b"\xe8\xae\xb0\xe8\x80\x85", b"\xef\xbc\x88", b"\xe7\xbc\x96 ", b"A. ", b": ",
         b"\xe6\x9d\xa5\xe6\xba\x90\xef\xbc\x9a", b"\xe3\x80\x81", b"|", b"> ", b"&nbsp;", b"\xe5\xb9\xb4", b"by A", b"(")
    )  # fmt: skip
    return _insert(raw, random, unit * random.choice((100, 3_000)))


def recode(raw: bytes, random: Random) -> bytes:
    """Write the page in another encoding than it says."""
    text = raw.decode(random.choice(("utf-8", "gb18030", "latin-1")), "replace")
    return text.encode(random.choice(_CODECS), "replace")


def declare(raw: bytes, random: Random) -> bytes:
    return b"<meta charset=" + random.choice(_CODECS).encode() + b">" + raw


MUTATIONS: tuple[Mutation, ...] = (
    *(truncate, flip, drop, move, repeat, shuffle_tags, shuffle_tags, open_something, open_something),
    *(break_entities, break_addresses, break_numbers, break_json, insert_controls, nest, swell_attribute),
    *(swell_text, recode, declare),
)
