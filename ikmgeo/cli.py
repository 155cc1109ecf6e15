"""The command ``ikmgeo``: start the app, check files of centers, write what the app hands out.

A command imports what it works with itself: neither ``--help`` nor the start of the app waits for
what makes an atlas.
"""

import json
import re
import runpy
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import ikmgeo
from ikmgeo import address, cli_register
from ikmgeo.errors import Issue
from ikmgeo.folders import ROOT
from ikmgeo.handouts.formats import FORMATS, file_name
from ikmgeo.settings import Settings
from ikmgeo.vocabulary import BASE_KINDS, LANGUAGES
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import found_of, placed

if TYPE_CHECKING:
    from ikmgeo.analysis import Inputs
    from ikmgeo.reading.validate import Checked

APP: Final = ROOT / "app.py"

ALL_GOOD, SOME_NOT, UNREAD = 0, 1, 2
"""What ``check`` ends with, of several files the greatest: every row good, some not or none there,
a file that cannot be read."""

CENTER_KEYS: Final = ("commodity", "district_code", "lat", "lon", "position_precision")
"""Columns of a center that ``check --json`` gives under their own names."""


def main() -> None:
    """Run the command of this process's arguments, in the language that they ask for."""
    asked = re.search(r"--lang[= ](\w+)", " ".join(sys.argv))  # known before the help is made
    language = asked[1] if asked and asked[1] in LANGUAGES else LANGUAGES[0]
    program(Messages(language))(prog_name="ikmgeo")


def program(say: Messages) -> click.Group:
    """All commands, in the language of ``say``."""

    def option(name: str, **settings: object) -> click.Option:
        return click.Option([f"--{name}"], help=say(f"cli.{name}"), **settings)  # type: ignore[arg-type]

    def command(name: str, run: Callable[..., None], *params: click.Parameter) -> click.Command:
        language = option("lang", type=click.Choice(LANGUAGES), expose_value=False)
        return click.Command(
            name,
            callback=partial(run, say),
            params=[*params, language],
            help=say(f"cli.{name}"),
            epilog=say("cli.codes"),
        )

    def of_register(name: str, run: Callable[..., None], *params: click.Parameter) -> click.Command:
        made = command(name, run, *params)
        made.name, made.epilog = name.removeprefix("register_"), say("cli.register_codes")
        return made

    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    output = option("output", type=click.Path(dir_okay=False, path_type=Path))
    return click.Group(
        help=say("cli.about"),
        epilog=say("cli.codes"),
        commands=[
            command(
                "serve",
                _serve,
                option("host", default="127.0.0.1", show_default=True),
                option("port", default=8501, show_default=True, type=click.IntRange(1, 65_535)),
            ),
            command(
                "check",
                _check,
                click.Argument(["files"], nargs=-1, required=True, metavar="FILE…", type=file),
                click.Option(["--json", "as_json"], is_flag=True, help=say("cli.json")),
            ),
            command(
                "base",
                _base,
                click.Argument(["kind"], type=click.Choice(BASE_KINDS)),
                click.Argument(["file"], metavar="FILE", type=file),
                option("source", required=True),
                option("by", required=True),
                option("layer"),
            ),
            command("atlas", partial(_write, kind="pdf"), output),
            command(
                "export", _write, click.Argument(["kind"], type=click.Choice([*FORMATS])), output
            ),
            cli_register.commands(say, _inputs, of_register, option),
            command("version", lambda _: click.echo(ikmgeo.__version__)),
        ],
    )


def _serve(_: Messages, host: str, port: int) -> None:
    address.tell(host, port)
    options = {"--server.address": host, "--server.port": str(port)}
    sys.argv = ["streamlit", "run", str(APP), *(word for pair in options.items() for word in pair)]
    # By name, in this process: only ikmgeo.ui knows Streamlit, and a signal reaches the server.
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _check(say: Messages, files: tuple[Path, ...], *, as_json: bool) -> None:
    from ikmgeo import analysis
    from ikmgeo.errors import DataError
    from ikmgeo.reading import worker

    settings, worst = Settings.from_environment(), ALL_GOOD
    inputs = _inputs(say, settings)
    say = Messages.of(say.language, inputs)
    for file in files:
        refused: tuple[Issue, ...] = ()
        checked: Checked | None = None
        most = settings.upload_mb
        try:
            with worker.reading(
                analysis.read_list, file, inputs, name=file.name, limit_mb=most
            ) as read:
                checked = worker.result(read, file.name)
        except DataError as error:
            refused = error.issues
        worst = max(worst, _code(checked))
        if as_json:
            told = _as_json(say, file.name, checked, refused)
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo("\n".join(_as_text(say, file.name, checked, refused)))
    sys.exit(worst)


def _inputs(say: Messages, settings: Settings) -> "Inputs":
    """The data with the base map of the installation, as the app has them.

    While the store does not answer, with what is shipped; it is told.
    """
    from ikmgeo import analysis
    from ikmgeo.errors import DataError
    from ikmgeo.reading.base import BARE
    from ikmgeo.records import base_layers
    from ikmgeo.records.store import Store

    base = BARE
    try:
        store = Store.open(settings.database_url)
        base = base_layers.base_map(store, base_layers.latest(store))
    except DataError as refused:
        click.echo("\n".join(map(say.issue, refused.issues)), err=True)
    return analysis.gather(settings, base)


def _base(say: Messages, kind: str, file: Path, source: str, by: str, layer: str | None) -> None:
    from ikmgeo import analysis
    from ikmgeo.errors import DataError
    from ikmgeo.reading import worker
    from ikmgeo.records import base_layers
    from ikmgeo.records.store import Store

    settings = Settings.from_environment()
    inputs = _inputs(say, settings)
    try:
        with worker.reading(
            analysis.read_base, file, inputs, kind=kind, name=file.name, layer=layer
        ) as reading:
            read = worker.result(reading, file.name)
        store = Store.open(settings.database_url)
        both = [one for one in (read, read.beside) if one]
        of = partial(base_layers.BaseLayer.of, file_name=file.name, attribution=source)
        saved = base_layers.save(store, {replace(of(n), saved_by=by): n.tables for n in both})
    except DataError as error:
        click.echo("\n".join(map(say.issue, error.issues)), err=True)
        sys.exit(UNREAD)
    for issue in read.issues:
        click.echo(say.issue(issue))
    for kept in saved:
        told = say("base.saved", name=say(f"base.kind_{kept.kind}"), file=kept.file_name)
        click.echo(f"{told} {found_of(say, kept.kind, kept.found, kept.total)}")


def _code(checked: "Checked | None") -> int:
    if checked is None:
        return UNREAD
    return ALL_GOOD if len(checked.good) and not len(checked.rejected) else SOME_NOT


def _as_text(
    say: Messages, file: str, checked: "Checked | None", refused: tuple[Issue, ...]
) -> list[str]:
    if checked is None:
        return [*map(say.issue, refused), say("own.refused", file=file)]
    good, rejected = len(checked.good), len(checked.rejected)
    counts = {"good": say.number(good, 0), "rejected": say.number(rejected, 0)}
    issues = checked.told
    kinds = [say(f"own.kind_{issue.severity}") for issue in issues]
    lines = [f"{say.issue(issue)} [{kind}]" for issue, kind in zip(issues, kinds, strict=True)]
    return [*lines, say("cli.checked", file=file, **counts), placed(say, checked.placed)]


def _as_json(
    say: Messages, file: str, checked: "Checked | None", refused: tuple[Issue, ...]
) -> dict[str, object]:
    """What ``check --json`` says of one file; the names are a contract (docs/cli.*.md)."""
    table = checked.table if checked else None
    centers = [] if checked is None else checked.good.reset_index().to_dict("records")
    return {
        "file": file,
        "format": table.format if table else None,
        "layers": [
            {"name": part.name, "rows": part.rows, "read": part.taken, "hidden": part.hidden}
            for part in (table.parts if table else ())
        ],
        "columns": table.headings if table else {},
        "rows": len(table.rows) if table else 0,
        "good": len(centers),
        "rejected": len(checked.rejected) if checked else 0,
        "placed": checked.placed if checked else {},
        "centers": [
            {
                "id": center["center_id"],
                "name": center["name_id"],
                **{key: _json_value(center[key]) for key in CENTER_KEYS},
            }
            for center in centers
        ],
        "issues": [_json_issue(say, issue) for issue in (checked.told if checked else refused)],
    }


def _json_issue(say: Messages, issue: Issue) -> dict[str, object]:
    message, remedy = say.problem_and_remedy(issue)
    return {
        "code": issue.code,
        "file": issue.file,
        "row": issue.row,
        "column": issue.column,
        "value": issue.value,
        "severity": issue.severity,
        "message": message,
        "remedy": remedy,
    }


def _json_value(value: object) -> object:
    """A cell as JSON has it: null where nothing stands."""
    return None if value != value or value is None else value  # NaN is not itself


def _write(say: Messages, kind: str, output: Path | None) -> None:
    from ikmgeo import handout
    from ikmgeo.errors import DataError
    from ikmgeo.records.store import Store
    from ikmgeo.register.in_districts import in_districts
    from ikmgeo.register.store import Register

    settings = Settings.from_environment()
    try:
        inputs = _inputs(say, settings)
        recorded = Store.open(settings.database_url).latest()
        register = Register(settings.register_folder)
        units = in_districts(register, register.version(), inputs.center_definitions)
    except DataError as refused:
        raise click.ClickException("\n".join(map(say.issue, refused.issues))) from refused
    say = Messages.of(say.language, inputs)
    shown = handout.as_opened(say, inputs, recorded, taken_on=date.today(), registered=units)
    made = FORMATS[kind]
    file = output or Path(file_name(shown, made.what, kind))
    data = made.make(shown, lambda part: None)
    try:
        file.write_bytes(data)
    except OSError as error:
        told = say("cli.unwritable", file=file, why=error.strerror)
        raise click.ClickException(told) from error
    click.echo(file)
    broken = [issue for issue in inputs.issues if issue.severity == "rejected"]
    click.echo("".join(f"{say.issue(issue)}\n" for issue in broken), nl=False, err=True)
    sys.exit(1 if broken else 0)
