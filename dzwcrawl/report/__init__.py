"""A report on some days of an archive: for the terminal, as a page, as a picture."""
