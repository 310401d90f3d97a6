"""Serves the API with `--auth`, and knows API keys for a shorter time: `serve` has no option.

The arguments are those of `ml-evaluator`, after the seconds for which a key is not read again.
"""

import sys

from graph.cli import main
from models.access import keyring

if __name__ == "__main__":
    keyring.CACHE_SECONDS = float(sys.argv.pop(1))
    main()
