"""The commands ``ikmgeo register …``: take units in, list what is there, take a file out."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pandas as pd

from ikmgeo import tables
from ikmgeo.errors import DataError
from ikmgeo.register.nearness import LEAST_UNITS, REACH_KM, Nearness
from ikmgeo.register.specialisation import BASIS, LEVELS
from ikmgeo.settings import Settings
from ikmgeo.words import wording
from ikmgeo.words.messages import NOTHING, Messages

if TYPE_CHECKING:
    from ikmgeo.analysis import Inputs
    from ikmgeo.register.candidates import Criterion, Like
    from ikmgeo.register.specialisation import Level, Measure
    from ikmgeo.register.store import Version
    from ikmgeo.register.taking_in import Step

DONE, SOME_NOT, UNREAD = 0, 1, 2
"""Exit codes, of several files the greatest: done, rows came back, not done."""

SHOWN = 20
"""Candidates that the command tells; the file has all."""

Gather = Callable[[Messages, Settings], "Inputs"]


def commands(
    say: Messages,
    gather: Gather,
    command: Callable[..., click.Command],
    option: Callable[..., click.Option],
) -> click.Group:
    """All of them; ``gather`` reads the data, ``command`` and ``option`` make what click takes."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    as_json = click.Option(["--json", "as_json"], is_flag=True, help=say("cli.register_json"))
    return click.Group(
        "register",
        help=say("cli.register"),
        epilog=say("cli.register_codes"),
        commands=[
            command(
                "register_add",
                partial(_add, gather=gather),
                click.Argument(["files"], nargs=-1, required=True, metavar="FILE…", type=file),
                option("map", multiple=True, metavar="HEADING=FIELD"),
                as_json,
            ),
            command("register_list", _list, as_json),
            command("register_candidates", *_of_candidates(say, gather, option)),
            command("register_specialisation", *_of_specialisation(say, gather, option)),
            command(
                "register_measure",
                partial(_measure, gather=gather),
                click.Argument(
                    ["out"],
                    metavar="[OUT]",
                    required=False,
                    type=click.Path(file_okay=False, path_type=Path),
                ),
                option("scheduler", metavar="tcp://HOST:8786"),
            ),
            command(
                "register_sample",
                partial(_sample, gather=gather),
                click.Argument(
                    ["out"], metavar="OUT", type=click.Path(dir_okay=False, path_type=Path)
                ),
                option("units", type=click.IntRange(1, 10_000_000)),
            ),
            command("register_remove", _remove, click.Argument(["file"], metavar="FILE")),
        ],
    )


def _of_candidates(
    say: Messages, gather: Gather, option: Callable[..., click.Option]
) -> Iterator[Any]:
    """What the command runs, and what it takes."""
    yield partial(_candidates, gather=gather)
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    like = click.Choice(["commodity", "kbli"])
    yield click.Option(["--by"], type=like, default="commodity", help=say("cli.like"))
    yield option("definition", default="law", show_default=True)
    yield option("min", type=click.IntRange(1))
    yield option("near", type=click.FloatRange(*REACH_KM), metavar="KM")
    yield option("households", type=file)
    yield option("centers", type=file)
    yield option("year", type=click.IntRange(1900, 2100))
    yield option("out", type=click.Path(dir_okay=False, path_type=Path))


def _of_specialisation(
    say: Messages, gather: Gather, option: Callable[..., click.Option]
) -> Iterator[Any]:
    """What the command runs, and what it takes."""
    yield partial(_specialisation, gather=gather)
    file = click.Path(dir_okay=False, path_type=Path)
    yield click.Option(["--commodity"], required=True, help=say("cli.one_commodity"))
    yield option("level", type=click.Choice(LEVELS), default=LEVELS[0], show_default=True)
    yield option("count", type=click.Choice([*BASIS]), default="units", show_default=True)
    for bound in ("since", "until"):
        yield option(bound, type=click.IntRange(1900, 2100))
    yield click.Option(["--out"], type=file, help=say("cli.table_out"))


@contextmanager
def refusals(say: Messages) -> Iterator[None]:
    """Tell a refusal and end the command."""
    try:
        yield
    except DataError as refused:
        click.echo("\n".join(map(say.issue, refused.issues)), err=True)
        sys.exit(UNREAD)


def _add(
    say: Messages, files: tuple[Path, ...], map: tuple[str, ...], *, as_json: bool, gather: Gather
) -> None:
    from ikmgeo.register.columns import ASKED_AS, FIELDS
    from ikmgeo.register.store import Register
    from ikmgeo.register.taking_in import take_in

    settings = Settings.from_environment()
    asked = dict(one.rpartition("=")[::2] for one in map)
    fields = (*ASKED_AS, *FIELDS)
    if not set(asked.values()) <= set(fields) or "" in asked:
        raise click.UsageError(say("register.map_wrong", fields=", ".join(fields)))
    inputs = gather(say, settings)
    say = Messages.of(say.language, inputs)
    worst = DONE
    for path in files:
        back = Path(f"{path.stem}.{say('register.rejected_file')}.csv")
        told = partial(_progress, say, path.name)
        try:
            taken = take_in(
                path,
                inputs,
                Register(settings.register_folder),
                remark=say.problem,
                rejected=back,
                asked=asked,
                keep_personal=settings.keep_personal,
                progress=told if sys.stderr.isatty() else lambda step: None,
            )
        except DataError as refused:
            worst, lines = UNREAD, [say.issue(issue) for issue in refused.issues]
            _tell(as_json, {"file": path.name, "issues": lines}, lines)
            continue
        worst = max(worst, SOME_NOT if taken.entry.rejected else DONE)
        lines = [say("register.known", file=path.name)] if taken.known else []
        lines += wording.taken_in(say, taken.entry)
        if taken.entry.rejected and not taken.known:
            lines.append(say("register.back", file=back))
        _tell(as_json, asdict(taken.entry) | {"known": taken.known}, lines)
    sys.exit(worst)


def _tell(as_json: bool, facts: dict[str, Any], lines: Sequence[str]) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else "\n".join(lines))


def _progress(say: Messages, file: str, step: "Step") -> None:
    share, rows = say.number(100 * step.share, 0), say.number(step.rows, 0)
    click.echo(
        "\r\033[K" + say(f"register.step_{step.stage}", file=file, rows=rows, share=share),
        nl=step.stage == "done",
        err=True,
    )


def _list(say: Messages, *, as_json: bool) -> None:
    from ikmgeo.register.store import Register

    register = Register(Settings.from_environment().register_folder)
    with refusals(say):
        version = register.version()
    if as_json:
        click.echo(json.dumps(asdict(version) | {"made_up": version.made_up}, ensure_ascii=False))
        return
    units, number = say.number(version.units, 0), version.number
    click.echo(say("register.version", number=number, units=units, files=len(version.entries)))
    for entry in version.entries:
        click.echo(f"\n[{entry.entry_id}] {say.date(entry.added_at[:10])}")
        click.echo("\n".join(wording.taken_in(say, entry)))


def _remove(say: Messages, file: str) -> None:
    from ikmgeo.register.store import Register

    register = Register(Settings.from_environment().register_folder)
    with refusals(say), register.changing():
        version = register.remove(file)
    units = say.number(version.units, 0)
    click.echo(say("register.removed", file=file, units=units))


def _candidates(
    say: Messages,
    by: "Like",
    definition: str,
    min: int | None,
    near: float | None,
    households: Path | None,
    centers: Path | None,
    year: int | None,
    out: Path | None,
    *,
    gather: Gather,
) -> None:
    from ikmgeo import analysis
    from ikmgeo.handouts import found_centers
    from ikmgeo.register import candidates, nearness
    from ikmgeo.register.households import kept, read_households
    from ikmgeo.register.store import Register

    settings = Settings.from_environment()
    inputs = gather(say, settings)
    say = Messages.of(say.language, inputs)
    known = inputs.center_definitions
    if definition not in known.index:
        raise click.UsageError(say("register.definition_wrong", known=", ".join(known.index)))
    criterion, used = _sought(say, tables.row(known, definition), min, near)
    register = Register(settings.register_folder)
    with refusals(say):
        version, there = register.version(), kept(register)
        most, counted, recorded = settings.upload_mb, None, inputs.centers
        if households:
            counted = read_households(households, inputs, limit_mb=most)
        elif there:
            counted = there.counts
        elif criterion.share_from:
            raise click.UsageError(say("register.households_needed"))
        if centers:
            recorded = analysis.read_list(centers, inputs, name=centers.name, limit_mb=most).good
        with register.connect(version) as connection:
            found = candidates.candidates(
                connection, inputs, criterion, by=by, households=counted, year=year
            )
            if used:
                clusters = nearness.candidates(connection, inputs, used, by=by, year=year)
                found = nearness.beside(clusters, found)
    status, lists = candidates.compared(found, recorded, inputs, by=by)
    every = found.join(status).join(candidates.linked(found, inputs))
    shown = candidates.published(every)
    of_households = households.name if households else there.file if there else ""
    source = found_centers.attribution(
        say, version, inputs, definition, used or criterion, households=of_households
    )
    if out:
        write(say, out, found_centers.csv(say, shown, source))
    for line in summary(say, shown, lists, inputs, recorded):
        click.echo(line)
    if used and not version.has_points:
        click.echo(say("register.no_points"))
    click.echo(source)
    sys.exit(DONE if len(found) else SOME_NOT)


def _sought(
    say: Messages, definition: pd.Series, least: int | None, reach_km: float | None
) -> "tuple[Criterion, Nearness | None]":
    """The criterion for villages and, with a reach, that for nearness, which the number is for."""
    from ikmgeo.register.candidates import Criterion

    criterion = Criterion.of(definition)
    if reach_km is None:
        return (criterion if least is None else replace(criterion, units_from=least)), None
    low, most = LEAST_UNITS
    used = Nearness(reach_km, Nearness.least if least is None else least)
    if not low <= used.least <= most:
        raise click.UsageError(say("register.least_wrong", low=low, most=most))
    return criterion, used


def _specialisation(
    say: Messages,
    commodity: str,
    level: "Level",
    count: "Measure",
    since: int | None,
    until: int | None,
    out: Path | None,
    *,
    gather: Gather,
) -> None:
    from ikmgeo.handouts import quotients
    from ikmgeo.register.chosen import Chosen, among
    from ikmgeo.register.specialisation import (
        Question,
        answered,
        counted,
        publishable,
    )
    from ikmgeo.register.store import Register
    from ikmgeo.words import concluding

    settings = Settings.from_environment()
    inputs = gather(say, settings)
    say, asked = Messages.of(say.language, inputs), Question(commodity, level, count)
    register = Register(settings.register_folder)
    with refusals(say):
        version = register.version()
        with register.connect(version) as connection:
            units = among(connection, Chosen(since=since, until=until))
            held, wider = counted(units, level), counted(units, "district")
    known = sorted({*held.cells["commodity"]} - {""})
    if commodity not in known:
        listed = say.listed(known[:SHOWN]) or NOTHING
        raise click.UsageError(say("special.commodity_wrong", known=listed))
    answer = answered(held, inputs, asked)
    names = quotients.area_names(inputs)
    source = quotients.attribution(say, version, inputs, asked, (since, until))
    if out:
        shown = publishable(held, count, wider if level == "subdistrict" else None)
        made = quotients.csv(say, inputs, asked, answer.table, answer.clusters, shown, source)
        write(say, out, made)
    named = wording.commodity(say, inputs.commodities, commodity)
    click.echo(concluding.conclusion(say, asked, named, names, answer))
    for name, value in concluding.figures(say, asked, answer):
        click.echo(f"{name}: {value}")
    for line in (*concluding.left_out(say, asked, held), *concluding.attached(say, answer, names)):
        click.echo(line)
    click.echo(source)


def summary(
    say: Messages,
    shown: pd.DataFrame,
    lists: pd.DataFrame,
    inputs: "Inputs",
    recorded: pd.DataFrame,
) -> Iterator[str]:
    """The candidates with the most units, and what becomes of the recorded centers."""
    yield say("register.found", count=len(shown))
    for _, one in shown.head(SHOWN).iterrows():
        differs = one.get("differs")
        yield say(
            "register.candidate_near" if differs else "register.candidate",
            product=wording.product_of(say, inputs.commodities, one),
            village=next((v for v in one[["village", "village_code"]] if pd.notna(v)), NOTHING),
            subdistrict=one["subdistrict"],
            district=inputs.districts["name_id"].get(one["district_code"], one["district_code"]),
            units=say.number(one["units"], 0),
            workers=say.number(one["workers"], 0),
            zone=inputs.zones["short_name"].get(one["nearest_zone"], NOTHING),
            km=say.km(one["nearest_km"]),
            status=say(f"register.status_{one['status']}"),
            area=say.number(one["area_km2"], 2),
            differs=differs and say(f"units.differs_{differs}", villages=one["villages"]),
        )
    for center_id, one in lists.iterrows():
        name = recorded.at[center_id, f"name_{say.language}"]
        yield say(f"register.center_{one['status']}", name=name)


def _measure(say: Messages, out: Path | None, scheduler: str | None, *, gather: Gather) -> None:
    from ikmgeo.register import measuring
    from ikmgeo.register.store import Register

    settings = Settings.from_environment()
    register = Register(settings.register_folder)
    with refusals(say):
        version = register.version()
    if not version.units:
        click.echo(say("register.measure_empty"))
        sys.exit(SOME_NOT)
    inputs = gather(say, settings)
    say = Messages.of(say.language, inputs)
    out = out or register.measured(version)
    source = _measured_source(say, version, inputs)
    run = measuring.here
    if scheduler:
        from ikmgeo.register import cluster

        run = partial(cluster.run, scheduler)
    told = partial(_measure_progress, say) if sys.stderr.isatty() else lambda done, units: None
    try:
        with refusals(say), writing(say, out):
            units = measuring.measure(
                register, version, inputs, out, source=source, run=run, progress=told
            )
    except KeyboardInterrupt:
        click.echo(say("register.measure_stopped"), err=True)
        sys.exit(UNREAD)
    click.echo(say("register.measured", out=out, units=say.number(units, 0)))
    click.echo(source)


def _measure_progress(say: Messages, done: int, units: int) -> None:
    told = say("register.measuring", done=say.number(done, 0), units=say.number(units, 0))
    click.echo(f"\r\033[K{told}", nl=done == units, err=True)


def _measured_source(say: Messages, version: "Version", inputs: "Inputs") -> str:
    """Whence the figures of units are: register, zones and areas; fictional ones say so."""
    named = inputs.sources.set_index("layer")["source"]
    return wording.source_of_register(
        say,
        "register.measured_source",
        version,
        zones=say.data(named["zones"]),
        areas=say.data(named["areas"]),
    )


def _sample(say: Messages, out: Path, units: int | None, *, gather: Gather) -> None:
    from ikmgeo.register import sample

    inputs = gather(say, Settings.from_environment())
    count = units or sample.UNITS
    with writing(say, out):
        sample.write_sample(out, inputs, units=count)
    click.echo(f"{out}: {say('register.made_up')}")


def write(say: Messages, out: Path, data: bytes) -> None:
    """Write a file, or tell why not and end the command."""
    with writing(say, out):
        out.write_bytes(data)
    click.echo(out)


@contextmanager
def writing(say: Messages, out: Path) -> Iterator[None]:
    """Tell why a file cannot be written and end the command."""
    try:
        yield
    except OSError as error:
        click.echo(say("cli.unwritable", file=out, why=error.strerror), err=True)
        sys.exit(UNREAD)
