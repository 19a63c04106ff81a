"""A headless chromium, and pages of runs that are made here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from edgeboot.host.command import find_program
from edgeboot.host.wire.pcap import write_pcap
from edgeboot.report.client_boot import ClientBoot
from edgeboot.report.page.run_directory import keep_run
from edgeboot.report.received import received
from edgeboot.report.recorded_failure import Failure
from edgeboot.report.seen import Seen
from edgeboot.report.verdict.verdict import verdict
from tests.browser.pages import ATTACK, PageOf, Screen
from tests.unit.report.captured import BOOT, DISCOVER, LOG, MACHINES, from_server
from tests.unit.report.failed_runs import BOOTS, failed
from tests.unit.report.storms import SLOW
from tests.unit.samples import CONTRACT, config, message, promised, reply

_ARGUMENTS: Final = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[WebDriver]:
    """Chromium without a window, with a log of what its pages load and complain of."""
    options = Options()
    for argument in _ARGUMENTS:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Its sandbox refuses root.
    options.binary_location = find_program("chromium") or find_program("google-chrome") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(find_program("chromedriver")))
    yield driver
    driver.quit()


@pytest.fixture
def screen(browser: WebDriver) -> Screen:
    """Sets the width of the window, and light or dark."""

    def show(width: int, scheme: str = "light") -> None:
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    return show


@pytest.fixture
def opened(browser: WebDriver, screen: Screen, tmp_path: Path) -> PageOf:
    """Makes the page of a run with these failures, and opens it on a desk; returns its address."""
    screen(1280)

    def make(*failures: Failure, passed: tuple[str, ...] = (BOOTS,), hostile: bool = False) -> str:
        named = tuple(_with_evidence(tmp_path, each, hostile=hostile) for each in failures)
        result = failed(*named, passed=passed, status=1 if failures else 0)
        name = ATTACK if hostile else "edk2-pxe-x86-64"
        clients = (ClientBoot(name, "EDK2_PXE", "tftp://a/b", "tftp://a/b", "", ("it asks", name)),)
        rows = received(reply(promised(CONTRACT)), reply(promised(CONTRACT)), CONTRACT, config(""))
        seen = Seen(MACHINES, rows, clients, (0.002, 3.1), "segment 0.2 s")
        whole = replace(result, seen=seen, storms=(SLOW,))
        address = keep_run(tmp_path, "ab12cd", whole, verdict(whole)).as_uri()
        _drain(browser)
        browser.get(address)
        return address

    return make


def _with_evidence(root: Path, failure: Failure, *, hostile: bool) -> Failure:
    directory = root / "ab12cd" / failure.test.rpartition("::")[2]
    directory.mkdir(parents=True)
    attack = message(*promised(CONTRACT).options, file=ATTACK.encode()[:127], sname=ATTACK.encode()[:63])
    write_pcap(directory / "capture.pcap", [DISCOVER, from_server(attack, 1.0)] if hostile else BOOT)
    words = f" {ATTACK}" if hostile else ""
    (directory / "server.log").write_text("".join(f"{line.dated}{words}\n" for line in LOG))
    return replace(failure, evidence=str(directory))


def _drain(browser: WebDriver) -> None:
    """Forget what earlier pages have logged."""
    for kind in ("browser", "performance"):
        logged: Any = browser
        logged.get_log(kind)
