"""The emulator's console in a browser, and objects of every kind for it."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from typing import Any

from scalekit_emulator import Json
from selenium.webdriver.remote.webelement import WebElement

from support.chromium import Browser
from support.emulator import Emulator

VIEWS = (
    "organizations",
    "connections",
    "directories",
    "users",
    "sessions",
    "clients",
    "outbox",
    "requests",
    "deliveries",
)


class Api:
    """Calls of an application, without the SDK."""

    def __init__(self, emulator: Emulator) -> None:
        self._url = emulator.url
        form = {
            "grant_type": "client_credentials",
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
        }
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self._url}/oauth/token", body, timeout=30) as response:
            self.token: str = json.load(response)["access_token"]

    def call(self, method: str, path: str, body: Json | None = None, **headers: str) -> Json:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json", **headers}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._url}/api/v1/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as response:
            result: Json = json.load(response)
            return result

    def organization(self, name: str) -> str:
        created: str = self.call("POST", "organizations", {"display_name": name})["organization"]["id"]
        return created


def fill(emulator: Emulator, text: str) -> Api:
    """Creates at least one object of every kind, each with `text` in every field that takes any text."""
    organization = {
        "id": "org_1",
        "display_name": text,
        "external_id": text,
        "slug": text,
        "logo_url": text,
        "metadata": {text: text},
        "connections": [{"id": "conn_1", "type": text, "provider": text, "status": text, "enabled": True}],
    }
    person = {
        "given_name": text,
        "family_name": text,
        "name": text,
        "picture": text,
        "metadata": {text: text},
    }
    member = {"organization_id": "org_1", "status": "ACTIVE", "inviter_email": text}
    directory = {
        "id": "dir_1",
        "organization_id": "org_1",
        "name": text,
        "directory_provider": text,
        "status": text,
        "enabled": True,
        "users": [
            {"id": "diruser_1", "email": "d@acme.example", "given_name": text, "user_detail": {"a": text}}
        ],
        "groups": [{"id": "dirgroup_1", "display_name": text}],
    }
    mail = {
        "auth_request_id": "ar_1",
        "email": text,
        "code": "424242",
        "link_token": text,
        "magiclink_auth_uri": f"javascript:planted('{text}')",
        "template": "SIGNIN",
    }
    emulator.control("webhooks/endpoints", {"url": "http://127.0.0.1:9/", "retry_delays_seconds": []})
    emulator.seed(
        {
            "organizations": [organization],
            "directories": [directory],
            "users": [
                {
                    "id": "usr_1",
                    "email": text,
                    "external_id": text,
                    "user_profile": person,
                    "memberships": [member],
                }
            ],
            "sessions": [
                {"session_id": "ses_1", "user_id": "usr_1", "status": text, "device": {"browser": text}}
            ],
            "passwordless": {"type": "LINK_OTP", "attempts": [mail]},
        }
    )
    api = Api(emulator)
    api.call(
        "POST", "organizations/org_1/clients", {"name": text[:128], "description": text, "scopes": [text]}
    )
    api.call("POST", "passwordless/email/resend", {"auth_request_id": "ar_1"})
    api.call("PATCH", "organizations/org_1", {"display_name": f"{text} AG"}, **{"x-note": text})
    emulator.fault("organizations.get", "status", status=503, message=text)
    return api


class Console(Browser):
    """The page, at a width and in a color scheme."""

    emulator: Emulator

    def view(self, fragment: str) -> None:
        self.open(f"{self.emulator.url}/#{fragment}")
        self.find("h2.title")

    def resize(self, width: int, height: int = 900, scheme: str = "light") -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)

    def find(self, selector: str) -> WebElement:
        """Waits until there is such an element."""
        found: list[WebElement] = self.until(
            lambda: self.driver.find_elements("css selector", selector), selector
        )
        return found[0]

    def contains(self, selector: str, text: str) -> None:
        """Waits until the element contains this text."""
        self.until(
            lambda: text in self.driver.find_element("css selector", selector).text, f"{text} in {selector}"
        )

    def count(self, selector: str) -> int:
        return len(self.driver.find_elements("css selector", selector))

    def until(self, check: Any, what: str) -> Any:
        return self._wait.until(lambda _: check(), what)

    def press(self, key: str) -> None:
        self.driver.switch_to.active_element.send_keys(key)

    def clipboard(self) -> str:
        permissions = {
            "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
            "origin": self.emulator.url,
        }
        self.driver.execute_cdp_cmd("Browser.grantPermissions", permissions)
        text: str = self.driver.execute_async_script(
            "navigator.clipboard.readText().then(arguments[0], arguments[0])"
        )
        return text
