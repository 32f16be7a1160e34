"""Runs tests/fixtures/webhooks.json: verifying, signing, decoding events, and interceptor responses."""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scalekit_rs import (
    InterceptorResponse,
    InterceptorVerifier,
    ScalekitError,
    SecretText,
    WebhookData,
    WebhookEvent,
    WebhookSigner,
    WebhookVerifier,
)
from scalekit_rs._runtime.plans import plan_of

from support.scenario import Json
from support.values import from_json, to_json

FILE: Json = json.loads((Path(__file__).parents[3] / "tests/fixtures/webhooks.json").read_text("utf-8"))
VERIFIERS: dict[str, Any] = {"webhook": WebhookVerifier, "interceptor": InterceptorVerifier}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


def cases(of: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", FILE[of], ids=lambda case: case.get("name") or case["build"])


def body(case: Json) -> bytes:
    if "body_base64" in case:
        return base64.b64decode(case["body_base64"])
    text: str = case["body"]
    return text.encode()


def time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@cases("verify")
def test_delivery_is_accepted_or_rejected_with_code(case: Json) -> None:
    verifier = VERIFIERS[case["kind"]](case["secrets"], case["tolerance_seconds"])
    if accepted := case.get("accepted"):
        verified = verifier.verify(case["headers"], body(case), time(case["at"]))
        assert (verified.id, verified.sent_at) == (accepted["id"], time(accepted["sent_at"]))
    else:
        with pytest.raises(ScalekitError.InvalidWebhook) as caught:
            verifier.verify(case["headers"], body(case), time(case["at"]))
        assert caught.value.failure.code == case["refused"]


@cases("secrets")
@pytest.mark.parametrize("kind", VERIFIERS)
def test_invalid_secrets_or_tolerance_are_rejected(case: Json, kind: str) -> None:
    name = "tolerance_seconds" if "tolerance_seconds" in case else "secrets"
    with pytest.raises(ScalekitError.InvalidArgument, match=f"^`{name}`"):
        VERIFIERS[kind](case["secrets"], case.get("tolerance_seconds", 300))


@cases("sign")
def test_signer_creates_headers_of_service(case: Json) -> None:
    signer = WebhookSigner(case["secret"])
    sign = {"webhook": signer.sign, "interceptor": signer.sign_interceptor}[case["kind"]]
    assert sign(case["id"], body(case), time(case["at"])) == case["headers"]


def check_event(event: WebhookEvent, case: Json) -> None:
    for field, value in case["event"].items():
        assert to_json(getattr(event, field)) == value, field
    data = event.data
    assert isinstance(data, WebhookData)
    assert type(data).__name__ == case["variant"]
    if isinstance(data, WebhookData.Unknown):
        assert data.event_type == event.event_type
        assert data.raw == case.get("raw", data.raw)
        return
    (name,) = plan_of(type(data)).names
    resource = getattr(data, name)
    for field, value in case["data"].items():
        assert to_json(getattr(resource, field)) == value, field


@cases("events")
def test_verified_event_is_decoded(case: Json) -> None:
    verifier, sent = WebhookVerifier([SECRET]), body(case)
    headers = WebhookSigner(SECRET).sign("msg_1", sent)
    if case.get("undecodable"):
        with pytest.raises(ScalekitError.Decode, match=r"^webhooks\.event: the body "):
            verifier.event(headers, sent)
        with pytest.raises(ScalekitError.Decode, match=r"^webhooks\.event: the body "):
            verifier.read_verified(sent)
    else:
        check_event(verifier.event(headers, sent), case)
        check_event(verifier.read_verified(sent), case)
    verifier.verify(headers, sent)  # verifies without decoding
    with pytest.raises(ScalekitError.InvalidWebhook) as forged:
        verifier.event(headers, sent + b" ")
    assert forged.value.failure.code == "wrong_signature"


def build_response(case: Json) -> InterceptorResponse:
    arguments: Json = case.get("with", {})
    if case["build"] == "allow_with_membership":
        return InterceptorResponse.allow_with_membership(
            from_json("InterceptorMembership", arguments["membership"])
        )
    build: Any = getattr(InterceptorResponse, case["build"])
    response: InterceptorResponse = build(**arguments)
    return response


@cases("responses")
def test_interceptor_responses_match_documentation(case: Json) -> None:
    if refused := case.get("refused"):
        with pytest.raises(ScalekitError.InvalidArgument, match=f"^`{refused}`"):
            build_response(case)
    else:
        assert json.loads(build_response(case).body()) == case["body"]


@pytest.mark.parametrize("secret", [SECRET, SecretText(SECRET)])
def test_webhook_secrets_are_text_or_secret_text(secret: str | SecretText) -> None:
    signer, sent = WebhookSigner(secret), b'{"type": "x"}'
    lists: list[Sequence[str | SecretText]] = [
        [secret],
        [OTHER_SECRET, secret],
        (SecretText(OTHER_SECRET), secret),
    ]
    for secrets in lists:
        webhook, interceptor = WebhookVerifier(secrets), InterceptorVerifier(secrets)
        assert webhook.verify(signer.sign("msg_1", sent), sent).id == "msg_1"
        assert interceptor.verify(signer.sign_interceptor("req_1", sent), sent).id == "req_1"
        assert SECRET not in f"{webhook!r} {interceptor!r} {signer!r}"


@pytest.mark.parametrize("kind", [WebhookVerifier, InterceptorVerifier, WebhookSigner])
def test_invalid_webhook_secret_is_rejected_by_name(kind: Any) -> None:
    def create(secret: Any) -> Any:
        return kind(secret) if kind is WebhookSigner else kind([secret])

    name = "secret" if kind is WebhookSigner else "secrets"
    for value, wrong in ((7, "int"), (b"x", "bytes"), (None, "NoneType")):
        with pytest.raises(TypeError, match=rf"^`{name}(\[0\])?` must be str or SecretText, not {wrong}$"):
            create(value)
    for empty in ("", SecretText("")):
        with pytest.raises(ScalekitError.InvalidArgument, match=f"^`{name}` must be whsec_"):
            create(empty)
    element = name if kind is WebhookSigner else rf"{name}\[0\]"
    with pytest.raises(ScalekitError.InvalidArgument, match=f"^`{element}` must be valid UTF-8") as caught:
        create("canary\ud800")
    assert "canary" not in f"{caught.value} {caught.value!r}"


def test_repr_contains_no_webhook_secret() -> None:
    secret = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk"
    objects = [WebhookVerifier([secret]), InterceptorVerifier([secret]), WebhookSigner(secret)]
    with pytest.raises(ScalekitError.InvalidArgument) as caught:
        WebhookVerifier([f"{secret}***"])
    printed = f"{objects!r} {caught.value!r} {' '.join(map(str, objects))}"
    assert "Y2FuYXJ5" not in printed
