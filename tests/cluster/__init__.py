"""A family of many hosts, Redis servers of their own, workers and archivers as processes."""
