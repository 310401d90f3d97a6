"""Call a function as Lambda would, once: `first_answer.py MODULE.FUNCTION FILE_OF_EVENT`.

It ends with the answer, without the work that Python does at its end.
"""

import importlib
import json
import os
import sys


class Context:
    """What Lambda tells a function about its run."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Tell how long the function may still run."""
        return 29_000


def main() -> None:
    """Call it."""
    module, _, name = sys.argv[1].rpartition(".")
    with open(sys.argv[2], encoding="utf-8") as file:  # noqa: PTH123  # pathlib takes its time
        event = json.load(file)
    answer = getattr(importlib.import_module(module), name)(event, Context())
    if answer["statusCode"] != 200 or '"errors"' in answer["body"]:
        sys.exit(str(answer))
    os._exit(0)


if __name__ == "__main__":
    main()
