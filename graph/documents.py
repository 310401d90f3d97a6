"""Documents that were read before, so that the same text is read, validated and measured once.

Bounded by what they hold, not only by how many they are: a client chooses their texts.
"""

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from graphql import DocumentNode, OperationDefinitionNode, parse
from strawberry.types import ExecutionContext

from graph.measure import Size, Weight, measure_weighed, weigh
from graph.projection import share_plans

CHARACTERS_PER_TOKEN = 64
"""So many characters hold as much memory as a token: each is kept up to three times, in 4 bytes."""
SIZES_PER_DOCUMENT = 4
"""Kept, by which operation was measured and what its variables weigh."""
_SHARE = 10
"""A document with more than this part of the whole budget is not kept."""


class Document:
    """A document, and what was found out about it.

    Attributes:
        node: what its text was parsed to.
        tokens: that it weighs; long texts count as several.
        is_valid: whether it was validated without an error. Errors are not kept: they quote the
            document, many times over if it wants them to.
    """

    __slots__ = ("_measured", "_variables", "is_valid", "node", "tokens")

    def __init__(self, text: str, node: DocumentNode) -> None:
        self.node = node
        self.tokens = node.token_count + len(text) // CHARACTERS_PER_TOKEN
        self.is_valid = False
        self._variables = _variables(node)
        self._measured = lru_cache(SIZES_PER_DOCUMENT)(partial(_measure, node))

    def size(self, operation_name: str | None, variables: Mapping[str, Any]) -> Size:
        """Measure the operation that would run; variables that it does not declare weigh nothing.

        Args:
            operation_name: of an operation in the document; None: whichever is largest.
        """
        given = {name: variables[name] for name in self._variables if name in variables}
        return self._measured(operation_name, tuple(weigh(given).items()))


class Execution(ExecutionContext):
    """strawberry's, with what is known of the document."""

    document: Document | None = None


class Documents:
    """The documents that were used last, by their texts; any number of threads may read them.

    Args:
        max_documents: that are kept.
        max_tokens: that all kept documents weigh together.
    """

    def __init__(self, max_documents: int, max_tokens: int) -> None:
        self._max_documents = max_documents
        self._max_tokens = max_tokens
        self._known: OrderedDict[str, Document] = OrderedDict()
        self._tokens = 0
        self._lock = Lock()

    def __contains__(self, text: str) -> bool:
        return text in self._known

    def __len__(self) -> int:
        return len(self._known)

    @property
    def tokens(self) -> int:
        """Return what all kept documents weigh."""
        return self._tokens

    def read(self, text: str, max_tokens: int | None = None) -> Document:
        """Return a text's document, parsed unless it is known.

        Args:
            max_tokens: after which the parser stops.

        Raises:
            GraphQLSyntaxError: it is no document, or too long.
        """
        with self._lock:
            known = self._known.get(text)
            if known is not None:
                self._known.move_to_end(text)
                return known
        node = parse(text, max_tokens=max_tokens)
        _cut_chain(node)
        share_plans(node)
        return self._kept(text, Document(text, node))

    def _kept(self, text: str, document: Document) -> Document:
        """Keep a document that is not too large; one that another thread kept first, instead."""
        if document.tokens * _SHARE > self._max_tokens:
            return document
        with self._lock:
            kept = self._known.setdefault(text, document)
            if kept is document:
                self._tokens += document.tokens
            while self._tokens > self._max_tokens or len(self._known) > self._max_documents:
                _, oldest = self._known.popitem(last=False)
                self._tokens -= oldest.tokens
        return kept


def _cut_chain(node: DocumentNode) -> None:
    """Part the tokens, which only the parser follows from one to the next.

    Their chain would keep the tokens that no node needs, and a document that is let go of until
    the garbage collector comes by: it goes in circles.
    """
    token = node.loc.start_token if node.loc else None
    while token is not None:
        following = token.next
        token.prev = token.next = None
        token = following


def _variables(node: DocumentNode) -> tuple[str, ...]:
    """Return the names of the variables that a document's operations declare, once each."""
    names = (
        declared.variable.name.value
        for definition in node.definitions
        if isinstance(definition, OperationDefinitionNode)
        for declared in definition.variable_definitions or ()
    )
    return tuple(dict.fromkeys(names))


def _measure(
    node: DocumentNode, operation_name: str | None, weights: tuple[tuple[str, Weight], ...]
) -> Size:
    return measure_weighed(node, operation_name, dict(weights))
