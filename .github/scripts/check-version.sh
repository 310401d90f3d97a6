#!/usr/bin/env bash
# Hold a tag such as v1.2.3 to the version in pyproject.toml.
# Usage: check-version.sh TAG
set -euo pipefail
tag=$1

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
if [[ $tag != "v$version" ]]; then
  echo "::error::The tag is $tag, but pyproject.toml says $version. Change one of them."
  exit 1
fi
