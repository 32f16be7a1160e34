# Runs a command in the chroot $1, in the folder $2, which is mounted there under the same path. The mounts belong to a
# separate namespace (`unshare --mount`) and end with it. Of the environment, the command gets only some variables.
root=$1
here=$2
shift 2
mount -t proc proc "$root/proc"
mkdir -p "$root$here"
mount --bind "$here" "$root$here"
set -- sh -c 'cd "$0" && exec "$@"' "$here" "$@"
for name in SCALEKIT_EMULATOR SCALEKIT_FAULTS SCALEKIT_ENVIRONMENT_URL SCALEKIT_CLIENT_ID SCALEKIT_CLIENT_SECRET \
  SCALEKIT_UNIFFI_PYTHON PYTHONPATH PYTHONDONTWRITEBYTECODE PIP_CERT; do
  eval "value=\${$name-}"
  set -- "$name=$value" "$@"
done
exec chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root LANG=C.UTF-8 "$@"
