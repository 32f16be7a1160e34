"""The example applications, called over HTTP as browsers, API clients and Scalekit do."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import pytest
from scalekit_rs import CreateOrganization, ScalekitClient, WebhookSigner

from support.apps import App, serving
from support.browser import query
from support.emulator import Emulator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the server inherits a socket")

SECRET, OLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def browser(app: App) -> httpx.Client:
    return httpx.Client(base_url=app.url, follow_redirects=True, timeout=30)


def test_fastapi_login_logs_in_and_out(emulator: Emulator) -> None:
    grace = {"email": "grace@acme.example", "given_name": "<b>Grace", "family_name": "Hopper"}
    emulator.control("idp/script", {"approve": grace, "count": 2})
    with serving("fastapi_login/app", emulator) as app, browser(app) as user, browser(app) as other:
        assert user.get("/me").status_code == 401
        response = user.get("/login", params={"next": "/me?tab=2"})
        assert (response.status_code, str(response.url)) == (200, f"{app.url}/me?tab=2")
        assert "Hello, &lt;b&gt;Grace Hopper" in response.text
        assert response.headers["cache-control"] == "no-store"
        assert other.get("/me").status_code == 401
        # A link to another site is replaced by the default page.
        assert str(user.get("/login", params={"next": "https://evil.example"}).url) == f"{app.url}/me"

        key = user.cookies["app_session"]
        for origin in ({}, {"origin": "null"}, {"origin": "https://evil.example"}):
            assert user.post("/logout", headers=origin).status_code == 403, (
                "the form is not on the application's own page"
            )
        logout = user.post("/logout", headers={"origin": app.url})
        assert (logout.status_code, str(logout.url)) == (200, f"{app.url}/")
        hint = query(str(logout.history[0].headers["location"]))["id_token_hint"]
        assert hint.count(".") == 2
        assert user.get("/me").status_code == 401
        replayed = httpx.get(f"{app.url}/me", cookies={"app_session": key})
        assert replayed.status_code == 401, "the server ends the session too"


def test_callback_works_once_and_only_in_its_browser(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as user, browser(app) as other:
        started = user.get("/login", follow_redirects=False)
        callback = httpx.get(started.headers["location"]).headers["location"]
        assert callback.startswith(f"{app.url}/callback?")
        assert other.get(callback).status_code == 400, "that browser started no login"
        other.get("/login", follow_redirects=False)
        assert other.get(callback).status_code == 403, "that browser started another login"
        key = user.cookies["app_login"]
        assert user.get(callback).url == f"{app.url}/me"
        assert user.get(callback).status_code == 400, "the transaction is used"
        assert httpx.get(callback, cookies={"app_login": key}).status_code == 400, "in any browser"

        denial = {"error": "access_denied", "error_description": "Call 0800 EVIL"}
        emulator.control("idp/script", {"deny": denial})
        denied = other.get("/login")
        assert (denied.status_code, "access_denied" in denied.text) == (403, True)
        assert "EVIL" not in denied.text


def test_callback_can_be_reloaded_after_service_failure(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as user:
        emulator.fault("oauth.token", "drop_before", count=20)
        failed = user.get("/login")
        assert failed.status_code == 503
        emulator.control("faults", method="DELETE")
        assert str(user.get(failed.url).url) == f"{app.url}/me"


def test_new_login_ends_previous_session_of_browser(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as user:
        user.get("/login")
        key = user.cookies["app_session"]
        user.get("/login")
        assert user.cookies["app_session"] != key
        assert httpx.get(f"{app.url}/me", cookies={"app_session": key}).status_code == 401


@pytest.mark.parametrize(
    ("url", "extra"), [("https://app.example", {"secure"}), ("http://localhost", set[str]())]
)
def test_cookie_attributes_depend_on_scheme(emulator: Emulator, url: str, extra: set[str]) -> None:
    with (
        serving("fastapi_login/app", emulator, APP_URL=url) as app,
        browser(app) as user,
    ):
        cookie, *attributes = (
            user.get("/login", follow_redirects=False).headers["set-cookie"].lower().split("; ")
        )
        assert cookie.startswith("__host-app_login=" if "secure" in extra else "app_login=")
        assert set(attributes) == {"httponly", "path=/", "samesite=lax"} | extra


def token(emulator: Emulator, **options: Any) -> dict[str, str]:
    response = emulator.control(
        "token", {"kind": "access", "person": {"permissions": ["reports:read"]}, **options}
    )
    return {"authorization": f"Bearer {response['token']}"}


def test_api_validates_access_tokens(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as service:
        accepted = service.get("/api/reports", headers=token(emulator))
        assert accepted.status_code == 200
        assert accepted.json().keys() == {"reports for"}
        for wrong in ("expired", "audience", "issuer", "other_key", "algorithm_none"):
            rejected = service.get("/api/reports", headers=token(emulator, token={"wrong": wrong}))
            assert rejected.status_code == 401, wrong
            assert rejected.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert service.get("/api/reports").status_code == 401
        forbidden = service.get("/api/reports", headers=token(emulator, person={"permissions": ["other"]}))
        assert forbidden.status_code == 403


def test_webhook_receiver_processes_each_event_once(emulator: Emulator) -> None:
    secrets = f"{SECRET} {OLD_SECRET}"
    with serving("webhook_receiver/receiver", emulator, SCALEKIT_WEBHOOK_SECRET=secrets) as app:
        url, events = f"{app.url}/webhooks", ["organization.created", "organization.deleted"]
        emulator.control("webhooks/endpoints", {"url": url, "secrets": [OLD_SECRET], "events": events})
        with ScalekitClient(*emulator.credentials) as client:
            acme = client.organizations.create(CreateOrganization(display_name="Acme"))
            assert app.stdout.readline() == "created Acme\n"
            client.organizations.delete(acme.id)
            assert app.stdout.readline() == f"deleted {acme.id}\n"

        signer = WebhookSigner(SECRET)
        duplicate = b'{"id": "evt_1", "type": "user.teleported", "data": {}}'
        last = b'{"id": "evt_2", "type": "the.last", "data": {}}'
        for body in (duplicate, duplicate, last):
            response = httpx.post(url, content=body, headers=signer.sign("msg", body))
            assert response.status_code == 204
        assert app.stdout.readline() == "ignored user.teleported\n"
        assert app.stdout.readline() == "ignored the.last\n"

        forged = httpx.post(url, content=duplicate + b" ", headers=signer.sign("msg", duplicate))
        assert (forged.status_code, "signature" in forged.text) == (401, True)
        assert httpx.post(url, content=bytes(1_000_001)).status_code == 413
