#!/bin/sh
# Prints the directory of SoftHSM2 (bin/softhsm2-util, lib/softhsm/libsofthsm2.so): the system's, or the Debian package's, unpacked
# into .local, which needs no root. For the tests of PKCS#11. Exit 1, with the reason on standard error: there is none.
set -eu
cd "$(dirname "$0")/.."
for directory in /usr "$PWD/.local/softhsm/usr"; do
  if [ -x "$directory/bin/softhsm2-util" ] && [ -f "$directory/lib/softhsm/libsofthsm2.so" ]; then
    echo "$directory"
    exit 0
  fi
done
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo 'no SoftHSM2, and no apt-get to fetch it' >&2; exit 1; }
mkdir -p .local
work=$(mktemp -d "$PWD/.local/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
download() { (cd "$work" && apt-get "$@" download softhsm2 libsofthsm2 >log 2>&1); }
own_lists() {
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  set -- -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" -o "APT::Sandbox::User=$(id -un)"
  apt-get "$@" update >"$work/log" 2>&1 && download "$@"
}
download || own_lists || { echo "SoftHSM2 cannot be fetched: $(tail -n 1 "$work/log")" >&2; exit 1; }
for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
rm -rf .local/softhsm
mv "$work/unpacked" .local/softhsm
echo "$PWD/.local/softhsm/usr"
