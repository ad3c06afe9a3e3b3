"""The boilerplate benchmark: a world of invented outlets whose every line is known to be news or furniture.

`world.py` makes pages and their truth (`model.py`: what a line is; `banners.py`: what the outlets put around
their articles; `news.py`: prose, and news that repeats; `markup.py`: templates). `run.py` feeds the pages in time
order through the public path and prints the figures. Nothing here reads the learner.
"""
