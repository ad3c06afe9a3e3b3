"""Where things are that a schedule speaks of."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """Absolute paths: `scrapy` is the program, `project` where it runs, `home` has what the schedule needs.

    `run_as` is the user whose crawls these are; None: the one whose systemd or crontab it is.
    """

    scrapy: Path
    project: Path
    home: Path
    archive: Path
    run_as: str | None = None

    @property
    def environment(self) -> Path:
        """The file of variables."""
        return self.home / "environment"

    @property
    def logs(self) -> Path:
        """The folder of logs that cron's crawls write."""
        return self.archive.parent / "logs"
