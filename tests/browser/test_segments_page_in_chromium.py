"""The page of many segments in a real browser: a thousand rows on a desk and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.by import By

from edgeboot.report.page.written import write_page
from edgeboot.report.segments.merged import Merged
from edgeboot.report.segments.page import segments_page
from edgeboot.spec.manifests.cause import Cause
from tests.browser.pages import ATTACK, Screen, complaints
from tests.unit.report.failed_runs import NEXT_SERVER, failure, renamed
from tests.unit.report.segments.fleet import BOOT, broken, night, together

pytestmark = pytest.mark.browser

PHONE: Final = 390
THOUSAND: Final = together(
    *(
        night(f"site{number // 40}-rack{number}", 0, *([BOOT] if number % 5 == 0 else []))
        for number in range(998)
    ),
    *(broken("lost-1", 0), broken("lost-2", 0)),
)
"""200 that would not boot, two without a verdict."""


def opened(browser: WebDriver, directory: Path, merged: Merged = THOUSAND) -> None:
    """Open the page, and forget what earlier ones have logged."""
    file = directory / "history.html"
    write_page(file, segments_page(merged, file), "--output")
    logged: Any = browser
    logged.get_log("browser")
    browser.get(file.as_uri())


def shown(browser: WebDriver) -> int:
    """How many rows are seen."""
    return len([row for row in browser.find_elements(By.CSS_SELECTOR, "tbody tr") if row.is_displayed()])


def test_numbers_and_the_shared_cause_are_seen_first(
    browser: WebDriver, screen: Screen, tmp_path: Path
) -> None:
    """Nothing is refused or broken."""
    screen(1280)
    opened(browser, tmp_path)
    assert browser.find_element(By.TAG_NAME, "h1").text.startswith("1000 segments: boot fails 200")
    assert "200 of 1000 segments" in browser.find_element(By.CSS_SELECTOR, "article.cause").text
    assert complaints(browser) == []


@pytest.mark.parametrize("width", [1280, PHONE])
def test_words_leave_the_rows_that_have_them(
    width: int, browser: WebDriver, screen: Screen, tmp_path: Path
) -> None:
    """In name, verdict or cause; the number of them stands beside."""
    screen(width)
    opened(browser, tmp_path)
    browser.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("no verdict lost")
    assert shown(browser) == 2
    assert browser.find_element(By.TAG_NAME, "output").text == "2 of 1000"


@pytest.mark.parametrize("width", [1280, PHONE])
def test_page_is_no_wider_than_the_screen(
    width: int, browser: WebDriver, screen: Screen, tmp_path: Path
) -> None:
    """Only its table may be moved."""
    screen(width)
    opened(browser, tmp_path)
    found: Any = browser.execute_script("return document.documentElement.scrollWidth")
    assert found <= width


def test_cause_leads_to_its_segments_and_back(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """By links within the page."""
    screen(1280)
    opened(browser, tmp_path)
    browser.find_element(By.CSS_SELECTOR, "article.cause summary").click()
    browser.find_element(By.LINK_TEXT, "site0-rack5").click()
    row = browser.find_element(By.CSS_SELECTOR, "tr:target")
    assert row.find_element(By.TAG_NAME, "th").text == "site0-rack5"
    row.find_element(By.CSS_SELECTOR, ".short a").click()
    assert browser.find_element(By.CSS_SELECTOR, "article:target").is_displayed()


def test_hostile_result_runs_no_script(browser: WebDriver, screen: Screen, tmp_path: Path) -> None:
    """Neither by its segment's name nor by its cause."""
    screen(1280)
    hostile = failure("b.py::test_boot", renamed(NEXT_SERVER, causes=(Cause("f", 1, ATTACK),)))
    opened(browser, tmp_path, together(night(ATTACK, 0, hostile), night("b", 0)))
    assert browser.execute_script("return window.attacked") is None
    assert complaints(browser) == []
