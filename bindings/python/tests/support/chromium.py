"""A real browser: headless Chromium with its own profile. The tests do not download it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.support.wait import WebDriverWait

# No access to other machines, and able to run as root in a container.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
]


def need_chromium() -> tuple[str, str]:
    """Returns the paths of browser and driver. If one is missing, skips the test; in CI, fails it."""
    browser, driver = (shutil.which(name) for name in ("chromium", "chromedriver"))
    if browser and driver:
        return browser, driver
    reason = "chromium and chromedriver are not installed (on Debian: chromium, chromium-driver)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(f"!!!!! NOT RUN: {reason}")


class Browser:
    """User actions, and waits for their effects. A page may be replaced by the next one at any time."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self._wait = WebDriverWait(driver, 30, ignored_exceptions=[StaleElementReferenceException])

    def open(self, url: str) -> None:
        self.driver.get(url)

    def click(self, selector: str) -> None:
        def clicked(driver: Chrome) -> bool:
            driver.find_element("css selector", selector).click()
            return True

        self._wait.until(clicked, f"a click on {selector}")

    def is_at(self, url: str) -> None:
        """Waits until the browser is at a URL with this prefix."""
        self._wait.until(lambda driver: driver.current_url.startswith(url), f"at {url}")

    def shows(self, selector: str, text: str) -> None:
        """Waits until the element has this text."""
        self._wait.until(
            lambda driver: driver.find_element("css selector", selector).text == text,
            f"{selector} shows {text}",
        )

    def cookies(self) -> set[str]:
        """The names of the application's cookies, without the emulator's: cookies ignore the port."""
        return {cookie["name"] for cookie in self.driver.get_cookies() if cookie["name"].startswith("app_")}


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    binary, service = need_chromium()
    options = ChromeOptions()
    options.binary_location = binary
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = Chrome(options, ChromeService(service))
        try:
            yield Browser(driver)
        finally:
            driver.quit()
