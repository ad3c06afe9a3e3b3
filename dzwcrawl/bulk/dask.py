"""The job on Dask: processes of this machine, or the workers of a cluster, which see the same folders.

Dask, because it is pure Python from the package index, needs neither a JVM (Spark) nor daemons of its own (Ray), and
runs a plain function on two cores and on a thousand. Its own shuffle is not used: files are the same everywhere.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, TypeVar

from dzwcrawl.bulk.job import Map

T = TypeVar("T")
R = TypeVar("R")


class DaskError(Exception):
    """Dask is not there, or its scheduler does not answer; the message says what to do."""


@contextmanager
def dask_map(address: str, jobs: int) -> Iterator[Map]:
    """Give a map that runs on the scheduler at an address (`tcp://host:8786`), or on `local` processes.

    :raises DaskError: when there is no Dask, or nobody answers.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise DaskError("Dask is an extra: pip install 'dzwcrawl[bulk]'") from error
    if address == "local":
        with (
            distributed.LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield _map_on(client)
        return
    try:
        client = distributed.Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise DaskError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        yield _map_on(client)


def _map_on(client: Any) -> Map:
    def compute(function: Callable[[T], R], values: Sequence[T]) -> Iterator[R]:
        # Not pure: what a function gives depends on files as well.
        futures = client.map(function, values, pure=False)
        for place, future in enumerate(futures):
            yield future.result()
            futures[place] = None  # the cluster may forget what has been handed over

    return compute
