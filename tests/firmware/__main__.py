"""Asks every real client every row: ``python -m tests.firmware [OPTION …] [CLIENT …]``.

Exit status 0 if the suite says of each what it did, otherwise 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edgeboot.base.paths import PROJECT
from edgeboot.host.wire.pcap import write_pcap
from tests.firmware.clients.linux import LinuxClient
from tests.firmware.clients.virtual import FirmwareClient
from tests.firmware.comparison import Compared
from tests.firmware.machines import Played
from tests.firmware.matrix import ALL, of_releases, played, rows_of
from tests.firmware.offer import Row
from tests.firmware.page import Cost, write_page
from tests.firmware.page_of_releases import write_page_of_releases
from tests.firmware.results import Asked, read_results, result_of, with_result, write_results

PAGE: Final = PROJECT / "docs" / "firmware.md"
PAGE_OF_RELEASES: Final = PROJECT / "docs" / "firmware-releases.md"


def main(arguments: Sequence[str]) -> int:
    """Ask the clients; the exit status."""
    options = _options(arguments)
    for release in options.release:
        subprocess.run([PROJECT / "tools" / "firmware", f"--release={release}"], check=True)
    asked = [each for each in ALL if not options.clients or each.name in options.clients]
    results = read_results(options.results) if options.results else ()
    done: tuple[Asked, ...] = ()
    for client in of_releases(asked, options.release) if options.release else asked:
        rows = [row for row in rows_of(client) if re.fullmatch(options.rows, row.name)]
        before = result_of(results, client.name, client.version, rows)
        one = before or _asked(client, rows, options.captures)
        done, results = with_result(done, one), with_result(results, one)
        if options.results:
            write_results(options.results, results)
    told, undecided = _told(done), _undecided(done)
    agree = sum(each.agrees for each in told)
    played_rows = len(told) + len(undecided)
    print(f"{agree} of {played_rows} agree")
    if options.page and options.release:
        costs = [each.cost for each in results]
        write_page_of_releases(PAGE_OF_RELEASES, _told(results), costs, _undecided(results))
    elif options.page:
        write_page(PAGE, told, [each.cost for each in done], undecided)
    return 0 if agree == played_rows else 1


def _asked(client: LinuxClient | FirmwareClient, rows: Sequence[Row], captures: Path | None) -> Asked:
    told, undecided = list[Compared](), list[str]()
    asked_at, started = datetime.now(UTC), time.monotonic()
    for each in played(client, rows):
        print(_line(each), flush=True)
        if isinstance(each, str):
            undecided.append(each)
        else:
            told.append(each.compared)
            _keep(captures, each)
    cost = Cost(client.name, client.version, len(rows), time.monotonic() - started, asked_at)
    return Asked(cost, tuple(told), tuple(undecided))


def _told(asked: Sequence[Asked]) -> list[Compared]:
    return [row for each in asked for row in each.told]


def _undecided(asked: Sequence[Asked]) -> list[str]:
    return [row for each in asked for row in each.undecided]


def _line(each: Played | str) -> str:
    if isinstance(each, str):
        return each
    return f"agrees: {each.compared}" if each.compared.agrees else f"DIFFERS: {each.compared}"


def _keep(directory: Path | None, each: Played) -> None:
    """The row's frames, and what the client did beside them: unit tests read both (tests/captures)."""
    if directory is not None:
        compared = each.compared
        stem = directory / f"{compared.client}-{re.sub(r'[^a-z0-9]+', '-', compared.row.lower()).strip('-')}"
        directory.mkdir(parents=True, exist_ok=True)
        write_pcap(stem.with_suffix(".pcap"), each.frames)
        told = {"client": compared.client, "version": compared.version, "offer": compared.row}
        lines = [f'{name} = "{value}"' for name, value in (told | {"boots": compared.real}).items()]
        stem.with_suffix(".toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.firmware", description=__doc__)
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help="of the table; by default all")
    parser.add_argument("--rows", default=".*", metavar="PATTERN", help="only rows whose whole name matches")
    parser.add_argument(
        "--release",
        action="append",
        default=[],
        metavar="NAME",
        help="the firmware of this release of Debian, which tools/firmware unpacks; may be repeated",
    )
    parser.add_argument(
        "--page",
        action="store_true",
        help=f"write these rows in {PAGE.relative_to(PROJECT)}, "
        f"with --release {PAGE_OF_RELEASES.relative_to(PROJECT)}",
    )
    parser.add_argument(
        "--results",
        type=Path,
        metavar="FILE",
        help="keep there what each client did; what is there of all these rows is not asked again",
    )
    parser.add_argument("--captures", type=Path, metavar="DIRECTORY", help="keep each row's frames there")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
