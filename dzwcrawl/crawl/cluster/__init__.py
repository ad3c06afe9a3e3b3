"""Past one machine: workers that crawl together through Redis, and an archiver that writes what they send.

`queue.py` is what they share, with its scripts in `lua/`; `worker.py` makes a spider a worker, `watch.py` sends what it
sees of outlets; `pace.py` keeps hosts' delays across all workers; `archiver.py` plans runs and archives; `wire.py` is how
things travel. Nothing of it is imported where DZWCRAWL_REDIS_URL is not set.
"""
