"""docs/AWS_DEPLOYMENT.md: the arithmetic of what a deployment costs."""

import re
from math import prod
from typing import Final

import pytest

from models.evaluation.validation import WAIT_MAX_SECONDS
from tests.unit.docs_bench import table_rows
from tests.unit.docs_stack import RESOURCES, STACK, section

SIZES: Final = ("small", "medium", "large")
CENT: Final = 0.01
TIMES: Final = "\N{MULTIPLICATION SIGN}"


class TestCost:
    TABLES: Final = table_rows(section("## Cost"))
    PRICES: Final = {name: float(row[0]) for name, row in TABLES.items() if len(row) == 2}
    LOADS: Final = {
        name: [float(size) for size in row] for name, row in TABLES.items() if len(row) == 3
    }
    ITEMS: Final = re.findall(
        r"^\| ([^|`]+) \| `([^`]+)` \| `(\w+)` \| (.*) \| (.*) \| (.*) \|$",
        section("## Cost"),
        re.MULTILINE,
    )

    @pytest.mark.parametrize("item", ITEMS, ids=lambda item: item[0])
    def test_an_item_is_its_quantity_at_its_price(self, item: tuple[str, ...]) -> None:
        _, quantity, price, *costs = item
        for size, cost in enumerate(costs):
            exact = self._reckoned(quantity, size) * self.PRICES[price]
            assert float(cost) == pytest.approx(exact, abs=CENT / 2 + 1e-9)

    @pytest.mark.parametrize("size", range(len(SIZES)), ids=SIZES)
    def test_the_sum_is_that_of_the_items(self, size: int) -> None:
        told = re.findall(r"\*\*([\d.]+)\*\*", section("## Cost"))
        assert float(told[size]) == pytest.approx(sum(float(item[3 + size]) for item in self.ITEMS))

    def test_every_price_and_load_counts(self) -> None:
        assert {item[2] for item in self.ITEMS} == {*self.PRICES}
        named = {name for item in self.ITEMS for name in re.findall(r"[a-z_]+", item[1])}
        assert named == {*self.LOADS}

    def test_there_is_a_price_for_every_alarm_and_dashboard(self) -> None:
        quantities = {item[0]: item[1] for item in self.ITEMS}
        types = [one["Type"] for one in RESOURCES.values()]
        assert int(quantities["alarms"]) == types.count("AWS::CloudWatch::Alarm")
        assert int(quantities["dashboard"]) == types.count("AWS::CloudWatch::Dashboard")

    def test_what_is_left_while_nobody_uses_it(self) -> None:
        fixed = sum(float(item[3]) for item in self.ITEMS if item[1].isdigit())
        assert f"{fixed:.2f} USD for alarms and dashboard" in section("## Cost")

    def test_logs_are_kept_for_so_many_months(self) -> None:
        default, production = (
            STACK["params"][stage]["logRetentionDays"] for stage in ("default", "production")
        )
        assert self.LOADS["months"] == [default // 30, production // 30, production // 30]

    def test_functions_have_the_memory_that_is_reckoned_with(self) -> None:
        memory = {name: one["memorySize"] for name, one in STACK["functions"].items()}
        assert memory == {"api": 1024, "worker": 512, "hasher": 1769}
        told = section("## Cost").replace("\n", " ")
        assert "50 ms of 1 GB" in told
        assert "10 s of half a GB" in told
        rate, gigabytes = re.findall(r"(\d+) MB a second, with ([\d.]+) GB", told)[0]
        assert float(gigabytes) == round(memory["hasher"] / 1024, 2)
        (hashed,) = (item[1] for item in self.ITEMS if item[0] == "hasher's function")
        assert hashed == f"hashed_gb {TIMES} {1000 / int(rate) * float(gigabytes):.0f}"

    def test_waiting_takes_as_long_as_it_may(self) -> None:
        quantities = {item[0]: item[1] for item in self.ITEMS}
        waiting = f"evaluations {TIMES} {WAIT_MAX_SECONDS}"
        assert quantities["API's function, waiting"] == waiting
        assert f"{WAIT_MAX_SECONDS} s of 1 GB" in section("## Cost")

    def _reckoned(self, quantity: str, size: int) -> float:
        return sum(
            prod(
                self.LOADS[factor][size] if factor in self.LOADS else float(factor)
                for factor in term.split(f" {TIMES} ")
            )
            for term in quantity.split(" + ")
        )
