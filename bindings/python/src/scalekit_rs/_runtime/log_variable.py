"""The variable `SCALEKIT_LOG`: logging to standard error for programs that do not configure `logging`."""

from __future__ import annotations

import logging

from . import logs

_LEVELS = {"error": 40, "warn": 30, "info": 20, "debug": 10, "trace": 5}


def configure(value: str) -> None:
    level = _LEVELS.get(value.strip().lower())
    if level is None:
        # The core rejects the value, and names the variable.
        return
    logger = logging.getLogger("scalekit")
    logger.setLevel(level)
    if not any(isinstance(handler, logging.StreamHandler) for handler in logger.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logger.addHandler(handler)
    # Before the client is created: the library itself would write to standard error.
    logs.follow_level()
