"""The emulator's console, in Chromium."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from support.chromium import chromium, need_chromium
from support.console import VIEWS, Api, Console, fill
from support.emulator import Emulator

MARKUP = "<img data-planted src=x onerror=\"document.title='planted'\">"
DETAILS = ("organizations/org_1", "connections/conn_1", "directories/dir_1", "users/usr_1", "sessions/ses_1")


@pytest.fixture
def console(emulator: Emulator) -> Iterator[Console]:
    need_chromium()
    with chromium() as browser:
        page = Console(browser.driver)
        page.emulator = emulator
        page.resize(1600)
        yield page


def visit_everything(console: Console) -> Iterator[str]:
    """Opens each view, and the details of a row of each."""
    for view in (*VIEWS, *DETAILS):
        console.view(view)
        console.find("tbody tr")
        if "/" not in view and view not in ("outbox", "requests", "deliveries", "clients"):
            yield view
            continue
        if "/" not in view:
            console.click("tbody a")
        console.find(".details dl, .details ol")
        yield f"details of {view}"
    console.view("control")
    console.find("form[name=fault]")
    yield "control"


def test_created_organization_appears_without_reload(console: Console) -> None:
    console.view("organizations")
    console.contains(".empty", "None yet")
    api = Api(console.emulator)
    organization = api.organization("Acme")
    console.shows("tbody td[data-title=Name]", "Acme")
    console.click("tbody a")
    console.shows("#details-title", "Acme")
    api.call("PATCH", f"organizations/{organization}", {"display_name": "Globex"})
    console.shows("#details-title", "Globex")


def test_mail_is_rendered_with_code_and_link_to_copy(console: Console) -> None:
    attempt = {
        "auth_request_id": "ar_1",
        "email": "ada@acme.example",
        "code": "424242",
        "link_token": "known",
        "magiclink_auth_uri": "https://app.example/in",
    }
    console.emulator.seed({"passwordless": {"type": "LINK_OTP", "attempts": [attempt]}})
    Api(console.emulator).call("POST", "passwordless/email/resend", {"auth_request_id": "ar_1"})
    console.view("outbox")
    console.click("tbody a")
    console.contains(".mail", "ada@acme.example")
    code = console.find(".mail .code").text
    console.click("[name=copy-code]")
    console.contains(".mail [role=status]", "Copied")
    assert console.clipboard() == code
    link = console.find(".mail a")
    assert (link.get_attribute("href") or "").startswith("https://app.example/in?link_token=")
    assert link.get_attribute("rel") == "noopener noreferrer"


def test_secrets_are_neither_shown_nor_copied_until_revealed(console: Console) -> None:
    api, secret = Api(console.emulator), console.emulator.client_secret
    api.organization("Acme")
    console.view("requests")
    console.shows("tbody tr:last-child td:first-child", "POST /oauth/token")
    console.click("tbody tr:last-child a")
    console.contains(".details", "••••••••")
    assert api.token not in console.driver.page_source
    console.click("[name=copy-curl]")
    console.contains(".details [role=status]", "Copied")
    assert "client_secret=[redacted]" in console.clipboard()
    assert secret not in console.driver.page_source

    console.click("[name=reveal]")
    console.contains(".details", api.token)
    console.contains("pre.curl", f"client_secret={secret}")
    console.click("[name=copy-curl]")
    console.until(lambda: f"client_secret={secret}" in console.clipboard(), "the secret is copied")
    console.click("[name=reveal]")
    console.contains("pre.curl", "client_secret=[redacted]")
    console.click("tbody a")
    console.contains("pre.curl", "Bearer $TOKEN")
    assert secret not in console.driver.page_source
    console.click("[name=client-secret]")
    console.contains("header", secret)


def test_requests_are_filtered_by_text_and_status(console: Console) -> None:
    api = Api(console.emulator)
    api.organization("Acme")
    console.emulator.fault("organizations.list", "status", status=503)
    with pytest.raises(OSError, match="503"):
        api.call("GET", "organizations")
    console.view("requests")
    console.contains(".pages", "1–3 of 3")
    console.find("[name=search]").send_keys("oauth")
    console.contains(".pages", "1–1 of 1")
    console.shows("tbody td", "POST /oauth/token")
    console.find("[name=search]").send_keys(Keys.BACKSPACE * 5)
    console.contains(".pages", "1–3 of 3")
    console.find("[name=status]").send_keys("5xx")
    console.contains(".pages", "1–1 of 1")
    console.shows("tbody td", "GET /api/v1/organizations")
    console.shows("tbody [data-title=State]", "fault")


def test_control_buttons_send_commands(console: Console) -> None:
    Api(console.emulator).organization("Acme")
    console.view("control")
    console.click("form[name=fault] button")
    console.contains(".cards pre", '"kind": "status"')
    faults = console.emulator.control("faults", method="GET")["faults"]
    assert [(fault["operation"], fault["status"]) for fault in faults] == [("*", 503)]
    console.click("[name=clear-faults]")
    console.until(lambda: console.count(".cards pre") == 0, "no fault is pending")
    key = console.find(".cards section:nth-of-type(3) code").text
    console.click("[name=rotate]")
    console.until(lambda: console.find(".cards section:nth-of-type(3) code").text != key, "another key")
    before = console.emulator.control("clock", method="GET")["now"]
    console.click("[name=day]")
    console.until(
        lambda: console.emulator.control("clock", method="GET")["now"][:10] > before[:10], "a day later"
    )
    console.click("form[name=approve] button")
    console.contains(".cards", "1 scripted login is pending")
    console.find("form[name=endpoint] input").send_keys("https://other.example/")
    console.click("form[name=endpoint] button")
    console.contains("form[name=endpoint] .error", "endpoint")

    console.click("[name=reset]")
    console.click("[name=confirm-reset]")
    console.shows("nav .count", "0")
    assert console.emulator.requests("organizations.create") == []


def test_failed_delivery_is_shown_and_sent_again(console: Console) -> None:
    fill(console.emulator, "Acme")
    console.emulator.control("webhooks/wait", {"failed": 1})
    console.view("deliveries")
    console.click("tbody a")
    console.find(".details ol li")
    console.contains(".details pre", "Acme")
    console.click("[name=resend]")
    console.until(lambda: console.count(".details ol li") == 2, "two attempts")


def test_planted_markup_is_shown_as_text(console: Console) -> None:
    fill(console.emulator, MARKUP)
    for place in visit_everything(console):
        if place != "requests":
            console.until(lambda: "<img data-planted" in console.find("main").text, f"the text in {place}")
        assert console.count("[data-planted], img, a[href^='javascript:'], script:not([src])") == 0, place
        assert console.driver.title == "Scalekit emulator", place


def test_ten_thousand_users_are_shown_in_pages(console: Console) -> None:
    users = [{"id": f"usr_{n}", "email": f"u{n}@acme.example"} for n in range(10_000)]
    console.emulator.seed({"users": users})
    console.view("users")
    console.contains(".pages", "1–50 of 10,000")
    assert console.count("tbody tr") == 50
    console.click("[name=older]")
    console.contains(".pages", "51–100 of 10,000")
    console.shows("tbody td", "u9949@acme.example")
    console.find("[name=search]").send_keys("u77@")
    console.contains(".pages", "1–1 of 1")


def test_keyboard_opens_and_closes_details(console: Console) -> None:
    console.emulator.seed_organizations(2)
    console.view("organizations")
    console.shows("tbody td", "n2")
    console.find("[name=search]").click()
    focused = "return document.activeElement.textContent"
    for _ in range(5):
        if console.driver.execute_script(focused) == "n2":
            break
        console.press(Keys.TAB)
    console.press(Keys.ENTER)
    console.until(
        lambda: console.driver.execute_script("return document.activeElement.id") == "details-title", "focus"
    )
    console.press(Keys.ESCAPE)
    console.until(lambda: console.count(".details") == 0, "closed details")
    console.until(lambda: console.driver.execute_script(focused) == "n2", "the focus is on the row again")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_no_page_violates_wcag_or_overflows(console: Console, width: int, scheme: str) -> None:
    fill(console.emulator, "Acme GmbH with a quite long name")
    console.resize(width, scheme=scheme)
    axe = importlib.resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    run = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}).then(arguments[0])"
    for place in visit_everything(console):
        console.driver.execute_script(axe)
        violations = console.driver.execute_async_script(run)["violations"]
        found = [(own["id"], [node["html"] for node in own["nodes"]]) for own in violations]
        assert not found, f"{place}: {json.dumps(found, indent=2)}"
        visible = console.driver.execute_script("return document.documentElement.scrollWidth")
        assert visible <= width, f"{place} is wider than the window"
