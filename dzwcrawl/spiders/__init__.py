"""One small file per outlet; the file, the spider, its fixtures and its `site` value share one name."""
