#!/usr/bin/env bash
# auditwheel 6.8.2, and a wheel for musl whose library zig 0.17.1 has linked.
#
# musl's dynamic linker takes every library whose name begins with `libc.` for itself. A library that zig has linked, as
# with `maturin --zig`, needs `libc.so`; one from Alpine needs `libc.musl-x86_64.so.1`. PEP 656 does not mention the name: a
# `musllinux_1_2` wheel may use the symbols of musl 1.2.
#
# Expected: auditwheel confirms `musllinux_1_2` for both, since both run on every system with musl.
# Seen: only for the second one. Of the first, it reports `linux_x86_64`, and that `libc.so` has to be eliminated. maturin,
# whose rules come from auditwheel's, accepts it.
#
# `--ldpaths` keeps the libraries of this machine out of it. Prints what is reported of both, and fails if that has changed.
# Needs Python 3 on Linux x86-64.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip --disable-pip-version-check --quiet install auditwheel==6.8.2 ziglang==0.17.1
mkdir empty

# Makes a wheel with a library that needs libc by this name, and prints the platform that auditwheel reports.
platform() {
  rm -rf wheel
  mkdir -p wheel/example wheel/example-1.0.dist-info
  echo 'int rand(void); int example(void) { return rand(); }' > example.c
  if [ "$1" = libc.so ]; then
    venv/bin/python -m ziglang cc -target x86_64-linux-musl -shared -s -o wheel/example/example.so example.c
  else
    # A library with that name, to link against.
    echo 'int rand(void) { return 1; }' > libc.c
    venv/bin/python -m ziglang cc -target x86_64-linux-musl -nostdlib -shared -Wl,-soname,"$1" -o "$1" libc.c
    venv/bin/python -m ziglang cc -target x86_64-linux-musl -nostdlib -shared -s -o wheel/example/example.so example.c "./$1"
  fi
  printf 'Wheel-Version: 1.0\nGenerator: example\nRoot-Is-Purelib: false\nTag: py3-none-musllinux_1_2_x86_64\n' \
    > wheel/example-1.0.dist-info/WHEEL
  printf 'Metadata-Version: 2.1\nName: example\nVersion: 1.0\n' > wheel/example-1.0.dist-info/METADATA
  printf '%s,,\n' example/example.so example-1.0.dist-info/{WHEEL,METADATA,RECORD} > wheel/example-1.0.dist-info/RECORD
  name=example-1.0-py3-none-musllinux_1_2_x86_64.whl
  rm -f "$name"
  (cd wheel && ../venv/bin/python -m zipfile -c "../$name" example example-1.0.dist-info)
  venv/bin/python -m auditwheel show --ldpaths empty "$name" > report.txt 2>&1
  tr '\n' ' ' < report.txt | sed 's/.*platform tag: "\([^"]*\)".*/\1/'
}

zig=$(platform libc.so)
alpine=$(platform libc.musl-x86_64.so.1)
echo "needs libc.so:               $zig"
echo "needs libc.musl-x86_64.so.1: $alpine"
[ "$zig" = linux_x86_64 ] && [ "$alpine" = musllinux_1_2_x86_64 ]
