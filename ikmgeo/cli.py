"""The command ``ikmgeo``: start the app, check files of centers, write what the app hands out.

A command imports what it works with itself: neither ``--help`` nor the start of the app waits for
what makes an atlas.
"""

import re
import runpy
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import click

import ikmgeo
from ikmgeo import address
from ikmgeo.folders import ROOT
from ikmgeo.handouts.formats import FORMATS, file_name
from ikmgeo.settings import Settings
from ikmgeo.vocabulary import LANGUAGES
from ikmgeo.words.messages import Messages
from ikmgeo.words.wording import placed

APP: Final = ROOT / "app.py"


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
            ),
            command("atlas", partial(_write, kind="pdf"), output),
            command(
                "export", _write, click.Argument(["kind"], type=click.Choice([*FORMATS])), output
            ),
            command("version", lambda _: click.echo(ikmgeo.__version__)),
        ],
    )


def _serve(_: Messages, host: str, port: int) -> None:
    address.tell(host, port)
    options = {"--server.address": host, "--server.port": str(port)}
    sys.argv = ["streamlit", "run", str(APP), *(word for pair in options.items() for word in pair)]
    # By name, in this process: only ikmgeo.ui knows Streamlit, and a signal reaches the server.
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def _check(say: Messages, files: tuple[Path, ...]) -> None:
    from ikmgeo import analysis
    from ikmgeo.errors import DataError
    from ikmgeo.reading import load

    settings, clean = Settings.from_environment(), True
    inputs = analysis.gather(settings)
    say = Messages.of(say.language, inputs)
    for file in files:
        try:
            brought = load.read_table(
                file,
                name=file.name,
                aspects=inputs.instrument.headers,
                limit_mb=settings.upload_mb,
            )
            checked = analysis.checked(brought, inputs)
        except DataError as refused:
            click.echo("\n".join(map(say.issue, refused.issues)))
            click.echo(say("own.refused", file=file.name))
            clean = False
            continue
        for issue in checked.issues:
            click.echo(f"{say.issue(issue)} [{say(f'own.kind_{issue.severity}')}]")
        good, rejected = len(checked.good), len(checked.rejected)
        counts = {"good": say.number(good, 0), "rejected": say.number(rejected, 0)}
        click.echo(say("cli.checked", file=file.name, **counts))
        click.echo(placed(say, checked.placed))
        clean &= good > 0 and not rejected
    sys.exit(0 if clean else 1)


def _write(say: Messages, kind: str, output: Path | None) -> None:
    from ikmgeo import analysis, handout
    from ikmgeo.errors import DataError
    from ikmgeo.records.store import Store

    settings = Settings.from_environment()
    try:
        inputs = analysis.gather(settings)
        recorded = Store.open(settings.database_url).latest()
    except DataError as refused:
        raise click.ClickException("\n".join(map(say.issue, refused.issues))) from refused
    say = Messages.of(say.language, inputs)
    shown = handout.as_opened(say, inputs, recorded, taken_on=date.today())
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
