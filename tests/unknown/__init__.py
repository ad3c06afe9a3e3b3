"""Six invented outlets, each of another CMS family, of which the project has no file."""
