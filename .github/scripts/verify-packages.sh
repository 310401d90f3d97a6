#!/usr/bin/env bash
# Hold dist/ to DIGESTS, the lines `<sha256>  <bytes>  dist/<name>.zip` that .ci/package.py printed
# when it built the packages: these files, these bytes, and no other file.
set -euo pipefail

expected=$(LC_ALL=C sort -k3 <<< "$DIGESTS")
actual=$(
  find dist -type f | LC_ALL=C sort | while read -r file; do
    printf '%s  %s  %s\n' "$(sha256sum "$file" | cut -d ' ' -f 1)" "$(wc -c < "$file" | tr -d ' ')" "$file"
  done
)
if [[ -z $actual || $actual != "$expected" ]]; then
  echo "::error::dist/ is not what was built. Expected, then found:"
  printf '%s\n\n%s\n' "$expected" "$actual"
  exit 1
fi
