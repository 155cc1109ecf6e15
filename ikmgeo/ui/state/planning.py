"""The scenarios of a session by name, and the one in use."""

from dataclasses import replace
from itertools import chain, count

from ikmgeo.analysis import Linked
from ikmgeo.measures import scenario
from ikmgeo.measures.scenario import Effect, Scenario
from ikmgeo.ui.state import keys, session


def present() -> Scenario:
    """The scenario in use; the first is empty."""
    return saved()[name()]


def in_use() -> Scenario | None:
    """The scenario in use, where it changes anything; makes none."""
    plan = present() if keys.SCENARIOS.get() else None
    return plan if plan and plan.changes else None


def saved() -> dict[str, Scenario]:
    """Scenarios of this session by name, in the order of their making."""
    found = keys.SCENARIOS.get()
    if not found:
        found["A"] = Scenario("A")
    return found


def name() -> str:
    """Name of the scenario in use."""
    chosen = keys.SCENARIO.get()
    return chosen if chosen in saved() else next(iter(saved()))


def save(plan: Scenario) -> None:
    """Keep a scenario under its name, and use it."""
    keys.SCENARIOS.get()[plan.name] = plan
    keys.SCENARIO.set(plan.name)
    keys.DELETED_SCENARIO.pop()
    keys.forget_controls("w-edited")  # its words tell which zones are changed: send it anew


def take_up(brought: Scenario) -> None:
    """Use a scenario that was brought, by another name where its own has been worked on."""
    known = keys.SCENARIOS.get()
    stem = brought.name[: scenario.NAME_LENGTH - 6]
    names = chain([brought.name], (f"{stem} ({number})" for number in count(2)))
    named = (replace(brought, name=name) for name in names)
    save(next(one for one in named if not (there := known.get(one.name)) or _free(there, one)))


def _free(there: Scenario, brought: Scenario) -> bool:
    """Whether a scenario loses nothing when another one of its name takes its place."""
    return not there.changes or there == brought


def effect(plan: Scenario, before: Linked, after: Linked) -> Effect | None:
    """What a scenario does to the column that is looked at; None where it changes nothing.

    The column is the one that the reader chose, else the one that changes most.
    """
    view = session.view()
    known = after.values.get(view.indicator)
    if not plan.changes or known is None:
        return None
    column = view.column
    if column not in known:
        found = scenario.most_changed(before.values, after.values, first=view.indicator)
        most = found[1] if found and found[0] == view.indicator else ""
        column = most or str(known.columns[0])
    return scenario.effect(plan.name, before.values, after.values, view.indicator, column)
