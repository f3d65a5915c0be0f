"""Rules at the command line: checked, run on a ticket in a file, evaluated. No settings, no database, no network."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from flows.rule_check import tidied

_FILE = click.argument("file", type=click.Path(path_type=Path))
_JSON = click.Path(path_type=Path)
_BAD_INPUT = 2


class BadInput(click.ClickException):
    """What was given cannot be read; the sentence says why."""

    exit_code = _BAD_INPUT


@click.group()
def rule() -> None:
    """Check and try rules of Script mode. Needs no settings and no database."""


@rule.command("check")
@_FILE
@click.option(
    "--side", type=click.Choice(["outgoing", "incoming"]), required=True, help="Which of the two rules it is."
)
@click.pass_context
def check_rule(ctx: click.Context, file: Path, side: str) -> None:
    """Say what is wrong with a rule, as saving it in Slack would.

    One line for each thing, as line:column: message. Ends with 1 when there is one, else with 0; what may be saved as
    it is goes to stderr.
    """
    # Late, so that the other commands start at once.
    from flows.rule_check import remarks_about
    from flows.rule_language import language_check
    from sync.rule import RuleSide

    remarks = remarks_about(RuleSide(side), tidied(_text(file)), language_check)
    for remark in remarks:
        click.echo(f"{remark.line}:{remark.column}: {remark.text}", err=remark.may_pass)
    if not all(remark.may_pass for remark in remarks):
        ctx.exit(1)
    click.echo("ok", err=True)


@rule.command("run")
@_FILE
@click.option("--ticket", type=_JSON, required=True, help="Your ticket, in the JSON shape below; null for none yet.")
@click.option("--replica", type=_JSON, help="The partner's replica, for an incoming rule; without it, an outgoing one.")
@click.pass_context
def run_rule(ctx: click.Context, file: Path, ticket: Path, replica: Path | None) -> None:
    """Run a rule on a ticket in a file; print the replica that would leave, or what would be written.

    \b
    Ticket:   {"id": "372", "fields": {"summary": "…", "custom.site": "…"}, "comments": [
               {"id": "9", "author": "Ann", "text": "…", "at": "2026-03-04T05:06:07Z", "is_public": true}],
               "files": [{"id": "f1", "name": "a.png", "size": 7}], "requester": {"name": "…", "email": "…"}}
    Replica:  {"fields": {…}, "comments": […], "files": […], "previous": {fields of the one before}}
    Printed:  {"replica": {"fields": {…}, …}, "log": […]}  or  {"writes": {"fields": {…}, …}, "log": […]}

    docs/rules.md shows both shapes whole. Ends with 1, and a sentence with line and column, when the rule stops.
    """
    from flows.rule_json import NotThisShape, read_replica, read_ticket

    text = tidied(_text(file))
    try:
        seen = read_ticket(_text(ticket))
    except NotThisShape as error:
        raise BadInput(f"{ticket}: {error}.") from None
    try:
        theirs = read_replica(_text(replica)) if replica is not None else None
    except NotThisShape as error:
        raise BadInput(f"{replica}: {error}.") from None
    if seen is None and theirs is None:
        raise BadInput("An outgoing rule needs a ticket.")
    held = asyncio.run(_played(text, seen, theirs))
    click.echo(json.dumps(held, ensure_ascii=False, indent=2))


async def _played(text: str, seen: Any, theirs: Any) -> Any:
    from flows.rule_file import run_incoming, run_outgoing

    now = datetime.now(UTC)
    if theirs is None:
        return await run_outgoing(text, seen, now)
    replica, previous = theirs
    return await run_incoming(text, seen, replica, previous, now)


@rule.command("eval")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
def evaluate_files(files: tuple[Path, ...]) -> None:
    """Evaluate each file as a script of its own, without a ticket.

    One line a file: the class of the result and its text; or EXC, the class of the exception and its message; or
    COMPILE and what is wrong with the text.
    """
    # A file that cannot be read is said before anything is printed.
    texts = [_text(file) for file in files]
    from rules.language.evaluate import eval_line

    for text in texts:
        click.echo(eval_line(text))


def _text(file: Path) -> str:
    """Raises BadInput."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{file} is not UTF-8 text.") from None
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {(error.strerror or 'it is no file').lower()}.") from None
