#!/usr/bin/env bash
# Print an output of a stage's stack.
# Usage: stack-output.sh STAGE NAME
set -euo pipefail
stage=$1 name=$2

value=$(
  aws cloudformation describe-stacks --stack-name "ml-model-evaluator-$stage" \
    --query "Stacks[0].Outputs[?OutputKey=='$name'].OutputValue | [0]" --output text
)
if [[ $value == None ]]; then
  echo "::error::The stack ml-model-evaluator-$stage has no output $name." >&2
  exit 1
fi
echo "$value"
