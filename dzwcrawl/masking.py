"""Secrets out of text that people and log files get to see: passwords, tokens, cookies, where notices are sent.

Two ways at once: the values that are known to be secret (of settings and of the environment) wherever they stand and in
every spelling they may turn up in, and what looks like a secret by what stands before it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

MASK = "***"

_USERINFO = re.compile(r"(\b[a-z][a-z0-9+.-]*://)([^\s/?#'\"<>]*)@", re.I)
_HEADER = re.compile(
    r"((?:proxy-)?authorization|(?:set-)?cookie2?|x-(?:api-key|auth-token|csrf-token))"
    r"(['\"]?\s*[:=,]\s*)(\[[^\]\n]*\]|b?'[^'\n]*'|b?\"[^\"\n]*\"|(?=\S)[^\r\n]+)",
    re.I,
)
_QUERY = re.compile(
    r"(?<![A-Za-z0-9])([\w.-]*(?:token|secret|signature|password|passwd)[\w.-]*|"
    r"[\w.-]*(?:sign|sig|key|pwd|auth|session|sessionid|sid|ticket|credential))(=|%3D)"
    r"([^\s&;'\"#<>\])}]+?)(?=%26|%23|[\s&;'\"#<>\])}]|$)",
    re.I,
)
_SECRET_NAME = re.compile(
    r"(?:^|_)pass(?:_|$)|passw(?:or)?d|passphrase|secret|token|notify|credential|webhook"
    r"|(?:api|access|private|auth)_?key",
    re.I,
)
"""Names of settings and variables; ASKPASS names a program."""
_SHORTEST = 4
"""Characters of a value that is masked wherever it stands; a shorter one is masked only where it is told by its place."""


_WORDS = ("true", "false", "none", "null")


def mask(text: str, known: re.Pattern[str] | None = None) -> str:
    """Return a text with its secrets masked.

    :param known: what :func:`known_secrets` returned.
    """
    if known is not None:
        text = known.sub(MASK, text)
    if "://" in text:
        text = _USERINFO.sub(rf"\1{MASK}@", text)
    text = _HEADER.sub(rf"\1\2{MASK}", text)
    if "=" in text or "%3" in text:
        text = _QUERY.sub(rf"\1\2{MASK}", text)
    return text


def is_secret(name: str) -> bool:
    """Tell whether a setting or variable says by its name that its value is secret."""
    return _SECRET_NAME.search(name) is not None


def known_secrets(*named: Mapping[str, object]) -> re.Pattern[str] | None:
    """Return a pattern of the secrets among named values (settings, the environment); None where there are none.

    Secret is the whole value of a name that says so, and the password of a URL in any value.
    """
    found: set[str] = set()
    for values in named:
        for name, value in values.items():
            if not isinstance(value, str):
                continue
            if is_secret(name):
                found |= {value, *re.split(r"[\s,]+", value)}
            for match in _USERINFO.finditer(value):
                found |= set(_spellings(match[2]))
    literals = sorted(
        {s for s in found if len(s) >= _SHORTEST and s.lower() not in _WORDS}, key=len, reverse=True
    )
    return re.compile("|".join(map(re.escape, literals))) if literals else None


def _spellings(userinfo: str) -> Iterator[str]:
    """Yield what a URL's user and password may look like: as given, decoded, as a header has them."""
    user, colon, password = userinfo.partition(":")
    secret = password if colon else user  # a token as the only part
    yield from (userinfo, secret, unquote(secret), repr(unquote(secret))[1:-1])
    for encoding in ("utf-8", "latin-1"):
        plain = f"{unquote(user)}:{unquote(password)}".encode(encoding, "replace")
        yield b64encode(plain).decode()
