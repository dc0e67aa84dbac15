#!/usr/bin/env bash
# What the pipeline runs every hour, in the repository's root: brings the stack to what is declared, which rotates the
# token when it is due, and hands the token's secret over to its user; here, a file.
set -euo pipefail

npm run --silent example -- gitops-rotation up --yes --skip-preview

target=${PULL_SECRET_FILE:-.moorage/pull-secret.json}
umask 077
npm run --silent example -- gitops-rotation stack output pullSecret --show-secrets >"$target.new"
# In one step, so that no reader finds half a file.
mv "$target.new" "$target"
