"""The commands ``ikmgeo register …``: take units in, list what is there, take a file out."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ikmgeo.errors import DataError
from ikmgeo.settings import Settings
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import placed

if TYPE_CHECKING:
    from ikmgeo.analysis import Inputs
    from ikmgeo.register.store import Entry
    from ikmgeo.register.taking_in import Step

DONE, SOME_NOT, UNREAD = 0, 1, 2
"""Exit codes, of several files the greatest: done, rows came back, not done."""

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
            command("register_remove", _remove, click.Argument(["file"], metavar="FILE")),
        ],
    )


def refusing(act: Callable[[], Any], say: Messages) -> Any:
    """What an act gives; a refusal is told and ends the command."""
    try:
        return act()
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
        lines += described(say, taken.entry)
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


def described(say: Messages, entry: "Entry") -> list[str]:
    """What became of a file, a line for each thing to know."""
    lines = [
        say(
            "register.taken",
            file=entry.file,
            units=say.number(entry.units, 0),
            rejected=say.number(entry.rejected, 0),
        ),
        placed(say, entry.placed),
    ]
    if entry.made_up:
        lines.insert(0, say("register.made_up"))
    if entry.personal:
        key = "register.personal_kept" if entry.kept_personal else "register.personal_dropped"
        named = [f"{head} ({say(f'personal.{kind}')})" for head, kind in entry.personal.items()]
        lines.append(say(key, columns=say.listed(named)))
    if entry.masked:
        lines.append(say("register.masked", count=say.number(entry.masked, 0)))
    if "kbli" in entry.headings and not entry.edition:
        lines.append(say("register.no_edition"))
    return lines


def _list(say: Messages, *, as_json: bool) -> None:
    from ikmgeo.register.store import Register

    register = Register(Settings.from_environment().register_folder)
    version = refusing(register.version, say)
    if as_json:
        click.echo(json.dumps(asdict(version) | {"made_up": version.made_up}, ensure_ascii=False))
        return
    units, number = say.number(version.units, 0), version.number
    click.echo(say("register.version", number=number, units=units, files=len(version.entries)))
    for entry in version.entries:
        click.echo(f"\n[{entry.entry_id}] {say.date(entry.added_at[:10])}")
        click.echo("\n".join(described(say, entry)))


def _remove(say: Messages, file: str) -> None:
    from ikmgeo.register.store import Register

    register = Register(Settings.from_environment().register_folder)

    def remove() -> Any:
        with register.changing():
            return register.remove(file)

    version = refusing(remove, say)
    units = say.number(version.units, 0)
    click.echo(say("register.removed", file=file, units=units))
