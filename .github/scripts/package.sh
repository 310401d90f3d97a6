#!/usr/bin/env bash
# Build the functions' packages, and hand their digests on as the step's output `digests`: on another
# way than the packages, so that who alters those cannot alter these.
set -euo pipefail

digests=$(.venv/bin/python .ci/package.py --out dist) # relative: the path is a part of what is compared
echo "$digests"
{
  echo "digests<<END_OF_DIGESTS"
  echo "$digests"
  echo "END_OF_DIGESTS"
} >> "$GITHUB_OUTPUT"
