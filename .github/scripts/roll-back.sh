#!/usr/bin/env bash
# Bring back the deployment that was live before: its template, with its code.
# Sets the step's output `done`.
# Usage: roll-back.sh STAGE TIMESTAMP (empty where none was live)
set -euo pipefail
stage=$1 before=$2
scripts=$(dirname "$0")

live=$("$scripts/live-deployment.sh" "$stage")
if [[ $live == "$before" ]]; then
  echo "::notice::Nothing to roll back: what is live is what was live before."
  exit 0
fi
if [[ -z $before ]]; then
  echo "::error::This was the first deployment of $stage: there is none to roll back to."
  exit 1
fi
"$scripts/osls.sh" rollback --stage "$stage" --timestamp "$before"
echo "done=true" >> "$GITHUB_OUTPUT"
echo "::warning title=Rolled back::$stage is at the deployment $before again."
