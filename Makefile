# Set-up happens by itself: every target first makes .venv from the hash-checked lock file.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/.ready
EXTRAS := .venv/.extras
PEERS := .venv-bench/.ready
SCRAPYD := .venv-scrapyd/.ready

# All that is written below; the virtual environments are the only targets that are files.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*/\1/p' Makefile)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dzwcrawl needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	@echo "setting up .venv (once)"
	@$(PYTHON) -m venv --clear .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(EXTRAS): requirements-extras.lock $(READY)
	@echo "setting up the extras (once)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

demo: $(READY)  ## crawl the bundled replica of dzwww over HTTP and look at the archive
	@$(PY) -m tests.demo

serve: $(EXTRAS)  ## the reading room for the archive that `make demo` or a crawl made
	@$(PY) -m dzwcrawl serve --open $(ARGS)

test: $(EXTRAS)  ## the whole suite
	@$(PY) -m pytest --numprocesses 2 --dist loadfile

lint: $(EXTRAS)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy

bench: $(READY)  ## CPU per page beside a bare Scrapy spider, memory, archive bytes per article
	@$(PY) -m tests.bench.crawl

bench-outlets: $(READY)  ## every outlet crawled from a replica of its templates: links, records, fields found; ARGS="sdnews dbw" for some
	@$(PY) -m tests.outlets.crawl $(ARGS)

outlets-table: $(READY)  ## writes docs/outlets.md anew from the spiders and their fixtures
	@$(PY) -m tests.outlets.table

settings-table: $(READY)  ## writes docs/settings.md anew from dzwcrawl/configuration.py
	@$(PY) -m tests.settings_table

bench-boilerplate: $(READY) $(PEERS)  ## how much boilerplate goes and how much news is lost; ARGS="--quick" for a short look
	@$(PY) -m tests.bench.boilerplate.run $(ARGS)

bench-linear: $(READY)  ## CPU seconds of hostile pages at three sizes; fails where they grow faster than the page
	@$(PY) -m tests.bench.linear

bench-reextract: $(READY)  ## today's rules over 10,000 kept pages: pages a CPU second, bytes a page, false revisions
	@$(PY) -m tests.bench.reextract

bench-export: $(READY)  ## 1,000,000 articles exported in every format beside sqlite-utils; ARGS="--rows 20000" for less
	@$(PY) -m tests.bench.export $(ARGS)

fuzz: $(READY)  ## 100,000 mutated pages on all cores; CASE=NAME@7 runs one again
	@$(PY) -m tests.fuzz $(or $(CASE),100000)

bench-quality: $(READY)  ## scores on real pages beside other extractors, into docs/quality.md
	@$(PY) -m tests.bench.quality

bench-extract: $(READY) $(PEERS)  ## pages per CPU second and memory beside other extractors
	@$(PY) -m tests.bench.extract

scrapyd: $(SCRAPYD)  ## sets up .venv-scrapyd, in which a real scrapyd takes an egg; tests/test_scrapyd.py skips without

$(SCRAPYD): requirements-scrapyd.lock
	@echo "setting up .venv-scrapyd (once)"
	@$(PYTHON) -m venv --clear .venv-scrapyd
	@.venv-scrapyd/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# The peers have dependencies of their own, in versions of their own: they stay out of .venv.
$(PEERS): requirements-bench.lock
	@echo "setting up .venv-bench (once)"
	@$(PYTHON) -m venv --clear .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement $<
	@touch $@

peers: $(PEERS)  ## sets up .venv-bench: what benchmarks compare with, and a few tests; these skip without

bench-clusters: $(READY) $(PEERS)  ## copies found by kind of edit, beside MinHash LSH and simhash; ARGS="--scale": a million articles
	@$(PY) -m tests.bench.clusters.run $(ARGS)

bench-revisits: $(READY)  ## a month of daily crawls: edits and vanishings noticed, how soon, at how many requests
	@$(PY) -m tests.bench.revisits $(ARGS)

bench-hostile: $(READY)  ## memory and time of a crawl that meets bombs, floods and drips, beside Scrapy as it comes
	@$(PY) -m tests.bench.hostile

bench-health: $(READY)  ## eight failures of two outlets in real crawls: how soon noticed, false alarms over 60 healthy days
	@$(PY) -m tests.bench.health.rhythm
	@$(PY) -m tests.bench.health.run $(ARGS)

torture: $(READY)  ## 200 kill -9 in every phase of a crawl, full disks, a failing pipeline; ARGS="--kills 20" for less
	@$(PY) -m tests.torture $(ARGS)

bench-cluster: $(READY)  ## workers and an archiver on a real Redis: 20,000 articles with 20 kills, rates, memory; ARGS="--only rate" for a part
	@$(PY) -m tests.bench.cluster $(ARGS)

bench-probe: $(READY)  ## six outlets without a site file: links, fields and text of probe, its site file, and the spider news
	@$(PY) -m tests.bench.probe

bench-bulk: $(EXTRAS)  ## 5,000 pages by one process, two, and Dask: the same bytes, pages a second; beside `dzwcrawl import`
	@$(PY) -m tests.bench.bulk

bench-search: $(READY)  ## 500 queries over 100,000 articles: answers equal LIKE, latency, size, beside other tokenizers; ARGS="--articles 5000" for less
	@$(PY) -m tests.bench.search.run $(ARGS)

lock:  ## needs uv; writes the requirements*.lock anew
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements.lock
	uv pip compile pyproject.toml --all-extras --group extras --constraints requirements.lock --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet -o requirements-extras.lock
	uv pip compile --group bench --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements-bench.lock
	uv pip compile pyproject.toml --group scrapyd --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements-scrapyd.lock
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --quiet -o requirements-run.lock

clean:
	rm -rf .venv .venv-bench .venv-scrapyd .mypy_cache .pytest_cache .ruff_cache .hypothesis
