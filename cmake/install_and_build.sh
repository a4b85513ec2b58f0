#!/bin/sh
# Usage: cmake/install_and_build.sh [TARGET...]
#
# Installs the Debian packages that Relata needs and that are missing (with apt-get; sudo if not
# root), configures a Release build in build/release below the root of the repository, and builds the
# targets given, all of them if none is. Works from any folder. Asks the network only if a package is
# missing. Everything it says goes to stderr.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build="$root/build/release"

# What the CMake files look for, and what the configuration files of gRPC and RocksDB pull in.
packages="
  g++ cmake ninja-build ccache mold pkg-config python3 ca-certificates
  libabsl-dev libprotobuf-dev protobuf-compiler libgrpc++-dev protobuf-compiler-grpc
  libssl-dev libc-ares-dev libre2-dev zlib1g-dev
  librocksdb-dev libgflags-dev libsnappy-dev libbz2-dev liblz4-dev libzstd-dev
  libboost-dev libboost-graph-dev libicu-dev libspdlog-dev libcli11-dev libedit-dev
  nlohmann-json3-dev libgtest-dev libgmock-dev libbenchmark-dev
"

say() { echo "relata: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

missing_packages() {
  for package in $packages; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
    [ "$status" = installed ] || printf '%s ' "$package"
  done
}

install_packages() {
  missing=$(missing_packages)
  [ -n "$missing" ] || return 0
  command -v apt-get >/dev/null || fail "apt-get is not here; install these by hand: $missing"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "not root and no sudo here; run as root: apt-get install --no-install-recommends $missing"
    as_root=sudo
  fi
  say "installing $missing"
  # Package lists may be absent or old; those in place may still do when the update fails.
  $as_root apt-get update >&2 || say "apt-get update failed; going on with the package lists in place"
  # shellcheck disable=SC2086  # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends $missing >&2 ||
    fail "apt-get could not install: $missing"
}

command -v dpkg-query >/dev/null || fail "this script needs a Debian system (tested: Debian 12)"
install_packages

# Ninja configures again by itself when a CMake file changed. RELATA_UNITY: half the work of a clean
# build; whoever changes Relata configures a folder of their own without it (docs/testing.md).
if [ ! -f "$build/build.ninja" ]; then
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DRELATA_UNITY=ON >&2 ||
    fail "configuring failed, see above; remove $build to start over"
fi
ninja -C "$build" "$@" >&2 || fail "building failed, see above"
