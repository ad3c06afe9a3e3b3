"""Collections too large for one archive: extraction and learned cleaning over partitions, on any number of machines."""
