"""The applications that people copy, through their real front: browsers, services and webhooks call them."""

from __future__ import annotations

import sys
from typing import Any

import httpx
import pytest
from scalekit_rs import CreateOrganization, ScalekitClient, WebhookSigner

from support.apps import App, serving
from support.browser import query
from support.emulator import Emulator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a socket is handed down to the server")

SECRET, OLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def browser(app: App) -> httpx.Client:
    return httpx.Client(base_url=app.url, follow_redirects=True, timeout=30)


def test_fastapi_login_logs_in_and_out(emulator: Emulator) -> None:
    grace = {"email": "grace@acme.example", "given_name": "<b>Grace", "family_name": "Hopper"}
    emulator.control("idp/script", {"approve": grace, "count": 2})
    with serving("fastapi_login/app", emulator) as app, browser(app) as hers, browser(app) as his:
        assert hers.get("/me").status_code == 401
        arrived = hers.get("/login", params={"next": "/me?tab=2"})
        assert (arrived.status_code, str(arrived.url)) == (200, f"{app.url}/me?tab=2")
        assert "Hello, &lt;b&gt;Grace Hopper" in arrived.text
        assert arrived.headers["cache-control"] == "no-store"
        assert his.get("/me").status_code == 401
        # A link that leads away from the site leads to the usual place.
        assert str(hers.get("/login", params={"next": "https://evil.example"}).url) == f"{app.url}/me"

        key = hers.cookies["app_session"]
        for origin in ({}, {"origin": "null"}, {"origin": "https://evil.example"}):
            assert hers.post("/logout", headers=origin).status_code == 403, "no page of ours sent this"
        left = hers.post("/logout", headers={"origin": app.url})
        assert (left.status_code, str(left.url)) == (200, f"{app.url}/")
        hint = query(str(left.history[0].headers["location"]))["id_token_hint"]
        assert hint.count(".") == 2
        assert hers.get("/me").status_code == 401
        kept = httpx.get(f"{app.url}/me", cookies={"app_session": key})
        assert kept.status_code == 401, "the session is over, not only out of the browser's sight"


def test_callback_works_once_and_only_in_its_browser(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as hers, browser(app) as his:
        sent = hers.get("/login", follow_redirects=False)
        back = httpx.get(sent.headers["location"]).headers["location"]
        assert back.startswith(f"{app.url}/callback?")
        assert his.get(back).status_code == 400, "no login was begun there"
        his.get("/login", follow_redirects=False)
        assert his.get(back).status_code == 403, "another one was begun there"
        key = hers.cookies["app_login"]
        assert hers.get(back).url == f"{app.url}/me"
        assert hers.get(back).status_code == 400, "used up"
        assert httpx.get(back, cookies={"app_login": key}).status_code == 400, "by whomever"

        words = {"error": "access_denied", "error_description": "Call 0800 EVIL"}
        emulator.control("idp/script", {"deny": words})
        denied = his.get("/login")
        assert (denied.status_code, "access_denied" in denied.text) == (403, True)
        assert "EVIL" not in denied.text


def test_callback_can_be_reloaded_after_service_failure(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as hers:
        emulator.fault("oauth.token", "drop_before", count=20)
        failed = hers.get("/login")
        assert failed.status_code == 503
        emulator.control("faults", method="DELETE")
        assert str(hers.get(failed.url).url) == f"{app.url}/me"


def test_new_login_ends_previous_session_of_browser(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as hers:
        hers.get("/login")
        key = hers.cookies["app_session"]
        hers.get("/login")
        assert hers.cookies["app_session"] != key
        assert httpx.get(f"{app.url}/me", cookies={"app_session": key}).status_code == 401


@pytest.mark.parametrize(
    ("url", "marks"), [("https://app.example", {"secure"}), ("http://localhost", set[str]())]
)
def test_cookie_attributes_depend_on_scheme(emulator: Emulator, url: str, marks: set[str]) -> None:
    with (
        serving("fastapi_login/app", emulator, APP_URL=url) as app,
        browser(app) as hers,
    ):
        cookie, *found = hers.get("/login", follow_redirects=False).headers["set-cookie"].lower().split("; ")
        assert cookie.startswith("__host-app_login=" if "secure" in marks else "app_login=")
        assert set(found) == {"httponly", "path=/", "samesite=lax"} | marks


def token(emulator: Emulator, **order: Any) -> dict[str, str]:
    made = emulator.control("token", {"kind": "access", "person": {"permissions": ["reports:read"]}, **order})
    return {"authorization": f"Bearer {made['token']}"}


def test_api_validates_access_tokens(emulator: Emulator) -> None:
    with serving("fastapi_login/app", emulator) as app, browser(app) as service:
        good = service.get("/api/reports", headers=token(emulator))
        assert good.status_code == 200
        assert good.json().keys() == {"reports for"}
        for wrong in ("expired", "audience", "issuer", "other_key", "algorithm_none"):
            refused = service.get("/api/reports", headers=token(emulator, token={"wrong": wrong}))
            assert refused.status_code == 401, wrong
            assert refused.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert service.get("/api/reports").status_code == 401
        poor = service.get("/api/reports", headers=token(emulator, person={"permissions": ["other"]}))
        assert poor.status_code == 403


def test_webhook_receiver_processes_each_event_once(emulator: Emulator) -> None:
    secrets = f"{SECRET} {OLD_SECRET}"
    with serving("webhook_receiver/receiver", emulator, SCALEKIT_WEBHOOK_SECRET=secrets) as app:
        url, events = f"{app.url}/webhooks", ["organization.created", "organization.deleted"]
        emulator.control("webhooks/endpoints", {"url": url, "secrets": [OLD_SECRET], "events": events})
        with ScalekitClient(*emulator.credentials) as client:
            acme = client.organizations.create(CreateOrganization(display_name="Acme"))
            assert app.says.readline() == "Acme is a customer now\n"
            client.organizations.delete(acme.id)
            assert app.says.readline() == f"{acme.id} has left\n"

        said = WebhookSigner(SECRET)
        again = b'{"id": "evt_1", "type": "user.teleported", "data": {}}'
        last = b'{"id": "evt_2", "type": "the.last", "data": {}}'
        for body in (again, again, last):
            answer = httpx.post(url, content=body, headers=said.sign("msg", body))
            assert answer.status_code == 204
        assert app.says.readline() == "nothing to do for user.teleported\n"
        assert app.says.readline() == "nothing to do for the.last\n"

        forged = httpx.post(url, content=again + b" ", headers=said.sign("msg", again))
        assert (forged.status_code, "signature" in forged.text) == (401, True)
        assert httpx.post(url, content=bytes(1_000_001)).status_code == 413
