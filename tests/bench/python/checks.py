"""`checks.py CONTESTANT WORK SECONDS`: checks without a call; WORK is `token`, `webhook` or `event`."""

import base64
import json
import sys
from collections.abc import Callable

import measure
from environment import CLIENT_ID, TOKEN, URL

SECRET = "whsec_" + base64.b64encode(b"only for measuring, not a secret").decode()
EVENT = {
    "spec_version": "1",
    "id": "evt_74123456789012345",
    "type": "organization.created",
    "object": "Organization",
    "occurred_at": "2026-01-02T03:04:05.678901234Z",
    "environment_id": "env_74123456789012345",
    "organization_id": "org_74123456789012345",
    "display_name": "Acme",
    "data": {
        "id": "org_74123456789012345",
        "display_name": "Acme",
        "external_id": "crm-42",
        "metadata": {"plan": "pro"},
        "region_code": "US",
        "create_time": "2026-01-02T03:04:05.678Z",
        "settings": {"features": [{"name": "sso", "enabled": True}]},
    },
}
BODY = json.dumps(EVENT).encode()


def _headers() -> dict[str, str]:
    from datetime import datetime, timezone

    from standardwebhooks import Webhook

    now = datetime.now(timezone.utc)
    signature = Webhook(SECRET).sign("msg_1", now, BODY.decode())
    stamp = str(int(now.timestamp()))
    return {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": signature}


def _assert_correct(condition: bool) -> None:
    if not condition:
        raise AssertionError("wrong result")


def our_token() -> measure.Call:
    from scalekit_rs import ExpectedAudience, ScalekitClient, TokenExpectations

    client = ScalekitClient.from_env()
    expected = TokenExpectations(audience=ExpectedAudience.one_of([CLIENT_ID]))
    return lambda: _assert_correct("reports:read" in client.tokens.validate(TOKEN, expected).permissions)


def pyjwt_token() -> measure.Call:
    from jwt import PyJWKClient, decode

    keys = PyJWKClient(f"{URL}/keys")

    def check() -> None:
        key = keys.get_signing_key_from_jwt(TOKEN)
        claims = decode(TOKEN, key, algorithms=["RS256"], audience=CLIENT_ID, issuer=URL, leeway=30)
        _assert_correct("reports:read" in claims["permissions"])

    return check


def our_webhook() -> measure.Call:
    from scalekit_rs import WebhookVerifier

    verifier, headers = WebhookVerifier([SECRET]), _headers()
    return lambda: _assert_correct(verifier.verify(headers, BODY).id == "msg_1")


def our_event() -> measure.Call:
    from scalekit_rs import WebhookVerifier

    verifier, headers = WebhookVerifier([SECRET]), _headers()
    return lambda: _assert_correct(verifier.event(headers, BODY).id == EVENT["id"])


def standard_webhook() -> measure.Call:
    from standardwebhooks import Webhook

    verifier, headers = Webhook(SECRET), _headers()
    return lambda: _assert_correct(verifier.verify(BODY, headers)["id"] == EVENT["id"])


CONTESTANTS: dict[tuple[str, str], Callable[[], measure.Call]] = {
    ("ours", "token"): our_token,
    ("pyjwt", "token"): pyjwt_token,
    ("ours", "webhook"): our_webhook,
    ("ours", "event"): our_event,
    ("standardwebhooks", "event"): standard_webhook,
}


def main() -> None:
    contestant, work, seconds = sys.argv[1:]
    print(measure.blocking(CONTESTANTS[contestant, work](), float(seconds)))


if __name__ == "__main__":
    main()
