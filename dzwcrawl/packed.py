"""What comes packed from elsewhere is unpacked up to a bound: a few kilobytes may hold gigabytes."""

from collections.abc import Callable

import zstandard

MOST = 256 * 2**20
"""Bytes that a page or a message may unpack to: more is a mistake, or a bomb."""


class TooLarge(ValueError):
    """Something unpacks to more than it may; the message says to how much."""


def read_at_most(read: Callable[[int], bytes], most: int = MOST) -> bytes:
    """Return what a stream gives until its end.

    :param read: gives some bytes, up to a number, b"" at the end.
    :raises TooLarge: when that is more than `most`; so much was read, and no more.
    """
    parts: list[bytes] = []
    left = most + 1
    while left > 0 and (part := read(min(left, 2**16))):
        parts.append(part)
        left -= len(part)
    if left <= 0:
        raise TooLarge(f"it unpacks to more than {_size(most)}")
    return b"".join(parts)


def unpacked(frame: bytes, most: int = MOST) -> bytes:
    """Return the content of a zstd frame that says how large it is, as whole ones do.

    :raises TooLarge: when it says that it is larger than `most`, or does not say.
    :raises zstandard.ZstdError: when it is no such frame, or not as large as it says.
    """
    size = zstandard.frame_content_size(frame)
    if not 0 <= size <= most:
        raise TooLarge(
            f"it unpacks to {_size(size) if size > 0 else 'nobody knows how much'}, {_size(most)} are the most"
        )
    return zstandard.decompress(frame)


def _size(size: int) -> str:
    return f"{size / 2**20:,.0f} MiB"
