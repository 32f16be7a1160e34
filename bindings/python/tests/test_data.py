"""Records as plain data: dictionaries, JSON libraries, pydantic and FastAPI."""

from __future__ import annotations

import asyncio
import datetime
import json
import subprocess
import sys
from typing import Annotated, Any

import httpx
import msgspec
import orjson
import pytest
import scalekit_rs
from fastapi import Body, FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError
from scalekit_rs import (
    CallOptions,
    ClientOptions,
    CreateOrganization,
    HttpMethod,
    MachineClient,
    Organization,
    OrganizationEventData,
    OrganizationFeature,
    OrganizationFeatureSetting,
    OrganizationSettings,
    ScalekitError,
    SecretJson,
    SecretText,
    WebhookData,
    WebhookEvent,
)
from scalekit_rs.data import from_data, to_data

TIME = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.timezone.utc)
ACME = Organization(
    id="org_1",
    display_name="Acme",
    create_time=TIME,
    settings=OrganizationSettings(
        features=[OrganizationFeatureSetting(name=OrganizationFeature.SSO, enabled=True)]
    ),
)
DATA = {
    "id": "org_1",
    "display_name": "Acme",
    "metadata": {},
    "create_time": "2026-01-02T03:04:05.678901Z",
    "settings": {"features": [{"name": "sso", "enabled": True}]},
}
EVENT = WebhookEvent(
    id="evt_1",
    event_type="organization.created",
    data=WebhookData.OrganizationCreated(organization=OrganizationEventData(id="org_1")),
)

# Without type hints, as in a program that uses no type checker.
untyped: Any = scalekit_rs


class Signup(BaseModel):
    organization: Organization
    feature: OrganizationFeature = OrganizationFeature.SSO
    method: HttpMethod = HttpMethod.GET
    secret: SecretText | None = None
    event: WebhookEvent | None = None


class Stored(msgspec.Struct):
    organization: Organization
    feature: OrganizationFeature


def test_record_and_plain_data_convert_both_ways() -> None:
    assert ACME.to_dict() == DATA
    assert json.loads(ACME.to_json()) == DATA
    assert Organization.from_dict(DATA) == ACME
    assert Organization.from_dict({**DATA, "added_later": 1}) == ACME
    settings = OrganizationSettings.from_dict(DATA["settings"])  # type: ignore[arg-type]
    assert settings.features[0].name is OrganizationFeature.SSO


def test_data_has_names_of_service() -> None:
    assert EVENT.to_dict()["type"] == "organization.created"
    assert WebhookEvent.from_dict({"type": "x"}).event_type == "x"


def test_union_says_in_data_which_variant_it_is() -> None:
    assert EVENT.to_dict()["data"]["variant"] == "OrganizationCreated"
    assert WebhookEvent.from_dict(EVENT.to_dict()) == EVENT
    assert WebhookData.from_dict(EVENT.data.to_dict()) == EVENT.data
    with pytest.raises(ScalekitError.InvalidArgument, match="`variant` must be the name of a variant"):
        WebhookData.from_dict({"organization": {}})


def test_from_dict_names_invalid_value() -> None:
    with pytest.raises(TypeError, match=r'`metadata\["seats"\]` must be str, not int'):
        Organization.from_dict({"metadata": {"seats": 5}})
    with pytest.raises(TypeError, match="`data` must be dict, not str"):
        untyped.Organization.from_dict("{}")
    with pytest.raises(ScalekitError.InvalidArgument, match="`create_time` must be a timestamp"):
        Organization.from_dict({"create_time": "yesterday"})


def test_secrets_are_redacted_in_data_unless_revealed() -> None:
    machine = MachineClient(client_id="m2m_1", client_secret=SecretText("hunter2"))
    assert machine.to_dict()["client_secret"] == "SecretText(..)"
    assert "hunter2" not in machine.to_json()
    revealed = machine.to_dict(reveal_secrets=True)
    assert revealed["client_secret"] == "hunter2"
    assert MachineClient.from_dict(revealed) == machine
    machine.client_secret = "hunter2"  # type: ignore[assignment]
    assert machine.to_dict()["client_secret"] == "SecretText(..)"


@pytest.mark.parametrize("options", [CallOptions, ClientOptions])
def test_header_values_of_options_are_redacted_unless_revealed(
    options: type[CallOptions | ClientOptions],
) -> None:
    headers = {"x-gateway-key": "hunter2"}
    assert options(headers=headers).to_dict()["headers"] == {"x-gateway-key": "SecretText(..)"}
    assert options(headers=headers).to_dict(reveal_secrets=True)["headers"] == headers


def test_known_values_of_enumeration_are_listed() -> None:
    known = list(OrganizationFeature)
    assert known[0] is OrganizationFeature.SSO
    assert len(known) == len(OrganizationFeature) > 3
    assert all(feature.is_known for feature in known)


@pytest.mark.parametrize(
    ("library", "method"),
    [("json", "GET"), ("orjson", HttpMethod.GET.value), ("msgspec", HttpMethod.GET.value)],
)
def test_json_libraries_take_values_through_to_data(library: str, method: object) -> None:
    dumps: dict[str, Any] = {
        "json": lambda value: json.dumps(value, default=to_data),
        "orjson": lambda value: orjson.dumps(value, default=to_data),
        "msgspec": msgspec.json.Encoder(enc_hook=to_data).encode,
    }
    values = {
        "organizations": [ACME],
        "feature": OrganizationFeature.SSO,
        "method": HttpMethod.GET,
        "secret": SecretText("hunter2"),
        "json": SecretJson({"key": "hunter2"}),
    }
    assert json.loads(dumps[library](values)) == {
        "organizations": [DATA],
        "feature": "sso",
        "method": method,
        "secret": "SecretText(..)",
        "json": "SecretJson(..)",
    }
    with pytest.raises(TypeError):
        dumps[library]({"other": object()})


def test_to_data_writes_timestamps_for_json() -> None:
    assert json.dumps([TIME], default=to_data) == '["2026-01-02T03:04:05.678901Z"]'


def test_msgspec_reads_values_through_from_data() -> None:
    text = json.dumps({"organization": DATA, "feature": "sso"})
    stored = msgspec.json.Decoder(Stored, dec_hook=from_data).decode(text)
    assert (stored.organization, stored.feature) == (ACME, OrganizationFeature.SSO)
    assert from_data(HttpMethod, "POST") is HttpMethod.POST
    assert from_data(SecretText, "hunter2").reveal() == "hunter2"
    with pytest.raises(TypeError, match="object is not a class of scalekit_rs"):
        from_data(object, {})


def test_pydantic_accepts_records_and_plain_data() -> None:
    signup = Signup(organization=ACME, secret=SecretText("hunter2"), event=EVENT)
    assert signup.organization is ACME
    assert Signup.model_validate(signup.model_dump()) == signup
    read = Signup.model_validate(
        {"organization": DATA, "feature": "new", "method": "POST", "secret": "hunter2"}
    )
    assert (read.organization, read.feature, read.method) == (ACME, "new", HttpMethod.POST)
    assert type(read.feature) is OrganizationFeature
    assert read.secret == SecretText("hunter2")
    assert Signup.model_validate_json(signup.model_dump_json()).event == EVENT


def test_pydantic_writes_names_of_service_and_redacts_secrets() -> None:
    signup = Signup(organization=ACME, secret=SecretText("hunter2"), event=EVENT)
    written = signup.model_dump(mode="json")
    assert written == {
        "organization": DATA,
        "feature": "sso",
        "method": "GET",
        "secret": "SecretText(..)",
        "event": EVENT.to_dict(),
    }
    assert json.loads(signup.model_dump_json()) == written


@pytest.mark.parametrize(
    ("kind", "data", "location", "text"),
    [
        (Organization, 7, (), "must be Organization or dict, not int"),
        (Organization, {"metadata": {"seats": 5}}, ("metadata", "seats"), "must be str, not int"),
        (
            OrganizationSettings,
            {"features": [{"name": "sso", "enabled": "yes"}]},
            ("features", 0, "enabled"),
            "must be bool, not str",
        ),
        (CreateOrganization, {}, ("display_name",), "Field required"),
        (OrganizationFeature, 7, (), "must be OrganizationFeature or str, not int"),
        (HttpMethod, "HEAD", (), 'must be one of "GET", "POST", "PUT", "PATCH", "DELETE"'),
        (WebhookData, {}, (), "`variant` must be the name of a variant of WebhookData"),
    ],
)
def test_pydantic_errors_name_the_field(kind: Any, data: Any, location: tuple[Any, ...], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(kind).validate_python(data)
    (error,) = caught.value.errors()
    assert (error["loc"], error["msg"]) == (location, text)


def test_pydantic_errors_contain_no_secrets() -> None:
    for data in ({"client_secret": "hunter2"}, {"client_id": 7, "client_secret": "hunter2"}):
        with pytest.raises(ValidationError) as caught:
            TypeAdapter(MachineClient).validate_python(data)
        assert "hunter2" not in f"{caught.value} {caught.value.errors()}"


def test_json_schema_describes_fields() -> None:
    schema = TypeAdapter(CreateOrganization).json_schema()
    assert schema["required"] == ["display_name"]
    assert schema["properties"]["display_name"] == {
        "type": "string",
        "description": "Display name. 1–200 characters.",
    }
    assert TypeAdapter(MachineClient).json_schema()["properties"]["client_secret"]["format"] == "password"
    assert "GET" in TypeAdapter(HttpMethod).json_schema()["enum"]
    assert "sso" in TypeAdapter(OrganizationFeature).json_schema()["examples"]
    assert "type" in TypeAdapter(WebhookEvent).json_schema()["properties"]


def test_every_record_has_json_schema() -> None:
    records = [getattr(scalekit_rs, name) for name in scalekit_rs.__all__]
    records = [record for record in records if isinstance(record, type) and hasattr(record, "from_dict")]
    assert len(records) > 100
    for record in records:
        assert TypeAdapter(record).json_schema()["type"] == "object", record


def request(app: FastAPI, method: str, path: str, body: object = None) -> httpx.Response:
    async def main() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app") as client:
            return await client.request(method, path, json=body)

    return asyncio.run(main())


def test_fastapi_takes_and_returns_records() -> None:
    app = FastAPI()

    # `Body()` because FastAPI takes other classes than pydantic's for query parameters.
    def create(organization: Annotated[CreateOrganization, Body()]) -> Organization:
        return Organization(id="org_1", display_name=organization.display_name)

    def credentials() -> MachineClient:
        return MachineClient(client_id="m2m_1", client_secret=SecretText("hunter2"))

    app.post("/organizations")(create)
    app.get("/credentials")(credentials)
    created = request(app, "POST", "/organizations", {"display_name": "Acme"})
    assert created.json() == {"id": "org_1", "display_name": "Acme", "metadata": {}}
    assert request(app, "GET", "/credentials").json()["client_secret"] == "SecretText(..)"

    missing = request(app, "POST", "/organizations", {})
    assert missing.status_code == 422
    assert missing.json()["detail"][0]["loc"] == ["body", "display_name"]
    wrong = request(app, "POST", "/organizations", {"display_name": "Acme", "metadata": {"seats": 5}})
    assert wrong.json()["detail"][0]["loc"] == ["body", "metadata", "seats"]

    schemas = request(app, "GET", "/openapi.json").json()["components"]["schemas"]
    assert schemas["Organization"]["properties"]["create_time"]["anyOf"][0]["format"] == "date-time"
    assert schemas["CreateOrganization"]["required"] == ["display_name"]


def test_package_does_not_import_pydantic() -> None:
    program = (
        "import sys, scalekit_rs, scalekit_rs.data; scalekit_rs.Organization(id='x').to_json(); "
        "print('pydantic_core' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_from_dict_accepts_names_of_service_and_of_python() -> None:
    assert WebhookEvent.from_dict({"type": "x"}) == WebhookEvent.from_dict({"event_type": "x"})
    assert WebhookEvent.from_dict({"event_type": "x"}).event_type == "x"
