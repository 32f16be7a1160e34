"""The environment variables and checks shared by the contestants."""

import os
from collections.abc import Sized

URL = os.environ["SCALEKIT_ENVIRONMENT_URL"]
CLIENT_ID = os.environ["SCALEKIT_CLIENT_ID"]
TOKEN = os.environ["BENCH_TOKEN"]

ONE = "/api/v1/users/usr_1"
PAGE = "/api/v1/users"
PAGE_SIZE = 100
TIMEOUT_SECONDS = 20.0
BEARER = {"authorization": f"Bearer {TOKEN}"}


def check_one(user_id: str) -> None:
    """Fails on a wrong user."""
    if user_id != "usr_1":
        raise AssertionError(f"wrong user: {user_id}")


def check_page(users: Sized) -> None:
    """Fails on an incomplete page."""
    if len(users) != PAGE_SIZE:
        raise AssertionError(f"{len(users)} users")


def check_read(*fields: str | None) -> None:
    """Fails on a user with a missing field."""
    if not all(fields):
        raise AssertionError(f"empty field: {fields}")
