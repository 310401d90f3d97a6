#!/usr/bin/env bash
# Run osls. A variable that the GitHub environment lacks arrives empty: unset it, so that the default
# of serverless.yml holds.
# Usage: osls.sh ARGUMENT...
set -euo pipefail

for name in ALARM_EMAIL API_CONCURRENCY CORS_ORIGINS EVALUATOR_GITHUB_API_URL EVALUATOR_GITHUB_TOKEN EVALUATOR_HF_TOKEN HF_ENDPOINT OIDC_AUDIENCE OIDC_ISSUER OIDC_ROLES_CLAIM WORKER_CONCURRENCY; do
  [[ -n ${!name-} ]] || unset "$name"
done
exec node_modules/.bin/osls "$@"
