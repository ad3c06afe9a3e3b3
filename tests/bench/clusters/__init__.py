"""How well and at what cost copies of articles are found."""
