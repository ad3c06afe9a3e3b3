"""How much every block and every element of a page looks like the text of an article."""

import re
from collections import defaultdict
from functools import lru_cache
from itertools import accumulate

from dzwcrawl.boilerplate.phrases import heads_comments, phrase_reason
from dzwcrawl.extract.page import Node, Page, PageBlock
from dzwcrawl.extract.priors import COMMENTS, STRONG, Prior, node_prior

_PUNCTUATION = re.compile(r"[，。；：？！、…”,.;:?!]")
ENDS = re.compile(r"[。？！…”」；]|[.?!:]['\"”’»)\]]*(?:\s|$)")
"""Where a sentence ends, which a point in a date or a name of a file does not."""

BESIDE = "widget: side column, after the body"

_TEASERS = "teaser: one of a list"

_ONE_OF_THEM = re.compile(r"\d|^(?:category|tag|status|format|type)-|^(?:odd|even|first|last|active)$", re.I)
"""Classes that tell elements of one kind apart."""

_ITEMS = 3
"""Elements of one shape next to each other from which they are a list of teasers."""

_TEASER = 110.0
"""Mass of prose up to which one element of such a list is a teaser."""

_HEADED_TEASER = 550.0
"""The same for an element of a linked heading and one paragraph."""

_UNDER_TITLE = 20.0
"""Mass of prose right under the title from which it is the text, however much else there is."""


def mass(text: str) -> float:
    """Return how much text this is, in ideographs or their equivalent: a letter of an alphabet counts a
    third.
    """
    return len(text.encode("utf-8", "surrogatepass")) / 3


def is_link(block: PageBlock) -> bool:
    """Return whether a block is a link and little else."""
    return block.link_chars > 0.8 * len(block.text)


@lru_cache(maxsize=4096)
def _shape(names: str) -> str:
    """Return the classes that elements of one kind share: not `post-1234`, `category-news`, `odd`."""
    return " ".join(name for name in names.split() if not _ONE_OF_THEM.search(name))


def block_score(block: PageBlock) -> float:
    """Return what a block says about being prose: its mass if it is, below zero for links and loose lines."""
    size = mass(block.text)
    linked = block.link_chars / len(block.text)
    if linked > 0.5:
        return -3 - 0.2 * size
    if block.role == "heading":
        return 0.3 * size if size < 40 else size
    marks = len(_PUNCTUATION.findall(block.text))
    if size < 15 and marks == 0:
        return -1.0
    if size < 40 and not ENDS.search(block.text):
        return 0.2 * size - 1
    weight = 1.0 if block.role in ("paragraph", "quote") else 0.7
    return size * weight * (1 - linked) ** 2 * min(1.0, 0.4 + 20 * marks / size)


class Scores:
    """The scores of a page: `raw` of each block, `noise` the reason each block is suspect or None, and of
    nodes.
    """

    def __init__(self, page: Page, title: int | None = None) -> None:
        self.page = page
        self.title = title
        self.raw = [self._prose(block) for block in page.blocks]
        self.positive = list(accumulate((max(0.0, s) for s in self.raw), initial=0.0))
        self.priors = [node_prior(node.element) for node in page.nodes]
        self.noise: list[str | None] = [None] * len(page.blocks)
        self._believe_names()
        self._find_teasers()
        self.sums = list(accumulate(map(self._score, self.raw, self.noise), initial=0.0))
        self._find_columns()

    @staticmethod
    def _prose(block: PageBlock) -> float:
        # A notice reads like prose and may be longer than a brief.
        score = block_score(block)
        return -1.0 if score > 0 and phrase_reason(block.text) else score

    @staticmethod
    def _score(raw: float, noise: str | None) -> float:
        # A tenth, because names are sometimes wrong about the only text of the page; shapes are not.
        return raw if noise is None or raw < 0 else 0.0 if noise == _TEASERS else 0.1 * raw

    def of(self, node: Node) -> float:
        """Return the score of an element: the sum over its blocks, prose in suspect places counted little."""
        return self.sums[node.end] - self.sums[node.start]

    def prose(self, start: int, end: int) -> float:
        """Return the mass of prose in a range of blocks, wherever it stands."""
        return self.positive[end] - self.positive[start]

    def _mark(self, ranges: list[tuple[Node, str]]) -> None:
        """Note the reasons of ranges in document order; the outermost range wins, so each block is visited
        once.
        """
        done = 0
        for node, reason in ranges:
            if node.end > done:
                for i in range(max(done, node.start), node.end):
                    self.noise[i] = reason
                done = node.end

    def _believe_names(self) -> None:
        """Mark what stands in elements named after navigation, comments and the like.

        A name is believed only if all elements of that name together hold a small part of the prose of the
        page, comments apart, and none of them holds the heading or what another name calls the body. A heading
        "Comments" that an element begins with is as good as a name.
        """
        bodies: list[Node] = []
        shares: dict[str, float] = defaultdict(float)
        held: list[tuple[Node, str, Prior]] = []
        headed = self._headed_comments()
        priors = [COMMENTS if i in headed else prior for i, prior in enumerate(self.priors)]
        whole = self.positive[-1] - self._prose_of_comments(priors)
        for node, prior in zip(self.page.nodes, priors, strict=True):
            if prior.noise and not self._holds_title(node):
                name = f"{node.element.tag} {node.element.get('class')}"
                shares[name] += self.prose(node.start, node.end)
                held.append((node, name, prior))
            elif prior.bonus >= STRONG and self.prose(node.start, node.end) > 0.3 * whole:
                bodies.append(node)
        believed = [
            (node, prior.noise)
            for node, name, prior in held
            if (
                shares[name] <= prior.share * whole
                or self._under_title(node, prior)
                or self._is_outside(prior, shares[name])
            )
            and not any(node.start <= body.start and body.end <= node.end for body in bodies[:8])
        ]
        self._mark([(node, reason) for node, reason in believed if reason])
        self.columns = [
            node for node, _, prior in held if (prior.noise or "").startswith("widget: side column")
        ]

    def _prose_of_comments(self, priors: list[Prior]) -> float:
        """Return the mass of prose in comments, 0 where a page would have little else."""
        found, end = 0.0, 0
        for node, prior in zip(self.page.nodes, priors, strict=True):
            if prior.noise == COMMENTS.noise and node.start >= end and not self._holds_title(node):
                found += self.prose(node.start, node.end)
                end = node.end
        return found if self._is_outside(COMMENTS, found) else 0.0

    def _headed_comments(self) -> set[int]:
        """Return the elements (indices into `page.nodes`) below the text under the title that begin with a heading of
        comments."""
        if self.title is None:
            return set()
        headings = {
            i
            for i, block in enumerate(self.page.blocks[self.title + 1 :], self.title + 1)
            if block.role == "heading" and heads_comments(block.text)
        }
        found: set[int] = set()
        for i, node in enumerate(self.page.nodes if headings else ()):
            if node.start in headings and node.end > node.start + 1 and self.priors[i].bonus < STRONG:
                headings.remove(node.start)  # the outermost comes first
                if self.prose(self.title + 1, node.start) > _UNDER_TITLE:
                    found.add(i)
        return found

    def _find_columns(self) -> None:
        """Mark side columns after the element whose name says that it holds the body, and that has title and text.

        However long they are; which element holds the body is not asked again for that.
        """
        title = self.title
        if title is None or not self.columns:
            return
        ends = (
            node.end
            for node, prior in zip(self.page.nodes, self.priors, strict=True)
            if prior.bonus >= STRONG
            and node.start <= title < node.end
            and self.prose(title + 1, node.end) > _UNDER_TITLE
        )
        end = next(ends, len(self.page.blocks))
        for node in self.columns:
            if node.start >= end:
                for i in range(node.start, node.end):
                    self.noise[i] = self.noise[i] or BESIDE
                end = node.end

    def _holds_title(self, node: Node) -> bool:
        title = self.title
        return (
            title is not None and node.start <= title < node.end and self.page.blocks[title].role == "heading"
        )

    def _is_outside(self, prior: Prior, share: float) -> bool:
        """Return whether comments or a consent notice, which may be long, leave enough prose to be about."""
        outside = ("comment", "widget: consent")
        return (prior.noise or "").startswith(outside) and self.positive[-1] - share > 60

    def _under_title(self, node: Node, prior: Prior) -> bool:
        """Return whether an element of other articles, comments or notices follows a text that stands under
        the title: it is believed however long it is, because briefs are short."""
        if (
            self.title is None
            or self.title >= node.start
            or not (prior.noise or "").startswith(("related", "comment", "notice"))
        ):
            return False
        return self.prose(self.title + 1, node.start) > _UNDER_TITLE

    def _find_teasers(self) -> None:
        """Mark lists of teasers: three or more elements of one shape side by side, each a link with a
        short text.
        """
        groups: dict[tuple[int, str, str], list[Node]] = defaultdict(list)
        for node in self.page.nodes:
            if node.element.tag in ("div", "li", "article", "section", "dl") and node.end - node.start > 1:
                groups[(node.parent, node.element.tag, _shape(node.element.get("class") or ""))].append(node)
        found: list[tuple[Node, str]] = []
        for group in groups.values():
            if len(group) < _ITEMS:
                continue
            teasers = [node for node in group if self._is_teaser(node)]
            if len(teasers) * 4 >= len(group) * 3 and self._is_minor(teasers):
                found += [(node, _TEASERS) for node in teasers]
        self._mark(sorted(found, key=lambda pair: (pair[0].start, -pair[0].end)))

    def _is_minor(self, teasers: list[Node]) -> bool:
        """Return whether the page has more to say than these teasers, or says it right under its title."""
        prose = sum(self.prose(node.start, node.end) for node in teasers)
        if prose < 0.6 * self.positive[-1]:
            return True
        first = teasers[0].start
        return (
            self.title is not None and self.title < first and self.prose(self.title + 1, first) > _UNDER_TITLE
        )

    def _is_teaser(self, node: Node) -> bool:
        blocks = self.page.blocks[node.start : node.end]
        if len(blocks) > 8 or not any(is_link(b) and mass(b.text) >= 6 for b in blocks):
            return False
        headed = any(is_link(b) and b.role == "heading" for b in blocks)
        limit = (
            _HEADED_TEASER
            if headed and sum(s > 20 for s in self.raw[node.start : node.end]) == 1
            else _TEASER
        )
        return self.prose(node.start, node.end) <= limit
