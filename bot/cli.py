"""The command line: `python -m bot …`."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from dotenv import dotenv_values

from bot import VERSION, checks, logs
from bot.manifest import manifest_text
from bot.rule_commands import rule
from bot.settings import Settings, StorageSettings, database_url, slash_command, unknown_variables
from pairing.address import canonical_address, is_local
from pairing.errors import AddressNotUsable, DrawbridgeError
from storage.errors import ConfigError
from storage.migrate import upgrade
from storage.rotation import forget, rotate
from storage.store import Store
from storage.vault import KeyRing, new_key_text


class Sentences(click.Group):
    """Ends a command with the sentence of our error instead of a traceback; what is no error of ours stays one."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DrawbridgeError as exc:
            raise click.ClickException(_sentences(exc)) from exc


def _sentences(error: DrawbridgeError) -> str:
    """Several problems one below the other."""
    problems = error.problems if isinstance(error, ConfigError) else ()
    listed = "".join(f"\n- {problem}" for problem in problems)
    return f"Put this right first:{listed}" if len(problems) > 1 else str(error)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--env-file", type=click.Path(path_type=Path), help="Read settings from this file.  [default: .env]")
@click.option("--no-env-file", is_flag=True, help="Read settings from the environment only.")
@click.version_option(VERSION, prog_name="Drawbridge", message="%(prog)s %(version)s")
@click.pass_context
def main(ctx: click.Context, env_file: Path | None, no_env_file: bool) -> None:
    """Drawbridge connects the service desks of two companies from a shared Slack channel."""
    ctx.obj = environment(
        os.environ, None if no_env_file else env_file or Path(".env"), must_exist=env_file is not None
    )


def environment(env: Mapping[str, str], env_file: Path | None, *, must_exist: bool = False) -> Mapping[str, str]:
    """The environment on top of the file: what is set in both comes from the environment."""
    if env_file is None:
        return env
    if must_exist and not env_file.is_file():
        raise click.BadParameter(f"there is no file {env_file}.", param_hint="--env-file")
    return {name: value for name, value in dotenv_values(env_file).items() if value is not None} | dict(env)


@main.command()
def keygen() -> None:
    """Print a new key for DRAWBRIDGE_SECRET_KEYS."""
    click.echo(new_key_text())
    click.echo("Keep it apart from the database and its backup: without it, every sealed secret is lost.", err=True)


@main.command()
@click.pass_obj
def migrate(env: Mapping[str, str]) -> None:
    """Bring the database's tables up to date."""
    upgrade(database_url(env))
    click.echo("The database is up to date.")


@main.command()
@click.option(
    "--only",
    type=click.Choice(["web", "workers"]),
    help="One half, where one process is not enough: what others call, or the work. Both need the same PostgreSQL.",
)
@click.pass_obj
def run(env: Mapping[str, str], only: str | None) -> None:
    """Start the node and keep it running until it is told to stop."""
    settings = Settings.from_env(env)
    logs.configure(settings.log_level)
    for sentence in unknown_variables(env):
        click.echo(sentence, err=True)
    # Late, so that the other commands start at once and need none of it.
    from bot.node import Only
    from bot.node import run as run_node

    asyncio.run(run_node(settings, None if only is None else Only(only)))


@main.command()
@click.pass_obj
@click.pass_context
def check(ctx: click.Context, env: Mapping[str, str]) -> None:
    """Tell what is fine and what is not; start nothing."""
    logs.configure("ERROR")
    findings = asyncio.run(checks.findings(env))
    for finding in findings:
        click.echo(f"{'ok   ' if finding.is_fine else 'WRONG'}  {finding.text}")
    if not all(finding.is_fine for finding in findings):
        ctx.exit(1)


def _checked(ctx: click.Context, param: click.Parameter, typed: str) -> str:
    try:
        return slash_command(typed)
    except ValueError as exc:
        raise click.BadParameter(str(exc)) from exc


@main.command()
@click.option("--url", help="Your node's public address; without it, the Socket Mode variant.")
@click.option("--command", default="/connect", show_default=True, help="The slash command.", callback=_checked)
def manifest(url: str | None, command: str) -> None:
    """Print the manifest of the Slack app."""
    click.echo(manifest_text(command=command, url=None if url is None else _public(url)))


def _public(url: str) -> str:
    try:
        address = canonical_address(url)
    except AddressNotUsable as exc:
        raise click.BadParameter(str(exc), param_hint="--url") from exc
    if is_local(address):
        raise click.BadParameter("it starts with https://.", param_hint="--url")
    return address


@main.group(cls=Sentences)
def secrets() -> None:
    """The sealed secrets in the database."""


@secrets.command("rotate")
@click.pass_obj
def rotate_secrets(env: Mapping[str, str]) -> None:
    """Seal every secret by the first key; may run beside the node."""
    settings = StorageSettings.from_env(env)
    keys = _keys(settings)
    count = asyncio.run(_rotated(settings.database_url, keys))
    click.echo(f"Sealed anew: {count}. Every secret is sealed by the key {keys.kid} now; no other key is needed.")


async def _rotated(url: str, keys: KeyRing) -> int:
    store = Store.open(url, keys)
    try:
        return await rotate(store)
    finally:
        await store.close()


@secrets.command("forget")
@click.confirmation_option(
    prompt="What no key opens is lost for good, and the connections that need it break. Stop the node first. Go on?"
)
@click.pass_obj
def forget_secrets(env: Mapping[str, str]) -> None:
    """Clear what a lost key sealed, and mark its connections broken."""
    settings = StorageSettings.from_env(env)
    upgrade(settings.database_url)
    done = forget(settings.database_url, _keys(settings))
    click.echo(f"Cleared secrets: {done.secrets}. Broken connections: {done.connections}.")
    if done.secrets:
        click.echo("In Slack, type the desks' API keys again with setup, and connect to those partners anew.")


def _keys(settings: StorageSettings) -> KeyRing:
    return KeyRing.from_texts([key.reveal() for key in settings.secret_keys])


main.add_command(rule)


@main.command()
@click.option("--tour", is_flag=True, help="End after the story. Always so without a terminal.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each step.")
@click.option(
    "--reach",
    type=click.Choice(["public", "private", "local"]),
    default="private",
    show_default=True,
    help="Which story: who can call whom.",
)
@click.option(
    "--rules",
    type=click.Choice(["basic", "script"]),
    default="basic",
    show_default=True,
    help="In Script mode a rule is changed at the end, and the next ticket shows it.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of the page; 0 takes a free one.")
@click.pass_context
def demo(ctx: click.Context, tour: bool, as_json: bool, reach: str, rules: str, port: int) -> None:
    """Watch two companies connect, all on this machine.

    A stand-in for Slack with one shared channel, and two nodes, each a process of its own.
    """
    try:
        from sandbox.demo import run_demo
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] in ("sandbox", "bot"):
            raise
        raise click.ClickException(f"The demo needs {exc.name}: `make demo` installs it.") from exc
    ctx.exit(run_demo(tour=tour or not sys.stdout.isatty(), as_json=as_json, reach=reach, port=port, rules=rules))
