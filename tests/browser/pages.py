"""What tests of the page share: how a page is made and shown, and what a hostile server says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from selenium.webdriver.chrome.webdriver import WebDriver

PageOf = Callable[..., str]
"""Makes the page of a run with these failures, and opens it; returns its address."""
Screen = Callable[..., None]
"""Sets the width of the window in pixels, and light or dark."""
ATTACK: Final = "</script><script>window.attacked = true</script><img src=x onerror='window.attacked = true'>"
"""In an option, as a client's name and in a line of the log."""


def complaints(browser: WebDriver) -> list[str]:
    """Errors of the page, those of the policy among them."""
    logged: Any = browser
    return [entry["message"] for entry in logged.get_log("browser") if entry["level"] == "SEVERE"]
