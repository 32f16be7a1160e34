"""A real browser: Chromium without a window, with a profile of its own. Nothing is downloaded for it."""

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

# Alone with this machine, and, in a container, where nobody but root is.
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
    """Where browser and driver are. Without them the test is passed over, which it says; in CI it fails."""
    browser, driver = (shutil.which(name) for name in ("chromium", "chromedriver"))
    if browser and driver:
        return browser, driver
    words = "chromium and chromedriver are not installed (on Debian: chromium, chromium-driver)"
    if os.environ.get("CI") == "true":
        pytest.fail(words)
    pytest.skip(f"!!!!! NOT RUN: {words}")


class Browser:
    """What a person does, and waiting for what they wait for. A page may give way to the next at any time."""

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
        """Waits until the page of this URL is there."""
        self._wait.until(lambda driver: driver.current_url.startswith(url), f"at {url}")

    def shows(self, selector: str, words: str) -> None:
        """Waits until these words are there."""
        self._wait.until(
            lambda driver: driver.find_element("css selector", selector).text == words,
            f"{selector} shows {words}",
        )

    def cookies(self) -> set[str]:
        """The application's. They are those of the host: the emulator's are among them, on another port."""
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
