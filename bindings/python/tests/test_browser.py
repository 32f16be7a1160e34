"""The login that people copy, in the browser that people use: every redirect and cookie is Chromium's own."""

from __future__ import annotations

import sys

import pytest

from support.apps import App, serving
from support.browser import follow
from support.chromium import Browser, chromium, need_chromium
from support.emulator import Emulator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a socket is handed down to the server")

GRACE = {"email": "grace@acme.example", "given_name": "Grace", "family_name": "Hopper"}


@pytest.fixture
def asking(emulator: Emulator) -> Emulator:
    """The emulator, with a page that asks the person at the browser."""
    need_chromium()
    emulator.control("idp/settings", {"mode": "page", "person": GRACE})
    return emulator


def is_asked(browser: Browser, app: App, emulator: Emulator) -> None:
    browser.open(f"{app.url}/me")
    browser.shows("#error", "This page is for people who are logged in.")
    browser.click("a")
    browser.is_at(f"{emulator.url}/idp/login?")


def test_user_logs_in_and_out_in_chromium(asking: Emulator) -> None:
    with chromium() as hers, serving("fastapi_login/app", asking) as app:
        is_asked(hers, app, asking)
        hers.click("#approve")
        hers.is_at(f"{app.url}/me")
        hers.shows("h1", "Hello, Grace Hopper")
        assert hers.driver.execute_script("return document.cookie") == "", "no script sees a cookie"
        assert hers.cookies() == {"app_session"}

        hers.click("button")
        hers.is_at(f"{app.url}/")
        hers.shows("a", "Log in")
        assert hers.cookies() == set()
        is_asked(hers, app, asking)  # she is out at the service as well
        hers.click("#deny")
        hers.is_at(f"{app.url}/callback?")
        hers.shows("#error", "You are not logged in: access_denied.")
        hers.click("a")
        hers.is_at(f"{asking.url}/idp/login?")
        hers.click("#approve")
        hers.shows("h1", "Hello, Grace Hopper")


def test_callback_works_only_in_browser_that_started_login(asking: Emulator) -> None:
    with chromium() as hers, chromium() as his, serving("fastapi_login/app", asking) as app:
        is_asked(hers, app, asking)
        asking.control("idp/script", {"approve": GRACE})
        sent_to = asking.requests("oauth.authorize")[-1]
        callback = follow(f"{asking.url}{sent_to['path']}?{sent_to['query']}")
        assert callback.startswith(f"{app.url}/callback?code=")

        his.open(callback)
        his.shows("#error", "No login was begun in this browser.")
        is_asked(his, app, asking)
        his.open(callback)
        his.shows("#error", "You are not logged in: state_mismatch.")
        his.open(f"{app.url}/me")
        his.shows("#error", "This page is for people who are logged in.")

        hers.open(callback)
        hers.shows("h1", "Hello, Grace Hopper")
