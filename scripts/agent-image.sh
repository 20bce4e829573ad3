#!/bin/sh
# Builds the image of a tunnel's agent: agent-image.sh PACKAGE_FOLDER [--base IMAGE] [--tag NAME] [further arguments of the builder]
# With docker, podman or buildah, whichever works, or the one that HEDDLE_BUILDER names.
set -eu
cd "$1"
shift
declared() { sed -n "s/^ *\"$1\": \"\(.*\)\",*$/\1/p" package.json; }
base=debian:bookworm-slim
tag=$(declared image):$(declared version)
while [ $# -gt 0 ]; do
  case $1 in
    --base) base=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    *) break ;;
  esac
done
for compiled in $(sed -n 's/^COPY \(dist[^ ]*\) .*/\1/p' agent/Containerfile); do
  [ -e "$compiled" ] || { echo "agent-image.sh: $compiled is not there: npm run build comes first" >&2; exit 2; }
done

works() { command -v "$1" >/dev/null && "$1" info >/dev/null 2>&1; }
builder=${HEDDLE_BUILDER:-}
if [ -z "$builder" ]; then
  for builder in docker podman buildah none; do works $builder && break; done
fi
case $builder in
  docker | podman | buildah) ;;
  none) echo 'agent-image.sh: none of docker, podman and buildah works here' >&2; exit 2 ;;
  *) echo "agent-image.sh: HEDDLE_BUILDER: expected docker, podman or buildah, received $builder" >&2; exit 2 ;;
esac
"$builder" build --build-arg "BASE=$base" --tag "$tag" --file agent/Containerfile "$@" .
echo "$tag"
