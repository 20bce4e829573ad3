#!/bin/sh
# Builds the agent's image: build.sh [--base IMAGE] [--tag NAME] [further arguments of the builder]
# The package must be built (npm run build). With docker, podman or buildah, whichever works, or the one that HEDDLE_BUILDER names.
set -eu
cd "$(dirname "$0")/.."
[ -f dist/agent/main.js ] || { echo "build.sh: npm run build comes first" >&2; exit 2; }
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
base=debian:bookworm-slim
tag=heddle-agent-direct:$version
while [ $# -gt 0 ]; do
  case $1 in
    --base) base=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    *) break ;;
  esac
done

works() { command -v "$1" >/dev/null && "$1" info >/dev/null 2>&1; }
builder=${HEDDLE_BUILDER:-}
if [ -z "$builder" ]; then
  for builder in docker podman buildah none; do works $builder && break; done
fi
case $builder in
  docker | podman | buildah) ;;
  none) echo 'build.sh: none of docker, podman and buildah works here' >&2; exit 2 ;;
  *) echo "build.sh: HEDDLE_BUILDER: expected docker, podman or buildah, received $builder" >&2; exit 2 ;;
esac
"$builder" build --build-arg "BASE=$base" --tag "$tag" --file agent/Containerfile "$@" .
echo "$tag"
