"""The report's page in a real browser: offline, by keyboard, on a phone, and without any other script."""

from __future__ import annotations

import json
from typing import Any, Final, Literal

import pytest
from selenium.webdriver.chrome.webdriver import WebDriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.pages import PageOf, Screen, complaints
from tests.unit.report.failed_runs import BOOTS, LEASE_TIME, NEXT_SERVER, failure, renamed
from tests.unit.samples import CONTRACT

pytestmark = pytest.mark.browser

SHORT: Final = failure("a.py::test_short", renamed(LEASE_TIME, received=CONTRACT.lease_time))
OTHER: Final = failure("b.py::test_other", NEXT_SERVER)


def test_page_opens_with_its_verdict(browser: WebDriver, opened: PageOf) -> None:
    """The first line answers the question; nothing is refused or broken."""
    opened(SHORT)
    assert browser.find_element(By.TAG_NAME, "h1").text.startswith("Edge nodes would boot, but their lease")
    assert complaints(browser) == []


def test_page_requests_nothing(browser: WebDriver, opened: PageOf) -> None:
    """It is one file, and opens where there is no network."""
    address = opened(SHORT, OTHER)
    logged: Any = browser
    events = [json.loads(entry["message"])["message"] for entry in logged.get_log("performance")]
    urls = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert set(urls) == {address}


def test_arrow_opens_the_decoded_message(browser: WebDriver, opened: PageOf) -> None:
    """With its options, and what is wrong in it marked."""
    opened(SHORT)
    browser.find_element(By.CSS_SELECTOR, "details.test > summary").click()
    step = browser.find_element(By.CSS_SELECTOR, "details.step.deviates")
    step.find_element(By.TAG_NAME, "summary").click()
    assert "server-identifier (54)" in step.find_element(By.TAG_NAME, "table").text
    assert "lease_time: expected 12:00:00" in step.find_element(By.CSS_SELECTOR, "tr.wrong").text


def test_only_what_deviates_is_red(browser: WebDriver, opened: PageOf) -> None:
    """Where every value of a failed test was, none stood out."""
    opened(SHORT)
    browser.find_element(By.CSS_SELECTOR, "details.test > summary").click()
    browser.find_element(By.CSS_SELECTOR, "details.step.deviates > summary").click()
    ink = browser.find_element(By.TAG_NAME, "body").value_of_css_property("color")
    row = browser.find_element(By.CSS_SELECTOR, "details.step[open] tr:not(.wrong) td")
    mark = browser.find_element(By.CSS_SELECTOR, "details.step[open] tr.wrong em")
    assert row.value_of_css_property("color") == ink != mark.value_of_css_property("color")


def test_log_lines_stand_beside_their_arrow(browser: WebDriver, opened: PageOf) -> None:
    """On a desk they are at its right, at its height."""
    opened(SHORT)
    browser.find_element(By.CSS_SELECTOR, "details.test > summary").click()
    step = browser.find_element(By.CSS_SELECTOR, "details.step")
    arrow, line = step.find_element(By.TAG_NAME, "svg").rect, step.find_element(By.TAG_NAME, "code").rect
    assert line["x"] >= arrow["x"] + arrow["width"]
    assert arrow["y"] <= line["y"] <= arrow["y"] + arrow["height"]


def test_keyboard_leads_from_the_cause_to_the_message(browser: WebDriver, opened: PageOf) -> None:
    """Tab and Enter are enough: the link opens the test, and the next step its first message."""
    opened(OTHER, SHORT)
    link = browser.find_element(By.LINK_TEXT, SHORT.test)
    browser.execute_script("arguments[0].focus()", link)
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    test = WebDriverWait(browser, 10).until(_opened_test)
    assert SHORT.test.rpartition("/")[2] in test.text
    for _ in range(8):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        if "step" in str(
            browser.switch_to.active_element.find_element(By.XPATH, "..").get_attribute("class")
        ):
            break
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    assert test.find_element(By.CSS_SELECTOR, "details.step[open] table").is_displayed()


def _opened_test(browser: WebDriver) -> WebElement | Literal[False]:
    """The test whose summary has the focus, once it is open: a link's target is opened by an event."""
    test = browser.switch_to.active_element.find_element(By.XPATH, "..")
    return test if test.get_attribute("open") is not None else False


def test_hostile_server_runs_no_script(browser: WebDriver, opened: PageOf) -> None:
    """Its option, its host name and its log line are read, not run."""
    opened(SHORT, hostile=True)
    for each in browser.find_elements(By.TAG_NAME, "details"):
        browser.execute_script("arguments[0].open = true", each)
    assert "<script>window.attacked = true" in browser.find_element(By.TAG_NAME, "main").text
    assert browser.execute_script("return window.attacked === undefined")
    assert browser.find_elements(By.TAG_NAME, "img") == []
    assert complaints(browser) == []


def test_policy_refuses_a_script_that_is_not_the_pages_own(browser: WebDriver, opened: PageOf) -> None:
    """Where escaping failed it would still not run."""
    opened(SHORT)
    browser.execute_script(
        "const one = document.createElement('script'); one.textContent = 'window.attacked = true';"
        "document.body.append(one);"
    )
    assert browser.execute_script("return window.attacked === undefined")
    assert any("Content Security Policy" in each for each in complaints(browser))


@pytest.mark.parametrize("width", [1280, 390])
def test_page_is_as_wide_as_the_screen(
    width: int, browser: WebDriver, screen: Screen, opened: PageOf
) -> None:
    """On a phone nothing but charts is moved sideways, each in its own frame."""
    screen(width)
    opened(SHORT, OTHER)
    for each in browser.find_elements(By.TAG_NAME, "details"):
        browser.execute_script("arguments[0].open = true", each)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    for table in browser.find_elements(By.CSS_SELECTOR, ".wide"):
        wider = browser.execute_script("return arguments[0].scrollWidth - arguments[0].clientWidth", table)
        assert wider <= 0, table.text


def test_page_is_dark_where_the_screen_is(browser: WebDriver, screen: Screen, opened: PageOf) -> None:
    """And its words stand out from the paper."""
    opened(SHORT)
    script = "const s = getComputedStyle(document.body); return [s.backgroundColor, s.color]"
    light = browser.execute_script(script)
    screen(1280, "dark")
    assert light == ["rgb(251, 251, 250)", "rgb(29, 32, 36)"]
    assert browser.execute_script(script) == ["rgb(20, 23, 26)", "rgb(231, 233, 236)"]


def test_tests_are_found_among_six_hundred(browser: WebDriver, opened: PageOf) -> None:
    """By words of the name or the outcome."""
    opened(SHORT, passed=(BOOTS, *(f"tests/e2e/c.py::test_{number}" for number in range(600))))
    browser.find_element(By.CSS_SELECTOR, "input[type=search]").send_keys("failed short")
    shown = [
        row
        for row in browser.find_elements(By.CSS_SELECTOR, "#every-test tbody tr")
        if not row.get_attribute("hidden")
    ]
    assert len(shown) == 1
    assert browser.find_element(By.TAG_NAME, "output").text == "1 of 602"


def test_page_of_one_test_opens(browser: WebDriver, opened: PageOf) -> None:
    """A green run of one test has what it has seen."""
    opened()
    assert browser.find_element(By.TAG_NAME, "h1").text == "Edge nodes would boot."
    assert "1 test" in browser.find_element(By.ID, "tests").text
