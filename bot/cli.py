"""The command line. Each command imports what it needs, so that a query does not wait for Bolt."""

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence

from bot.settings.load import Settings, SettingsError, load_settings
from bot.settings.sources import environment

EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit status."""
    options = _parser().parse_args(arguments, argparse.Namespace(config=None, verbose=False))
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        status = command(options)
        sys.stdout.flush()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return _let_go_of_output()
    return status


def _let_go_of_output() -> int:
    """End quietly where nobody reads any more, as in ``mediatask query … | head -1``."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123  # a device, and no path of ours
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--config", metavar="PATH", help="the configuration file")
    shared.add_argument("--verbose", action="store_true", help="log more, to standard error")
    parser = argparse.ArgumentParser(
        prog="mediatask",
        description="Is my recording done? Media tasks at ZEGO, Tencent Cloud and Huawei Cloud.",
        parents=[shared],
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, run, summary in (
        ("serve", _serve, "run the bot"),
        ("demo", _demo, "run the bot against local stand-ins; needs no account"),
        ("query", _query, "look tasks up without Slack"),
        ("check-config", _check_config, "validate the configuration, touch no network"),
        ("doctor", _doctor, "try every credential, scope, clock and endpoint"),
        ("migrate", _migrate, "bring the store to this version; serve does it by itself"),
        ("deliveries", _deliveries, "list what Slack has not been told yet, or will not take"),
        ("route-test", _route_test, "say where a failure would go, and send nothing"),
    ):
        command = commands.add_parser(name, help=summary, description=summary, parents=[shared])
        command.set_defaults(run=run)
        if name == "query":
            command.add_argument("words", nargs="+", metavar="[PROVIDER[@ACCOUNT]] ID")
            command.add_argument("--json", action="store_true", help="print one JSON array")
        if name == "deliveries":
            command.add_argument("--dead", action="store_true", help="only what Slack refused")
            command.add_argument("--resend", metavar="ID", help="send a dead one again")
        if name == "route-test":
            _add_failure(command)
        if name == "demo":
            command.add_argument("--port", type=_port, default=0, help="the page's port; 0: any")
    return parser


def _add_failure(command: argparse.ArgumentParser) -> None:
    provider = "such as record, or record@ACCOUNT for one that is not the default"
    command.add_argument("--provider", required=True, metavar="P[@ACCOUNT]", help=provider)
    command.add_argument(
        "--state", required=True, choices=("failed", "partial", "empty", "stuck", "outage")
    )
    command.add_argument("--kind", help="what sort of task, such as recording")
    command.add_argument("--room", help="the room it was in")
    command.add_argument("--at", metavar="INSTANT", help="ISO 8601; UTC where it has no offset")
    command.add_argument("--json", action="store_true", help="print one JSON array")


def _port(text: str) -> int:
    port = int(text)
    if port not in range(1 << 16):
        raise argparse.ArgumentTypeError(f"{port} is no port, which is 0 to 65535")
    return port


def _load(options: argparse.Namespace, *, needs_slack: bool = True) -> Settings:
    from bot.logs import LEVELS, configure_logging, secrets_of

    environ = environment()
    settings = load_settings(options.config, environ, needs_slack=needs_slack)
    level = "debug" if options.verbose else environ.get("MEDIATASK_LOG_LEVEL", "info").lower()
    if level not in LEVELS:
        wanted = ", ".join(LEVELS)
        raise SettingsError([f"MEDIATASK_LOG_LEVEL: found another word, wanted one of {wanted}"])
    configure_logging(level, secrets_of(settings))
    return settings


def _query(options: argparse.Namespace) -> int:
    gc.disable()  # a query lives for a moment; collecting while it imports costs a tenth of it
    from bot.commands import UsageError
    from bot.query import run_query
    from providers.clock import SystemClock

    settings = _load(options, needs_slack=False)
    question = run_query(
        settings.accounts, options.words, as_json=options.json, clock=SystemClock()
    )
    try:
        text, status = asyncio.run(question)
    except UsageError as error:
        meant = f" Did you mean {error.nearest}?" if error.nearest else ""
        print(
            f"{error.problem}{meant}\nFor example: mediatask query {error.example}", file=sys.stderr
        )
        return EXIT_USAGE
    print(text)
    return status


def _check_config(options: argparse.Namespace) -> int:
    settings = _load(options)
    mode = settings.slack.mode if settings.slack else "no"
    print(f"ok: {len(settings.accounts)} accounts, Slack in {mode} mode")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine
    from providers.clock import SystemClock

    findings = asyncio.run(examine(_load(options), SystemClock()))
    print(*findings, sep="\n")
    return 0 if all(finding.fine for finding in findings) else 1


def _migrate(options: argparse.Namespace) -> int:
    from bot.store.errors import UnusableStoreError
    from bot.store.maintenance import migrate_store

    settings = _load(options, needs_slack=False)
    try:
        print("ok:", asyncio.run(migrate_store(settings.store.url.get_secret_value())))
    except UnusableStoreError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    return 0


def _deliveries(options: argparse.Namespace) -> int:
    from bot.deliveries import list_deliveries, resend_delivery
    from bot.store.errors import StoreError
    from providers.clock import SystemClock

    url = _load(options, needs_slack=False).store.url.get_secret_value()
    work = (
        resend_delivery(url, options.resend)
        if options.resend
        else list_deliveries(url, SystemClock().now(), only_dead=options.dead)
    )
    try:
        told = asyncio.run(work)
    except StoreError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    if told is None:
        print(f"there is no dead delivery {options.resend}", file=sys.stderr)
        return EXIT_USAGE
    print(told)
    return 0


def _route_test(options: argparse.Namespace) -> int:
    from bot.route_test import read_failure, show_routes
    from providers.clock import SystemClock

    settings = _load(options, needs_slack=False)
    try:
        failure = read_failure(vars(options), settings.accounts, SystemClock().now())
    except ValueError as error:
        print(error, file=sys.stderr)
        return EXIT_USAGE
    print(show_routes(settings.alerts, failure, as_json=options.json))
    return 0


def _serve(options: argparse.Namespace) -> int:
    from bot.app import serve
    from bot.crashpoint import arm
    from providers.clock import SystemClock

    arm(environment().get("MEDIATASK_CRASH_AT", ""))
    return asyncio.run(serve(_load(options), SystemClock()))


def _demo(options: argparse.Namespace) -> int:
    from bot.demo import run_demo

    return asyncio.run(run_demo(options.port))
