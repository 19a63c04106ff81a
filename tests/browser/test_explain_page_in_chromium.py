"""The page of an explained capture in a real browser: on a desk, on a phone, and with hostile words in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By

from edgeboot.report.page.explain_page import explain_page
from edgeboot.report.page.written import write_page
from tests.browser.pages import ATTACK, Screen, complaints
from tests.unit.report.story_told.stories import BOOTED, GONE, captured, offered, read
from tests.unit.samples import CONTRACT, promised

pytestmark = pytest.mark.browser

PHONE: Final = 390
_LIFELINES: Final = """
const places = (of) => [...document.querySelector(`.ladder .${of}`).querySelectorAll(".lifeline")]
    .map((each) => each.getBoundingClientRect().x);
return {head: places("head"), step: places("step")};
"""


def opened(browser: WebDriver, directory: Path, page: str) -> None:
    """Open the page, and forget what earlier ones have logged."""
    file = directory / "explained.html"
    write_page(file, page, "--report")
    logged: Any = browser
    logged.get_log("browser")
    browser.get(file.as_uri())


def test_reason_is_seen_without_a_click(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """Of a client that did not boot; nothing is refused or broken."""
    screen(1280)
    opened(browser, tmp_path, explain_page([captured(GONE)]))
    assert browser.find_element(By.CSS_SELECTOR, "article.cause h3").is_displayed()
    assert complaints(browser) == []


def test_arrow_opens_its_message(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """The chart is that of a run's page."""
    screen(1280)
    opened(browser, tmp_path, explain_page([captured(BOOTED)]))
    step = browser.find_element(By.CSS_SELECTOR, "details.step")
    step.find_element(By.TAG_NAME, "summary").click()
    assert "xid" in step.find_element(By.TAG_NAME, "table").text


def test_page_fits_a_phone(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """Whoever stands before the machine reads it there."""
    screen(PHONE)
    opened(browser, tmp_path, explain_page([captured(GONE), captured(BOOTED)]))
    width: Any = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE


def test_hostile_capture_runs_no_script(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """Its boot file's name and its own are read, not run."""
    screen(1280)
    hostile = replace(promised(CONTRACT), file=ATTACK.encode()[:127], sname=ATTACK.encode()[:63])
    opened(browser, tmp_path, explain_page([replace(read(offered(hostile)), name=ATTACK)]))
    assert browser.execute_script("return window.attacked") is None
    assert complaints(browser) == []


def test_head_of_a_chart_stands_above_its_rungs(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """Their lifelines are the same."""
    screen(1280)
    opened(browser, tmp_path, explain_page([captured(BOOTED)]))
    places: Any = browser.execute_script(_LIFELINES)
    assert places["head"] == places["step"] != []
