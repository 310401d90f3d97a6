"""Declared licenses as SPDX expressions."""

import pytest
from hypothesis import given

from models.license.expression import EXPRESSION_MAX_CHARACTERS, normalise
from models.license.grammar import LEVELS_MAX
from tests.unit.models.license.licenses import expressions, texts


class TestOneName:
    """A single license."""

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("MIT", "MIT"),
            (" mit\t", "MIT"),
            ("aPACHE-2.0", "Apache-2.0"),
            ("0bsd", "0BSD"),
            ("GPL-3.0", "GPL-3.0-only"),
            ("gpl-3.0-or-later", "GPL-3.0-or-later"),
            ("BSD-2-Clause-NetBSD", "BSD-2-Clause"),
            ("(MIT)", "MIT"),
        ],
    )
    def test_that_spdx_lists_has_its_id_in_its_spelling(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("GPL-2.0+", "GPL-2.0-or-later"),
            ("gpl-3.0-only+", "GPL-3.0-or-later"),
            ("gpl-3.0-or-later+", "GPL-3.0-or-later"),
            ("lgpl-2.1+", "LGPL-2.1-or-later"),
            ("Apache-2.0+", "Apache-2.0+"),
            ("odbl+", "ODbL-1.0+"),
            ("Apache 2.0 +", "Apache-2.0+"),
            ("GPLv3+", "GPL-3.0-or-later"),
        ],
    )
    def test_can_permit_its_later_versions(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("Apache License 2.0", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("Apache 2.0", "Apache-2.0"),
            ("apache2", "Apache-2.0"),
            ("MIT License", "MIT"),
            ("The MIT License (MIT)", "MIT"),
            ("BSD 3-Clause License", "BSD-3-Clause"),
            ('BSD 3-Clause "New" or "Revised" License', "BSD-3-Clause"),
            ("GPL v3", "GPL-3.0-only"),
            ("GNU General Public License v3.0", "GPL-3.0-only"),
            ("CC BY 4.0", "CC-BY-4.0"),
            ("CC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
            ("Open Data Commons Public Domain Dedication and License", "PDDL-1.0"),
            ("Llama 3.1 Community License Agreement", "LicenseRef-llama3.1"),
            ("Gemma Terms of Use", "LicenseRef-gemma"),
            ("Apache", "LicenseRef-apache"),
            ("BSD License", "LicenseRef-bsd"),
        ],
    )
    def test_is_known_as_people_write_it_out(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("LicenseRef-Foo.1-a", "LicenseRef-Foo.1-a"),
            ("licenseref-Foo", "LicenseRef-Foo"),
            ("DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"),
            ("LicenseRef-gpl-3.0", "LicenseRef-gpl-3.0"),  # another's, of which nothing is known
        ],
    )
    def test_that_is_a_reference_stays_one(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("tongyi-qianwen", "LicenseRef-tongyi-qianwen"),
            ("Some Model License", "LicenseRef-Some-Model-License"),
            ("some_model_license v1.0", "LicenseRef-some-model-license-v1.0"),
            ("Tencent Hunyuan License (2024)", "LicenseRef-Tencent-Hunyuan-License-2024"),
            ("Lizenz für alle", "LicenseRef-Lizenz-fur-alle"),
            ("llama2+", "LicenseRef-llama2-plus"),
            ("Classpath-exception-2.0", "LicenseRef-Classpath-exception-2.0"),
            ("MIT/Apache-2.0", "LicenseRef-MIT-Apache-2.0"),
            ("LicenseRef-a_b", "LicenseRef-a-b"),
            ("LicenseRef-\u212a", "LicenseRef-K"),  # the Kelvin sign, which regex takes for a k
        ],
    )
    def test_that_spdx_does_not_list_becomes_a_reference(
        self, declared: str, expected: str
    ) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        "prose", ["Foo and Bar License", "no commercial use or MIT", "NOT MIT OR ISC LICENSED"]
    )
    def test_may_hold_the_words_of_an_expression(self, prose: str) -> None:
        assert normalise(prose) == f"LicenseRef-{prose.replace(' ', '-')}"


class TestUnidentified:
    """What names no license."""

    @pytest.mark.parametrize("declared", ["", " ", "other", "Unknown", "NONE", "NoAssertion"])
    def test_says_so(self, declared: str) -> None:
        assert normalise(declared) is None

    @pytest.mark.parametrize(
        "declared", ["mit and other", "MIT OR unknown", "(none)", "a WITH other"]
    )
    def test_makes_the_whole_expression_so(self, declared: str) -> None:
        assert normalise(declared) is None

    @pytest.mark.parametrize(
        "declared",
        [
            "MIT*",
            "!gemma",
            "许可证 MIT",
            "MIT 禁止商用",
            "许可证",
            "-",
            "https://example.org/LICENSE",
        ],
    )
    def test_holds_what_no_id_can_express(self, declared: str) -> None:
        assert normalise(declared) is None

    @pytest.mark.parametrize(
        "declared",
        [
            *("AND", "MIT AND", "OR MIT", "MIT AND OR ISC", "()", "MIT ()", "(MIT", "MIT)", ")("),
            *("MIT WITH", "WITH Foo", "MIT WITH (Foo)", "(MIT) WITH Foo", "MIT WITH a WITH b"),
            *("( AND MIT)", "((MIT) GPL-3.0-only) OR ISC", "MIT (ISC OR Zlib)"),
        ],
    )
    def test_is_put_together_wrongly(self, declared: str) -> None:
        assert normalise(declared) is None


class TestExpression:
    """Several licenses."""

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("mit AND apache-2.0", "MIT AND Apache-2.0"),
            ("mit or apache-2.0", "MIT OR Apache-2.0"),
            ("mit OR isc OR zlib", "MIT OR ISC OR Zlib"),
            ("MIT License or Apache License 2.0", "MIT OR Apache-2.0"),
            ("llama3 and openrail++", "LicenseRef-llama3 AND LicenseRef-openrail-plus-plus"),
            ("MIT AND Foo-1", "MIT AND LicenseRef-Foo-1"),
            ("(MIT)OR(ISC)", "MIT OR ISC"),
        ],
    )
    def test_is_in_the_spelling_of_spdx(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ("MIT OR ISC AND Zlib", "MIT OR (ISC AND Zlib)"),
            ("(MIT OR ISC) AND Zlib", "(MIT OR ISC) AND Zlib"),
            ("MIT AND (ISC OR (Zlib AND X11))", "MIT AND (ISC OR (Zlib AND X11))"),
            ("((MIT)) AND ((ISC))", "MIT AND ISC"),
        ],
    )
    def test_binds_and_closer_than_or(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            (
                "gpl-2.0+ with classpath-exception-2.0",
                "GPL-2.0-or-later WITH Classpath-exception-2.0",
            ),
            ("MIT WITH Foo AND ISC", "MIT WITH AdditionRef-Foo AND ISC"),
            ("MIT WITH additionref-Foo", "MIT WITH AdditionRef-Foo"),
            ("MIT WITH DocumentRef-a:AdditionRef-b", "MIT WITH DocumentRef-a:AdditionRef-b"),
            ("MIT WITH Apache-2.0", "MIT WITH AdditionRef-Apache-2.0"),
        ],
    )
    def test_can_put_an_exception_to_a_license(self, declared: str, expected: str) -> None:
        assert normalise(declared) == expected


class TestAnyText:
    """Whatever somebody sends."""

    @given(texts)
    def test_never_fails_and_normalises_once(self, text: str) -> None:
        normal = normalise(text)
        if normal is not None:
            assert normal.isascii()
            assert normalise(normal) == normal

    @given(expressions)
    def test_that_is_an_expression_is_identified(self, text: str) -> None:
        assert normalise(text) is not None

    def test_may_be_nested_as_deep_as_the_limit(self) -> None:
        nested = "(" * LEVELS_MAX + "MIT" + ")" * LEVELS_MAX
        assert normalise(nested) == "MIT"
        assert normalise(f"({nested})") is None

    @pytest.mark.parametrize(
        "text",
        [
            *("(" * 4_000, ")" * 4_000, "+" * 4_000, "MIT" + "+" * 4_000, " AND " * 800),
            *("(MIT AND " * 400, "MIT OR " * 580 + "MIT", "LicenseRef-" * 370, "a" * 10**6),
        ],
    )
    @pytest.mark.timeout(60)
    def test_that_is_monstrous_is_answered(self, text: str) -> None:
        normalise(text)

    def test_over_the_limit_is_not_identified(self) -> None:
        assert normalise("a" * (EXPRESSION_MAX_CHARACTERS + 1)) is None
