"""Documents that were read before: the ones used last, within what they may hold."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from graphql import GraphQLSyntaxError

from graph.documents import CHARACTERS_PER_TOKEN, SIZES_PER_DOCUMENT, Documents
from graph.measure import Size

ANY_NUMBER = 1_000_000
"""Of documents, or of tokens."""


def text(name: str) -> str:
    """Return a document of 5 tokens."""
    return f"query {name} {{ {name} }}"


class TestRead:
    """Texts are parsed once, as long as they are remembered."""

    def test_of_a_known_text_is_the_same_document(self) -> None:
        documents = Documents(2, ANY_NUMBER)
        assert documents.read(text("a")) is documents.read(text("a"))
        assert documents.read(text("a")) is not documents.read(text("b"))

    def test_forgets_what_was_used_longest_ago(self) -> None:
        documents = Documents(2, ANY_NUMBER)
        for name in "abac":
            documents.read(text(name))
        assert [text(name) in documents for name in "abc"] == [True, False, True]

    def test_keeps_no_more_tokens_than_allowed(self) -> None:
        documents = Documents(ANY_NUMBER, 50)
        for name in "abcdefghijkl":
            documents.read(text(name))
        assert (len(documents), documents.tokens) == (10, 50)
        assert text("b") not in documents
        assert text("c") in documents

    def test_makes_room_for_a_document_of_many_tokens(self) -> None:
        documents = Documents(ANY_NUMBER, 100)
        for number in range(20):
            documents.read(text(f"n{number}"))
        documents.read("{ a b c d e f g h }")
        assert (len(documents), documents.tokens) == (19, 18 * 5 + 10)

    def test_does_not_keep_what_takes_over_a_tenth(self) -> None:
        documents = Documents(ANY_NUMBER, 100)
        documents.read(text("a"))
        assert documents.read("{ a b c d e f g h i }").node.token_count == 11
        assert (len(documents), documents.tokens) == (1, 5)

    def test_counts_long_texts_as_tokens(self) -> None:
        documents = Documents(ANY_NUMBER, ANY_NUMBER)
        long = documents.read(f'{{ a(b: "{"x" * 10 * CHARACTERS_PER_TOKEN}") }}')
        assert long.tokens == long.node.token_count + 10
        assert documents.tokens == long.tokens

    @pytest.mark.parametrize("wrong", ["{ ]", "{ a b c d }"])
    def test_keeps_nothing_of_what_cannot_be_parsed(self, wrong: str) -> None:
        documents = Documents(ANY_NUMBER, ANY_NUMBER)
        for _ in range(2):
            with pytest.raises(GraphQLSyntaxError):
                documents.read(wrong, max_tokens=5)
        assert (len(documents), documents.tokens) == (0, 0)

    def test_lets_go_of_documents_without_the_garbage_collector(self) -> None:
        documents = Documents(1, ANY_NUMBER)
        gc.disable()
        try:
            forgotten = weakref.ref(documents.read(text("a")).node)
            documents.read(text("b"))
            assert forgotten() is None
        finally:
            gc.enable()

    def test_by_many_threads_loses_no_count(self) -> None:
        documents = Documents(8, 60)
        names = [f"n{number % 23}" for number in range(5_000)]
        with ThreadPoolExecutor(32) as threads:
            found = list(threads.map(lambda name: documents.read(text(name)), names))
        bodies = [document.node.loc and document.node.loc.source.body for document in found]
        assert bodies == [text(name) for name in names]
        kept = [name for name in set(names) if text(name) in documents]
        assert len(kept) == len(documents) == 8
        assert documents.tokens == sum(documents.read(text(name)).tokens for name in kept) == 40


class TestSize:
    """A document is measured once for variables that weigh the same."""

    QUERY = "query Q($n: Int, $name: String) { models(first: $n, name: $name) { nodes { id } } }"

    def size(self, **variables: object) -> Size:
        return Documents(1, ANY_NUMBER).read(self.QUERY).size("Q", variables)

    def test_is_the_operations(self) -> None:
        assert self.size().nodes == 20
        assert self.size(n=3).nodes == 3

    def test_is_kept_whatever_names_variables_hold(self) -> None:
        document = Documents(1, ANY_NUMBER).read(self.QUERY)
        assert document.size("Q", {"n": 3, "name": "a"}) is document.size(
            "Q", {"name": "b", "n": 3, "undeclared": ["x"]}
        )

    def test_is_the_same_for_all_pages_that_are_too_large(self) -> None:
        document = Documents(1, ANY_NUMBER).read(self.QUERY)
        assert document.size("Q", {"n": 10**4_000}) is document.size("Q", {"n": 101})

    def test_is_forgotten_after_some_others(self) -> None:
        document = Documents(1, ANY_NUMBER).read(self.QUERY)
        first = document.size("Q", {"n": 1})
        for number in range(2, 2 + SIZES_PER_DOCUMENT):
            document.size("Q", {"n": number})
        again = document.size("Q", {"n": 1})
        assert again == first
        assert again is not first
