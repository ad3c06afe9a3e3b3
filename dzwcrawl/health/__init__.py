"""Whether an outlet is as it was: what a crawl saw, compared with the crawls before. Pure functions, no database."""
