# Runs a command in the chroot $1, in the folder $2, which is mounted there under the same path. The mounts belong to a
# separate namespace (`unshare --mount`) and end with it.
root=$1
here=$2
shift 2
mount -t proc proc "$root/proc"
mkdir -p "$root$here"
mount --bind "$here" "$root$here"
exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 \
  SCALEKIT_EMULATOR="${SCALEKIT_EMULATOR-}" SCALEKIT_ENVIRONMENT_URL="${SCALEKIT_ENVIRONMENT_URL-}" \
  SCALEKIT_CLIENT_ID="${SCALEKIT_CLIENT_ID-}" SCALEKIT_CLIENT_SECRET="${SCALEKIT_CLIENT_SECRET-}" \
  sh -c 'cd "$0" && exec "$@"' "$here" "$@"
