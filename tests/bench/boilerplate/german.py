"""Invented German local news: sentences of drawn names, numbers and halves, so that none comes twice."""

import random

_FIRST = "Antje Birte Carsten Dörte Enno Frauke Gesa Hauke Imke Jens Keno Levke Momme Nele Ocke Paula Rieke Sönke Telse Wiebke".split()
_LAST = "Ahlers Brodersen Carstensen Detlefsen Eggers Feddersen Godbersen Hinrichs Ingwersen Jessen Klüver Lorenzen Matthiesen Nissen Ohlsen Petersen Quast Rickmers Siemsen Thomsen".split()
_A = "Ader Bohm Diek Ester Fahre Groten Hasel Immen Jarl Kolden Luttjen Mehl Norder Oster Poppen Quer Ruder Sander Tetten Uhlen Wester".split()
_B = "büll hagen horn husen koog moor sand siel stedt wisch".split()
_WHAT = "der neue Radweg|die alte Schleuse|das Feuerwehrhaus|der Wochenmarkt|die Kita am Wall|der Fähranleger|das Strandbad|die Mühle".split(
    "|"
)
_DID = "wird für {n} Euro erneuert|soll {n} Menschen dienen|stand {n} Tage leer|zog {n} Besucher an|wurde nach {n} Anträgen genehmigt|braucht {n} Ziegel".split(
    "|"
)
_SAID = "sagt|rechnet vor|erinnert sich|erklärt im Ausschuss|hält dagegen".split("|")
_TAIL = "„Nach {n} Jahren ist das ein guter Tag“|„{n} Stunden habe ich daran gerechnet“|„Wir haben {n} Briefe geschrieben“|„Mit {n} Helfern geht das“".split(
    "|"
)


def german_name(rng: random.Random) -> str:
    """Return a first and a last name."""
    return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"


def _place(rng: random.Random) -> str:
    return rng.choice(_A) + rng.choice(_B)


def _fill(rng: random.Random, pattern: str) -> str:
    return pattern.format(n=rng.randint(11, 99_999))


def german_title(rng: random.Random, number: int) -> str:
    """Return a headline that no other page has."""
    what = rng.choice(_WHAT)
    return f"{_place(rng)}: {what[0].upper()}{what[1:]} und die {number + 12} Fragen aus {_place(rng)}"


def german_paragraph(rng: random.Random) -> str:
    """Return one to three sentences."""
    sentences = []
    for _ in range(rng.randint(1, 3)):
        what, did = rng.choice(_WHAT), _fill(rng, rng.choice(_DID))
        sentences.append(
            f"In {_place(rng)}, nahe {_place(rng)}, {did.split()[0]} {what} {did.split(' ', 1)[1]}."
        )
        sentences.append(
            f"{_fill(rng, rng.choice(_TAIL))}, {rng.choice(_SAID)} {german_name(rng)} aus {_place(rng)}."
        )
    return " ".join(sentences)
