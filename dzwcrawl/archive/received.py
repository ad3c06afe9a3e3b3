"""Messages that arrive by a stream which brings some of them again: each is taken once."""

from collections.abc import Sequence

from dzwcrawl.archive.archive import Archive


def first_time(archive: Archive, stream: str, message: str) -> bool:
    """Note a message; tell whether it comes for the first time. Runs in the transaction that writes what it brings."""
    cursor = archive.connection.execute(
        "INSERT INTO received (stream, message) VALUES (?, ?) ON CONFLICT DO NOTHING", (stream, message)
    )
    return bool(cursor.rowcount)


def done(archive: Archive, stream: str, messages: Sequence[str] | None) -> None:
    """Forget messages that the stream will never bring again, None: all so far."""
    with archive.transaction():
        if messages is None:
            archive.connection.execute("DELETE FROM received WHERE stream = ?", (stream,))
            return
        archive.connection.executemany(
            "DELETE FROM received WHERE stream = ? AND message = ?",
            [(stream, message) for message in messages],
        )
