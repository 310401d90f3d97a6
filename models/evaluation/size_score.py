"""The scores of a model's size, a device each: apart from their rule, which the API never needs."""

from collections.abc import Mapping
from dataclasses import dataclass

DEVICE_MEMORY_GIB = {"raspberryPi": 1, "jetsonNano": 4, "desktopPc": 16, "awsServer": 64}


@dataclass(frozen=True, slots=True)
class SizeScore:
    """How well the weights fit each device's memory, 0 to 1."""

    raspberry_pi: float
    jetson_nano: float
    desktop_pc: float
    aws_server: float

    def as_json(self) -> dict[str, float]:
        """Return the scores by the devices' names."""
        scores = (self.raspberry_pi, self.jetson_nano, self.desktop_pc, self.aws_server)
        return dict(zip(DEVICE_MEMORY_GIB, scores, strict=True))

    @classmethod
    def from_json(cls, scores: Mapping[str, float]) -> "SizeScore":
        """Read what `as_json` wrote."""
        return cls(*(scores[device] for device in DEVICE_MEMORY_GIB))
