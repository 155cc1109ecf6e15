"""What is said of specialisation: quotients, the one sentence of conclusion, figures."""

import pandas as pd

from ikmgeo.register.specialisation import Answer, Counted, Pattern, Question
from ikmgeo.words.messages import Messages

FEW_AREAS = 100
"""Areas below which a test of pattern sees strong ones alone."""

SMALLEST_P = 0.001
"""Smallest p that is told as a number."""


def interval(say: Messages, quotient: float, low: float, high: float) -> str:
    """A location quotient with its interval."""
    return f"{say.number(quotient, 2)} ({span(say, low, high)})"


def span(say: Messages, low: float, high: float) -> str:
    """An interval by itself."""
    return f"{say.number(low, 2)}–{say.number(high, 2)}"


def chance(say: Messages, p: float) -> str:
    """What p is, with its sign."""
    return f"< {say.number(SMALLEST_P, 3)}" if p < SMALLEST_P else f"= {say.number(p, 3)}"


def conclusion(
    say: Messages,
    asked: Question,
    commodity: str,
    names: pd.Series,
    answer: Answer,
) -> str:
    """One sentence on what may be concluded."""
    found, table = answer.conclusion, answer.table
    level = say(f"special.level_{asked.level}")
    named = [
        say(
            "special.says_area",
            area=names.get(code, code),
            quotient=say.number(quotient, 2),
            interval=span(say, low, high),
        )
        for code, quotient, low, high in table.loc[
            [*found.areas], ["quotient", "low", "high"]
        ].itertuples()
    ]
    if more := found.count - len(named):
        named.append(say("special.says_more", count=more, level=level))
    told = say(
        f"special.says_{found.head}",
        commodity=commodity,
        level=level,
        measure=say(f"special.measure_{asked.measure}"),
        areas=say.listed(named),
        pattern=_pattern(say, level, answer.pattern),
    )
    return f"{told[0].upper()}{told[1:]}"


def _pattern(say: Messages, level: str, found: Pattern | None) -> str:
    """What the test of the pattern says, as the end of a sentence."""
    if found is None:
        return say("special.pattern_untested", level=level)
    count = len(found.clusters)
    few = "_few" if found.spread == "random" and count < FEW_AREAS else ""
    return say(
        f"special.pattern_{found.spread}{few}",
        level=level,
        moran=say.number(found.moran, 2),
        p=chance(say, found.p),
        count=say.number(count, 0),
    )


def figures(say: Messages, asked: Question, answer: Answer) -> list[tuple[str, str]]:
    """Concentration and pattern: what each is called, and its value."""
    told: list[tuple[str, str]] = []
    even, pattern = answer.concentration, answer.pattern
    if even:
        number = say.number(even.gini, 2)
        if even.chance:
            low, high = (say.number(value, 2) for value in even.chance)
            number = say("special.by_chance", number=number, low=low, high=high)
        told = [(say("special.gini"), number), (say("special.hoover"), say.number(even.hoover, 2))]
    if pattern:
        moran, expected = (say.number(i, 3) for i in (pattern.moran, pattern.expected))
        told += [
            (say("special.moran"), say("special.moran_beside", moran=moran, expected=expected)),
            (say("special.p"), chance(say, pattern.p).removeprefix("= ")),
            (
                say("special.tested", level=say(f"special.level_{asked.level}")),
                say.number(len(pattern.clusters), 0),
            ),
        ]
    return told


def left_out(say: Messages, asked: Question, counted: Counted) -> list[str]:
    """Which units do not count, a sentence each."""
    told = []
    if counted.left_out:
        told.append(say("special.left_out", count=counted.left_out))
    cells = counted.cells
    unknown = int(cells["units"].sum() - cells["known"].sum())
    if asked.measure == "workers" and unknown:
        told.append(say("special.no_workers", count=unknown))
    return told


def attached(say: Messages, answer: Answer, names: pd.Series) -> list[str]:
    """Which areas touch no other and have the nearest one as their neighbour."""
    pattern = answer.pattern
    if pattern is None or not pattern.attached:
        return []
    return [say("special.attached", areas=say.listed([str(names[c]) for c in pattern.attached]))]
