#!/usr/bin/env bash
# Install what packages, deploys and tests, of exactly what the lock files name.
#
# In a job with `id-token: write`, every step has the variables by which tokens are asked for that AWS
# trusts. They are taken from what runs here, which may be other people's code (a build, a script of a
# package): it does not find them in its environment, nor do the programs that it starts. That is no
# protection from code that reads the environments of other processes of its user, which the step's
# shell is, or that leaves something behind for a later step. What can run here at all is bounded by
# the hashes in the lock files, and by ignore-scripts in .npmrc.
set -euo pipefail
unset ACTIONS_ID_TOKEN_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_TOKEN

python3 -m venv .venv
.venv/bin/pip install --quiet --require-hashes -r requirements-dev.lock
.venv/bin/pip install --quiet --no-deps --no-build-isolation -e .
npm ci --loglevel=error
