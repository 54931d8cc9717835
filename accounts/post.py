"""Letters to people. They leave from a thread of their own, so that no answer's timing tells whether one was sent."""

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

logger = logging.getLogger("accounts.post")
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")


def send(to: str, template: str, context: Mapping[str, Any]) -> Future[None]:
    """Send the template, whose first line is the subject; failures are logged without it."""
    return _postman.submit(_deliver, to, template, dict(context))


def _deliver(to: str, template: str, context: dict[str, Any]) -> None:
    try:
        subject, _, body = render_to_string(template, context).partition("\n")
        EmailMessage(subject.strip(), body.strip() + "\n", to=[to]).send()
    except Exception as error:
        # The text of a mail server's refusal quotes the address.
        logger.error("a letter (%s) could not be sent: %s", template, type(error).__name__)
