"""The simplified and traditional forms of a character, by the tables of OpenCC."""

from collections import defaultdict
from functools import cache

_HAN = ((0x3400, 0xA000), (0x20000, 0x32000))


def variants_of(character: str) -> list[str]:
    """Return the forms of a character, itself among them: all that have one simplified form (`发`: 发發髮)."""
    return _forms().get(character, [character])


@cache
def _forms() -> dict[str, list[str]]:
    # Only here: the tables take a quarter of a second to read, and most searches do without.
    from opencc import OpenCC  # noqa: PLC0415

    characters = [chr(code) for first, end in _HAN for code in range(first, end)]
    # A character a line: none is read as part of a word, by which some are converted otherwise.
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    by_form: dict[str, list[str]] = defaultdict(list)
    for character, form in zip(characters, simplified, strict=True):
        by_form[form].append(character)
    return {character: some for some in by_form.values() if len(some) > 1 for character in some}
