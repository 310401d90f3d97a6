"""Checks what is to be evaluated, and reports every fault at once."""

from models.errors import Fault, UserErrorCode
from models.evaluation.commands import EvaluateModel, EvaluateModels
from models.evaluation.page import Page, parse_page
from models.ids import is_model_id
from models.registry.validation import Faults

WAIT_DEFAULT_SECONDS = 20
WAIT_MAX_SECONDS = 25
"""A gateway gives up after 30."""
URLS_MAX = 250


def page_to_evaluate(command: EvaluateModel) -> Page:
    """Return the page that a valid command names, or raise Refusal with every fault."""
    faults = Faults()
    page = parse_page(command.url)
    if isinstance(page, str):
        faults.add("url", page)
    if command.model_id is not None and not is_model_id(command.model_id):
        message = "there is no model with this id"
        faults.found.append(Fault(UserErrorCode.NOT_FOUND, message, ("modelId",)))
    wait = command.wait_seconds
    if wait is not None and not 0 <= wait <= WAIT_MAX_SECONDS:
        faults.add("waitSeconds", f"must be 0 to {WAIT_MAX_SECONDS}")
    faults.check_attribution(command)
    faults.raise_any()
    if isinstance(page, str):
        raise TypeError("a page that is at fault was refused")
    return page


def pages_to_evaluate(command: EvaluateModels) -> list[Page]:
    """Return the page of each URL in order, or raise Refusal with every fault."""
    faults = Faults()
    pages: list[Page] = []
    if not 1 <= len(command.urls) <= URLS_MAX:
        faults.add("urls", f"must have 1 to {URLS_MAX} URLs, not {len(command.urls)}")
    for index, url in enumerate(command.urls[:URLS_MAX]):
        page = parse_page(url)
        if isinstance(page, Page):
            pages.append(page)
        else:
            path = ("urls", str(index))
            faults.found.append(Fault(UserErrorCode.INVALID_INPUT, f"urls[{index}] {page}", path))
    faults.check_attribution(command)
    faults.raise_any()
    return pages
