#!/usr/bin/env bash
# Make the API key of the smoke tests, or revoke it. The secret goes to a file that only this user
# reads, for smoke-tests.sh, and is masked in the log; the id becomes the step's output `id`.
# Usage: smoke-key.sh create | smoke-key.sh revoke ID
set -euo pipefail
DYNAMODB_TABLE=$("$(dirname "$0")/stack-output.sh" "$STAGE" TableName)
export DYNAMODB_TABLE
file=$RUNNER_TEMP/smoke-key

case $1 in
  create)
    role=writer
    [[ $READ_ONLY == false ]] || role=reader
    umask 077
    if ! .venv/bin/ml-evaluator keys create --role "$role" --name smoke-test --expires-in-days 1 \
      > "$file" 2> "$file.told"; then
      cat "$file.told" >&2
      exit 1
    fi
    echo "::add-mask::$(< "$file")"
    echo "id=$(sed -n '1s/ .*//p' "$file.told")" >> "$GITHUB_OUTPUT"
    ;;
  revoke)
    rm -f "$file"
    .venv/bin/ml-evaluator keys revoke "$2"
    ;;
esac
