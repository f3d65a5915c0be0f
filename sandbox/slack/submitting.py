"""What Slack's own client checks before it sends a submission, and the words it uses."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from sandbox.slack.forms import Field, Form

REQUIRED = "Please complete this required field."

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def client_errors(form: Form) -> dict[str, str]:
    """By block_id; only inputs are checked."""
    errors: dict[str, str] = {}
    for field in form.fields.values():
        if field.block["type"] == "input" and (problem := _problem(field)):
            errors[field.block["block_id"]] = problem
    return errors


def _problem(field: Field) -> str | None:
    if field.value is None or field.value in ("", []):
        return REQUIRED if field.is_required else None
    if isinstance(field.value, str):
        return _text_problem(field.element["type"], field.value, field)
    if isinstance(field.value, list):
        return _count_problem(field, len(field.value))
    return None


def _text_problem(kind: str, text: str, field: Field) -> str | None:
    if kind == "plain_text_input":
        return _length_problem(text, field)
    if kind == "url_text_input" and not _URL.fullmatch(text):
        return "Please enter a valid URL."
    if kind == "email_text_input" and not _EMAIL.fullmatch(text):
        return "Please enter a valid email address."
    if kind == "number_input":
        return _number_problem(text, field)
    return None


def _length_problem(text: str, field: Field) -> str | None:
    most, least = field.element.get("max_length", 3000), field.element.get("min_length", 0)
    if len(text) > most:
        return f"Please enter no more than {most} characters."
    if len(text) < least:
        return f"Please enter at least {least} characters."
    return None


def _number_problem(text: str, field: Field) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a valid number."
    if not field.element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    least, most = field.element.get("min_value"), field.element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Please enter a number of at least {least}."
    if most is not None and number > Decimal(most):
        return f"Please enter a number of at most {most}."
    return None


def _count_problem(field: Field, count: int) -> str | None:
    most = field.element.get("max_selected_items") or field.element.get("max_files")
    return f"Please choose no more than {most}." if most is not None and count > most else None
