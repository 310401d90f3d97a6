"""Print the module of `graph.start.methods` for a package: `generated_methods.py DIRECTORY`.

It is run by the Python that the package is for, whose `dataclasses` writes the source. Nothing that
the package imports when it starts is compiled for a machine, so that any machine can run it.
"""

import importlib
import sys


def main() -> None:
    """Print it for what a function imports and builds when it starts."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    methods = importlib.import_module("graph.start.methods")
    sources: dict[str, None] = {}
    with methods.noted_methods(sources):
        importlib.import_module("graph.handler")
        importlib.import_module("graph.schema").build_schema()
    print(methods.module_of(sources), end="")


if __name__ == "__main__":
    main()
