#!/bin/sh
# Checks what `make demo` needs before anything is compiled, and lists all that is missing with the command that installs
# it. Needs nothing but a POSIX shell.
set -u
cd "$(dirname "$0")/../.." || exit 1
needed_rust=$(sed -n 's/^rust-version = "\([0-9.]*\)"$/\1/p' Cargo.toml)
needed_megabytes=3000
python=${PYTHON:-python3}
missing=''
packages=''

have() { command -v "$1" >/dev/null 2>&1; }

# Adds a line to the list.
missing() {
  missing="$missing
  - $1"
}

# Sets the system's package manager, or nothing.
find_manager() {
  for manager in apt-get dnf apk pacman zypper brew; do
    if have "$manager"; then return; fi
  done
  manager=''
}

# Adds the packages with the names that this system uses. The order is that of `find_manager`.
package() {
  case $manager in
    apt-get) packages="$packages $1" ;;
    dnf) packages="$packages $2" ;;
    apk) packages="$packages $3" ;;
    pacman) packages="$packages $4" ;;
    zypper) packages="$packages $5" ;;
    brew) packages="$packages $6" ;;
  esac
}

# Whether version $1 is at least $2; both are MAJOR.MINOR, with anything after that.
is_at_least() {
  major=${1%%.*} minor=${1#*.} needed_major=${2%%.*} needed_minor=${2#*.}
  minor=${minor%%[!0-9]*} needed_minor=${needed_minor%%[!0-9]*}
  case "$major$minor" in '' | *[!0-9]*) return 1 ;; esac
  [ "$major" -gt "$needed_major" ] || { [ "$major" -eq "$needed_major" ] && [ "${minor:-0}" -ge "$needed_minor" ]; }
}

check_rust() {
  install='curl --proto "=https" --tlsv1.2 -sSf https://sh.rustup.rs | sh'
  if have rustup; then install='rustup update stable && rustup default stable'; fi
  if ! have cargo || ! have rustc; then
    missing "Rust $needed_rust or newer is not installed. To install it: $install"
    return
  fi
  # `rustc 1.95.0 (59807616e 2026-04-14)`
  found=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
  if ! is_at_least "$found" "$needed_rust"; then
    missing "Rust ${found:-of an unknown version} is installed; $needed_rust or newer is required. To install it: $install"
  fi
}

check_linker() {
  folder=$(mktemp -d) || exit 1
  printf '#include <stdlib.h>\n#include <string.h>\nint main(void) { return (int)strlen(""); }\n' >"$folder/program.c"
  if ! have cc; then
    missing 'A C compiler (cc) is not installed. It links the library, and compiles the cryptography of ring.'
    package 'gcc libc6-dev' 'gcc glibc-devel' 'gcc musl-dev' 'gcc' 'gcc glibc-devel' ''
  elif ! cc -o "$folder/program" "$folder/program.c" >"$folder/output" 2>&1; then
    missing "cc cannot build a program: $(grep -m 1 -E 'error|cannot' "$folder/output" || head -n 1 "$folder/output")"
    package 'gcc libc6-dev' 'gcc glibc-devel' 'gcc musl-dev' 'gcc' 'gcc glibc-devel' ''
  fi
  rm -rf "$folder"
}

check_python() {
  if ! have "$python"; then
    missing "Python 3.10 or newer ($python) is not installed. The variable PYTHON names another interpreter."
    package 'python3 python3-venv' python3 'python3 py3-pip' python python3 python3
    return
  fi
  found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
  if ! is_at_least "$found" 3.10; then
    missing "$python is Python ${found:-of an unknown version}; 3.10 or newer is required. The variable PYTHON names another interpreter."
  elif ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    missing "$python cannot create environments: its module ensurepip or venv is missing."
    package python3-venv python3 'python3 py3-pip' python python3 python3
  fi
}

check_disk() {
  # In a portable format: the fourth column of the second line is the free space in KiB.
  free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
  if [ "${free:-$needed_megabytes}" -lt "$needed_megabytes" ]; then
    missing "The disk has $free MB free; the build needs $needed_megabytes MB."
  fi
}

# The command that installs the packages.
install_command() {
  sudo=''
  if [ "$(id -u)" != 0 ] && [ "$manager" != brew ]; then sudo='sudo '; fi
  case $manager in
    apt-get) echo "${sudo}apt-get update && ${sudo}apt-get install -y$packages" ;;
    dnf) echo "${sudo}dnf install -y$packages" ;;
    apk) echo "${sudo}apk add$packages" ;;
    pacman) echo "${sudo}pacman -S --needed$packages" ;;
    zypper) echo "${sudo}zypper install -y$packages" ;;
    brew) echo "brew install$packages" ;;
  esac
}

find_manager
check_rust
check_linker
check_python
check_disk
if [ -n "$missing" ]; then
  printf 'make demo cannot start yet. Missing:%s\n' "$missing"
  if ! have cc && [ "$(uname)" = Darwin ]; then
    printf '\nTo install the compiler: xcode-select --install\n'
  fi
  if [ -n "$(echo $packages)" ]; then printf '\nTo install the packages: %s\n' "$(install_command)"; fi
  exit 1
fi >&2
