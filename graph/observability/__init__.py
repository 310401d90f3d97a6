"""What is told of the API's work: its log, and the metrics that CloudWatch reads out of it.

A line says what it is about in `fields`, and what CloudWatch counts in `measured`; which form it
takes is the business of the formatter: JSON on Lambda, words at a terminal.
"""

from graph.observability.audit_file import audit_file
from graph.observability.configuration import configure_logging, terminal_logging
from graph.observability.lines import JsonFormatter, PlainFormatter

__all__ = ["JsonFormatter", "PlainFormatter", "audit_file", "configure_logging", "terminal_logging"]
