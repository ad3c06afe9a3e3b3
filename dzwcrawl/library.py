"""The archive for scripts and notebooks: read only, each method one call of a room of archive/ (docs/python.md)."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, Self, TypedDict, Unpack, get_type_hints

from dzwcrawl.archive import changes, clusters, export, history, search
from dzwcrawl.archive.archive import Archive as OpenArchive
from dzwcrawl.archive.location import default_path
from dzwcrawl.archive.rows import from_row
from dzwcrawl.archive.selection import check_site, where
from dzwcrawl.article import Article
from dzwcrawl.schemas import SCHEMAS
from dzwcrawl.text import nearest


class Filters(TypedDict, total=False):
    """Which articles; those that match all of them. Days are `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, `until` inclusive.

    Methods that take them raise TypeError for a name or type that is wrong, and
    :class:`~dzwcrawl.archive.selection.SelectionError`, a ValueError, for no day, a first day after the last, and a site
    that the archive has not met; both name what would be right.
    """

    site: str | None
    section: str | None
    since: str | None
    until: str | None
    source: str | None
    author: str | None
    duplicates: bool
    """False leaves out copies of other articles."""


class Selection(Filters, total=False):
    """Filters, and what is to be found in headline or text (docs/search.md)."""

    query: str | None


class Archive:
    """An archive, opened for reading. Use it as a context manager, or close it, or leave it to the end of the program.

    :param path: the file; without it `$DZWCRAWL_ARCHIVE`, else `data/archive.db`.
    :raises dzwcrawl.archive.archive.ArchiveError: when there is none, or it is of an earlier version.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._archive = OpenArchive(path or default_path(), read_only=True)

    def search(
        self,
        query: str,
        *,
        order: Literal["relevance", "newest", "fresh"] = "relevance",
        variants: bool = False,
        limit: int = 20,
        offset: int = 0,
        **filters: Unpack[Filters],
    ) -> list[search.Hit]:
        """Return the articles that match a query, the best first (docs/search.md).

        :raises dzwcrawl.archive.search.QueryError: for a query that means nothing.
        """
        self._check(filters, Filters, "order", "variants", "limit", "offset")
        how: dict[str, Any] = {"order": order, "variants": variants, "limit": limit, "offset": offset}
        return search.search(self._archive, query, **how, **filters)

    def count(self, query: str, **filters: Unpack[Filters]) -> int:
        """Return how many articles match a query."""
        self._check(filters, Filters)
        return search.count(self._archive, query, **filters)

    def article(self, id_or_url: int | str) -> Article | None:
        """Return an article by its id or by any URL that is known to lead to it."""
        return self._archive.article(id_or_url)

    def articles(self, **selection: Unpack[Selection]) -> Iterator[Article]:
        """Yield articles with their blocks, by id."""
        self._check(selection, Selection)
        condition, parameters = where(**selection)
        rows = self._archive.connection.execute(
            f"SELECT * FROM articles WHERE {condition} ORDER BY id", parameters
        )
        return map(from_row, rows)

    def records(self, **selection: Unpack[Selection]) -> Iterator[dict[str, Any]]:
        """Yield the records of articles (docs/record.md), by id: what a data frame is made of."""
        self._check(selection, Selection)
        return export.records(self._archive, **selection)

    def revisions(self, id_or_url: int | str) -> list[history.Revision]:
        """Return the revisions of an article, the present one last; [] where there is no such article."""
        article = self.article(id_or_url)
        return [] if article is None else history.revisions(self._archive, article)

    def revision(self, id_or_url: int | str, number: int) -> Article | None:
        """Return an article as it was at one of its revisions."""
        article = self.article(id_or_url)
        return None if article is None else history.at_revision(self._archive, article, number)

    def cluster(self, id_or_url: int | str) -> clusters.Cluster | None:
        """Return the cluster of an article: who published much of its text too, and when (docs/clusters.md)."""
        article = self.article(id_or_url)
        return (
            None if article is None or article.id is None else clusters.cluster_of(self._archive, article.id)
        )

    def changes(self, after: int = 0) -> Iterator[changes.Change]:
        """Yield what has changed after a number of the sequence, each article once (docs/export.md)."""
        return changes.changes(self._archive, after)

    def sql(self, query: str, parameters: Iterable[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Return the rows of an SQL query (docs/archive.md)."""
        values = parameters if isinstance(parameters, dict) else tuple(parameters)
        return [dict(row) for row in self._archive.connection.execute(query, values)]

    def export(
        self,
        target: str | Path,
        *,
        schema: Literal["record", "schemaorg", "zyte", "newspaper"] = "record",
        format: Literal["jsonl", "csv", "parquet"] | None = None,
        fields: Iterable[str] | None = None,
        **selection: Unpack[Selection],
    ) -> int:
        """Write articles to a file and return how many; what was there before stays until it is whole (docs/export.md).

        :param format: by the file's name where it is not given.
        :raises dzwcrawl.archive.formats.FormatError: for a schema, format, field or ending that there is not.
        """
        self._check(selection, Selection, "schema", "format", "fields")
        chosen, kind = list(fields or ()), format or export.format_of(str(target))
        export.check_shape(schema, chosen, kind)
        shape, columns = SCHEMAS[schema].shape, SCHEMAS[schema].columns
        lines = map(shape, self.records(**selection))
        return export.export(lines, str(target), fields=chosen or columns, format=kind, schema=schema)

    def _check(self, given: Mapping[str, Any], filters: type, *others: str) -> None:
        """Check what was given beyond named parameters, before anything is read.

        :raises TypeError: for a name that is none, naming the nearest one, and for a value of another type.
        :raises SelectionError: for a value that selects nothing by mistake.
        """
        known = get_type_hints(filters)
        for name, value in given.items():
            if name not in known:
                raise TypeError(f"there is no filter {name!r}; {nearest(name, [*known, *others])}")
            if not isinstance(value, known[name]):
                raise TypeError(f"{name}={value!r} is no {'bool' if known[name] is bool else 'str'}")
        where(**given)
        if given.get("site") is not None:
            check_site(self._archive.connection, given["site"])

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Archive({str(self._archive.path)!r})"
