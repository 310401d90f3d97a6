"""What a request carries through its resolvers."""

from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from graph.loaders import Loaders
from graph.response import ResponseBudget
from graph.services import Services
from models.metering import CostMeter
from models.principal import Principal


@dataclass(slots=True)
class Complexity:
    """What a query asked for, in nodes, and what it may ask for."""

    requested: int
    limit: int


@dataclass(slots=True)
class Context:
    """One request's caller, services, loaders and cost.

    Attributes:
        operation_name: which of the document's operations to run, if the client says.
    """

    principal: Principal
    operation_name: str | None
    services: Services
    loaders: Loaders
    meter: CostMeter
    complexity: Complexity
    budget: ResponseBudget


Info = StrawberryInfo[Context, None]
