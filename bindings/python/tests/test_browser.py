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
def interactive_emulator(emulator: Emulator) -> Emulator:
    """The emulator, with a login page that the user must approve or deny."""
    need_chromium()
    emulator.control("idp/settings", {"mode": "page", "person": GRACE})
    return emulator


def open_login_page(browser: Browser, app: App, emulator: Emulator) -> None:
    browser.open(f"{app.url}/me")
    browser.shows("#error", "Log in to view this page.")
    browser.click("a")
    browser.is_at(f"{emulator.url}/idp/login?")


def test_user_logs_in_and_out_in_chromium(interactive_emulator: Emulator) -> None:
    with chromium() as user, serving("fastapi_login/app", interactive_emulator) as app:
        open_login_page(user, app, interactive_emulator)
        user.click("#approve")
        user.is_at(f"{app.url}/me")
        user.shows("h1", "Hello, Grace Hopper")
        assert user.driver.execute_script("return document.cookie") == "", "scripts cannot read the cookies"
        assert user.cookies() == {"app_session"}

        user.click("button")
        user.is_at(f"{app.url}/")
        user.shows("a", "Log in")
        assert user.cookies() == set()
        open_login_page(user, app, interactive_emulator)  # the session at the service has ended as well
        user.click("#deny")
        user.is_at(f"{app.url}/callback?")
        user.shows("#error", "The login failed: access_denied.")
        user.click("a")
        user.is_at(f"{interactive_emulator.url}/idp/login?")
        user.click("#approve")
        user.shows("h1", "Hello, Grace Hopper")


def test_callback_works_only_in_browser_that_started_login(interactive_emulator: Emulator) -> None:
    with chromium() as user, chromium() as other, serving("fastapi_login/app", interactive_emulator) as app:
        open_login_page(user, app, interactive_emulator)
        interactive_emulator.control("idp/script", {"approve": GRACE})
        authorize = interactive_emulator.requests("oauth.authorize")[-1]
        callback = follow(f"{interactive_emulator.url}{authorize['path']}?{authorize['query']}")
        assert callback.startswith(f"{app.url}/callback?code=")

        other.open(callback)
        other.shows("#error", "No login was started in this browser.")
        open_login_page(other, app, interactive_emulator)
        other.open(callback)
        other.shows("#error", "The login failed: state_mismatch.")
        other.open(f"{app.url}/me")
        other.shows("#error", "Log in to view this page.")

        user.open(callback)
        user.shows("h1", "Hello, Grace Hopper")
