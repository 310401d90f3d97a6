#!/usr/bin/env bash
# Run the smoke tests against what STAGE serves, with the key of smoke-key.sh; they write unless
# READ_ONLY.
set -euo pipefail
url=$("$(dirname "$0")/stack-output.sh" "$STAGE" ApiUrl)
ML_EVALUATOR_API_KEY=$(< "$RUNNER_TEMP/smoke-key")
export ML_EVALUATOR_API_KEY

arguments=()
[[ $READ_ONLY == false ]] || arguments+=(--read-only)
exec .venv/bin/python -m tests.e2e.smoke "${arguments[@]}" "$url"
