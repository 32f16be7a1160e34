"""The FastAPI login example in Chromium, with real redirects and cookies."""

from __future__ import annotations

import sys

import pytest

from support.apps import App, serving
from support.browser import follow
from support.chromium import Browser, chromium, need_chromium
from support.emulator import Emulator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the server inherits a socket")

GRACE = {"email": "grace@acme.example", "given_name": "Grace", "family_name": "Hopper"}


@pytest.fixture
def login_page(emulator: Emulator) -> Emulator:
    """The emulator, with a login page that the user must approve or deny."""
    need_chromium()
    emulator.control("idp/settings", {"mode": "page", "person": GRACE})
    return emulator


def open_login_page(browser: Browser, app: App, emulator: Emulator) -> None:
    browser.open(f"{app.url}/me")
    browser.shows("#error", "Log in to view this page.")
    browser.click("a")
    browser.is_at(f"{emulator.url}/idp/login?")


def test_user_logs_in_and_out_in_chromium(login_page: Emulator) -> None:
    with chromium() as hers, serving("fastapi_login/app", login_page) as app:
        open_login_page(hers, app, login_page)
        hers.click("#approve")
        hers.is_at(f"{app.url}/me")
        hers.shows("h1", "Hello, Grace Hopper")
        assert hers.driver.execute_script("return document.cookie") == "", "scripts cannot read the cookies"
        assert hers.cookies() == {"app_session"}

        hers.click("button")
        hers.is_at(f"{app.url}/")
        hers.shows("a", "Log in")
        assert hers.cookies() == set()
        open_login_page(hers, app, login_page)  # the session at the service has ended as well
        hers.click("#deny")
        hers.is_at(f"{app.url}/callback?")
        hers.shows("#error", "The login failed: access_denied.")
        hers.click("a")
        hers.is_at(f"{login_page.url}/idp/login?")
        hers.click("#approve")
        hers.shows("h1", "Hello, Grace Hopper")


def test_callback_works_only_in_browser_that_started_login(login_page: Emulator) -> None:
    with chromium() as hers, chromium() as his, serving("fastapi_login/app", login_page) as app:
        open_login_page(hers, app, login_page)
        login_page.control("idp/script", {"approve": GRACE})
        authorize = login_page.requests("oauth.authorize")[-1]
        callback = follow(f"{login_page.url}{authorize['path']}?{authorize['query']}")
        assert callback.startswith(f"{app.url}/callback?code=")

        his.open(callback)
        his.shows("#error", "No login was started in this browser.")
        open_login_page(his, app, login_page)
        his.open(callback)
        his.shows("#error", "The login failed: state_mismatch.")
        his.open(f"{app.url}/me")
        his.shows("#error", "Log in to view this page.")

        hers.open(callback)
        hers.shows("h1", "Hello, Grace Hopper")
