#!/usr/bin/env bash
# Print the timestamp of the deployment that is live, as `osls rollback` takes it; nothing where none is.
#
# It stands in the path of the functions' code. The newest one that `osls deploy list` shows need not
# be live: what was rolled back from stays in that list.
# Usage: live-deployment.sh STAGE
set -euo pipefail
stage=$1
error=$(mktemp)

if ! key=$(
  aws cloudformation get-template --stack-name "ml-model-evaluator-$stage" \
    --query "values(TemplateBody.Resources)[].Properties.Code.S3Key | [0]" --output text 2> "$error"
); then
  grep -q "does not exist" "$error" && exit 0 # the stage's first deployment
  cat "$error" >&2
  exit 1
fi
if [[ $key =~ /([0-9]{13})-[^/]+/[^/]+$ ]]; then
  echo "${BASH_REMATCH[1]}"
elif [[ $key != None ]]; then
  echo "::error::No deployment's timestamp is in $key." >&2
  exit 1
fi
