"""Messages to people, by whatever way they named: e-mail, a webhook, a chat (the library apprise knows a hundred).

Addresses hold passwords and tokens: they come from the environment only, and no message or log of ours has them.
"""

import logging
import os
import warnings

VARIABLE = "DZWCRAWL_NOTIFY"
"""The environment variable with the addresses, separated by white space."""


class NotifyError(Exception):
    """A message cannot be sent; the message says why, without the address."""


def addresses() -> list[str]:
    """Return the addresses that people are told by."""
    return os.environ.get(VARIABLE, "").split()


def send(title: str, body: str) -> None:
    """Send a message to all addresses.

    :raises NotifyError: when there is an address that is none, or one of them did not take the message.
    """
    with warnings.catch_warnings():
        # It loads a hundred plug-ins, some with modules that Python will drop: not ours to mend.
        warnings.simplefilter("ignore", DeprecationWarning)
        failed = _send(title, body)
    if failed:
        raise NotifyError(f"{VARIABLE}: {'; '.join(failed)}")


def _send(title: str, body: str) -> list[str]:
    """Send a message to all addresses, and return which did not take it and why."""
    try:
        import apprise  # noqa: PLC0415  an extra
    except ImportError as error:
        raise NotifyError(f"{VARIABLE} is set: pip install 'dzwcrawl[notify]'") from error
    # What it logs names addresses, with their passwords masked but their hosts and tokens in part.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    failed = []
    for number, address in enumerate(addresses(), 1):
        way = apprise.Apprise()
        if not way.add(address):
            failed.append(f"address {number} is none that apprise knows")
        elif not way.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
            failed.append(f"address {number} ({address.partition(':')[0]}) did not take it")
    return failed
