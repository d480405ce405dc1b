#!/bin/sh
# Makes a fresh checkout ready, then runs the command it is given: sh scripts/setup.sh [--chromium] COMMAND ARGS…
#
# With --chromium, a Chromium for the browser tests is fetched too, if the machine has none and its package archive does: nothing fails
# without one.
#
# Needs only Node.js with npm (20 or newer) and, for nats-server, what its error message names. Touches nothing outside the
# checkout: dependencies go to node_modules, a nats-server to .local. Says one line on standard error for each thing it does,
# and nothing when all is ready. Two at once wait for each other.
set -eu

cd "$(dirname "$0")/.."
root=$(pwd)
lock=$root/.local/setup.lock
wants_chromium=
if [ "${1:-}" = --chromium ]; then
  wants_chromium=yes
  shift
fi
locked=
work=

say() { echo "setup: $*" >&2; }
fail() {
  say "$*"
  exit 2
}

# npm itself must not run on the Node.js that it is about to replace.
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | grep -Fxv "$root/node_modules/.bin" | paste -sd: -)
{ command -v npm && command -v node; } >/dev/null ||
  fail 'no Node.js with npm found; install Node.js 20 or newer (Debian: apt-get install nodejs npm), then try again'

# --- npm packages -----------------------------------------------------------------------------------------------------------

lock_sum() { cat package.json package-lock.json | cksum; }

packages_ready() {
  [ -x node_modules/.bin/node ] || return 1
  [ "$(cat node_modules/.tamga-lock 2>/dev/null)" = "$(lock_sum)" ] && return 0
  # Without our stamp (after a plain `npm install`), npm's own record tells whether the packages are those of the lock file.
  node -e '
    const wanted = require("./package-lock.json").packages
    const held = require("./node_modules/.package-lock.json").packages
    const same = Object.entries(wanted).every(([path, { version, optional, devOptional }]) =>
      path === "" || (held[path] ? held[path].version === version : optional || devOptional))
    process.exit(same && Object.keys(held).every((path) => wanted[path]) ? 0 : 1)' 2>/dev/null || return 1
  lock_sum 2>/dev/null >node_modules/.tamga-lock || true
}

install_packages() {
  say 'installing npm packages'
  npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >"$root/.local/npm.log" 2>&1 || {
    cat "$root/.local/npm.log" >&2
    fail 'npm ci failed; its own message above says why (it needs the npm registry and a writable checkout)'
  }
  # npm leaves out, without a word, what it could not install as optional.
  [ -x node_modules/.bin/node ] || fail 'npm ci ran, but Node.js 24 (npm package "node") is missing; see npm install-scripts'
  lock_sum >node_modules/.tamga-lock
  # npm's `prepare` has generated the code.
  ! has_protos || gen_sum >node_modules/.tamga-gen
}

# --- generated code ---------------------------------------------------------------------------------------------------------

gen_sum() { find proto buf.yaml buf.gen.yaml -type f | LC_ALL=C sort | xargs cat | cksum; }

has_protos() { [ -n "$(find proto -name '*.proto' 2>/dev/null | head -n 1)" ]; }

gen_ready() {
  has_protos || return 0
  [ -d src/gen ] && [ "$(cat node_modules/.tamga-gen 2>/dev/null)" = "$(gen_sum)" ]
}

generate() {
  say 'generating code from proto'
  PATH=$root/node_modules/.bin:$PATH buf generate >&2 || fail 'buf generate failed; its own message above says where'
  gen_sum >node_modules/.tamga-gen
}

# --- the console's pages ----------------------------------------------------------------------------------------------------

console_sum() {
  find console -type d \( -name node_modules -o -name dist \) -prune -o -type f \
    ! -name openapi.json ! -name schema.d.ts -print | LC_ALL=C sort | xargs cat package-lock.json | cksum
}

console_ready() {
  [ -f console/vite.config.ts ] || return 0
  [ -f console/dist/index.html ] && [ "$(cat node_modules/.tamga-console 2>/dev/null)" = "$(console_sum)" ]
}

build_console() {
  say 'building the console'
  (cd console && PATH=$root/node_modules/.bin:$PATH vite build --logLevel warn) >&2 ||
    fail 'the console could not be built; its own message above says where'
  console_sum >node_modules/.tamga-console
}

# --- nats-server ------------------------------------------------------------------------------------------------------------

# 2.9 is the oldest whose JetStream the client can read from.
nats_usable() {
  [ -n "$1" ] && [ -x "$1" ] || return 1
  case "$("$1" --version 2>/dev/null)" in
    *v2.[0-8].*) return 1 ;;
    *v2.*) return 0 ;;
    *) return 1 ;;
  esac
}

nats_ready() {
  if [ -n "${NATS_SERVER_BIN:-}" ]; then
    nats_usable "$NATS_SERVER_BIN" || fail "NATS_SERVER_BIN is no nats-server 2.9 or newer: $NATS_SERVER_BIN"
    return 0
  fi
  # Debian puts it in /usr/sbin, which is not on everybody's PATH.
  nats_usable "$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nats-server)" || nats_usable "$root/.local/bin/nats-server"
}

fetch_nats() {
  mkdir -p .local/bin
  work=$(mktemp -d "$root/.local/fetch.XXXXXX")
  if nats_from_debian || nats_from_release; then
    mv "$work/nats-server" .local/bin/nats-server
    rm -rf "$work"
  else
    fail 'no nats-server found, and neither a Debian archive nor a release download gave one; install nats-server 2.9 or newer (Debian: apt-get install nats-server; macOS: brew install nats-server) or set NATS_SERVER_BIN to its path'
  fi
}

# The package is unpacked here instead of installed: that needs no root and starts no service. apt checks the signatures.
nats_from_debian() {
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  say 'fetching nats-server from the Debian archive'
  apt_download || apt_download_with_own_lists || return 1
  dpkg-deb -x "$work"/nats-server_*.deb "$work/unpacked" 2>>"$work/log" || return 1
  found=$(find "$work/unpacked" -type f -name nats-server -perm -100 | head -n 1)
  nats_usable "$found" && mv "$found" "$work/nats-server"
}

apt_download() { (cd "$work" && apt-get "$@" download nats-server >>log 2>&1 && ls nats-server_*.deb >/dev/null 2>&1); }

apt_download_with_own_lists() { with_own_lists apt_download; }

# The machine's package lists are missing or out of date: our own copy, so that the machine's stay as they are. Runs $1 with the options
# by which apt-get uses it. $limit is what may cut it short.
with_own_lists() {
  step=$1
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
  set -- -o "Dir::State::Lists=$work/apt/lists" -o "Dir::Cache=$work/apt/cache" -o "APT::Sandbox::User=$(id -un)"
  ${limit:-} apt-get "$@" update >>"$work/log" 2>&1 && "$step" "$@"
}

# For Linux without Debian packages. The sums are those with which nats-io builds its own container images of this release.
nats_from_release() {
  version=2.12.15
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64') arch=amd64 sum=58ab8131f819263897e2fc38e503e1b755b63bcafeecc7d12582487df48ca15e ;;
    'Linux aarch64') arch=arm64 sum=b724db99fefbf8f5c808baa82819ee50350aee9734017e4a478f7e545cef3ab6 ;;
    *) return 1 ;;
  esac
  command -v curl >/dev/null && command -v sha256sum >/dev/null || return 1
  name=nats-server-v$version-linux-$arch
  say "fetching $name from its release page"
  curl -fsSL --retry 2 --connect-timeout 15 -o "$work/release.tar.gz" \
    "https://github.com/nats-io/nats-server/releases/download/v$version/$name.tar.gz" 2>>"$work/log" || return 1
  echo "$sum  $work/release.tar.gz" | sha256sum -c - >>"$work/log" 2>&1 ||
    fail 'the downloaded nats-server does not have the SHA-256 it should have; nothing was installed'
  tar -xzf "$work/release.tar.gz" -C "$work" && mv "$work/$name/nats-server" "$work/nats-server" && nats_usable "$work/nats-server"
}

# --- Chromium, for the browser tests ----------------------------------------------------------------------------------------

# The names by which tests/support/chromium.ts looks for it. What could not be had is not tried again for a day.
chromium_ready() {
  [ -n "$wants_chromium" ] && [ -z "${CHROMIUM_BIN:-}" ] || return 0
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    ! command -v "$name" >/dev/null || return 0
  done
  [ -x .local/chromium/usr/bin/chromium ] || [ -n "$(find .local -maxdepth 1 -name chromium.failed -mmin -1440 2>/dev/null)" ]
}

# Never fails: the tests say that they are skipped.
fetch_chromium() {
  work=$(mktemp -d "$root/.local/fetch.XXXXXX")
  if chromium_from_debian; then
    rm -rf .local/chromium .local/chromium.failed
    mv "$work/chromium" .local/chromium
  else
    cp "$work/log" .local/chromium.failed 2>/dev/null || : >.local/chromium.failed
    say 'no Chromium could be fetched, so the browser tests will be skipped (why: .local/chromium.failed; remove it to try again before tomorrow); or install one (Debian: apt-get install chromium)'
  fi
  rm -rf "$work"
}

# As with nats-server, but with the libraries that it needs and the machine lacks, beside it.
chromium_from_debian() {
  for tool in apt-get dpkg-deb timeout; do command -v "$tool" >/dev/null || return 1; done
  deadline=$(($(date +%s) + 110))
  limit=in_time
  say 'fetching Chromium for the browser tests from the Debian archive'
  chromium_download || with_own_lists chromium_download || return 1
  for package in "$work"/debs/*.deb; do in_time dpkg-deb -x "$package" "$work/chromium" 2>>"$work/log" || return 1; done
  rm -rf "$work/debs" "$work/chromium/usr/share/doc" "$work/chromium/usr/share/man" "$work/chromium/usr/share/locale"
  wrap_chromium "$work/chromium" &&
    timeout 20 "$work/chromium/usr/bin/chromium" --headless --no-sandbox --dump-dom 'data:text/html,<p>it renders' 2>>"$work/log" |
    grep -q '<p>it renders'
}

# Nobody waits longer than two minutes for tests that could be skipped.
in_time() {
  seconds=$((deadline - $(date +%s)))
  [ "$seconds" -gt 0 ] && timeout "$seconds" "$@"
}

# Also proves that the package lists are those of the archive: a package that is there no more fails.
chromium_download() {
  packages=$(apt-get "$@" -s install --no-install-recommends chromium-headless-shell 2>>"$work/log" |
    sed -n 's/^Inst \([^ ]*\) .*/\1/p')
  [ -n "$packages" ] || return 1
  mkdir -p "$work/debs"
  # Package names have no blanks.
  # shellcheck disable=SC2086
  (cd "$work/debs" && in_time apt-get "$@" download $packages >>"$work/log" 2>&1)
}

# $1 may be moved afterwards.
wrap_chromium() {
  libraries=$(cd "$1" && find . -name '*.so*' -exec dirname {} + | LC_ALL=C sort -u | sed 's|^\./|$here/|' | paste -sd: -)
  cat >"$1/fonts.conf" <<-'EOF'
	<?xml version="1.0"?>
	<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
	<fontconfig><dir>/usr/share/fonts</dir><dir prefix="relative">usr/share/fonts</dir></fontconfig>
	EOF
  rm -f "$1/usr/bin/chromium"
  cat >"$1/usr/bin/chromium" <<-EOF
	#!/bin/sh
	here=\$(cd "\$(dirname "\$0")/../.." && pwd)
	export LD_LIBRARY_PATH="$libraries" FONTCONFIG_FILE="\$here/fonts.conf" XDG_CACHE_HOME="\$here/cache"
	exec "\$here/usr/lib/chromium/chromium-headless-shell" "\$@"
	EOF
  chmod +x "$1/usr/bin/chromium"
}

# --- one at a time ----------------------------------------------------------------------------------------------------------

# A process as "NUMBER STARTED", where the system tells when it started: numbers come again, soon so in containers.
process() { echo "$1 $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20)"; }

# Whether the process that wrote $1 still runs. (kill -0 cannot tell for another user's process; /proc can.)
alive() {
  [ "$(process "${1%% *}")" = "$1" ] && { [ -d "/proc/${1%% *}" ] || kill -0 "${1%% *}" 2>/dev/null; }
}

# The lock is a directory that holds the name of the process that made it.
take_lock() {
  mkdir -p "$root/.local" 2>/dev/null ||
    fail "cannot write to $root as $(id -un); make the checkout writable, or run \"npm ci\" as its owner first"
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    [ -w "$root/.local" ] || fail "cannot write to $root/.local as $(id -un)"
    [ "$waited" -eq 0 ] && say 'waiting for another setup to finish'
    break_stale_lock
    [ "$waited" -lt 900 ] || fail "another setup has held $lock for 15 minutes; remove it if none runs"
    waited=$((waited + 1))
    sleep 1
  done
  process $$ >"$lock/holder"
  locked=yes
}

break_stale_lock() {
  holder=$(cat "$lock/holder" 2>/dev/null) || holder=
  if [ -n "$holder" ]; then
    alive "$holder" && return 0
  else
    # Made a moment ago, or its maker died before writing its name.
    [ -n "$(find "$lock" -prune -mmin +1 2>/dev/null)" ] || return 0
  fi
  aside=$lock.stale.$$
  mv "$lock" "$aside" 2>/dev/null || return 0
  # Somebody else may have been quicker and hold a fresh lock: then that is what we took, and it goes back.
  if [ "$(cat "$aside/holder" 2>/dev/null)" = "$holder" ]; then rm -rf "$aside"; else mv "$aside" "$lock"; fi
}

release_lock() {
  [ -z "$work" ] || rm -rf "$work"
  [ -z "$locked" ] || rm -rf "$lock"
  work=
  locked=
}

# ----------------------------------------------------------------------------------------------------------------------------

if ! { packages_ready && gen_ready && console_ready && nats_ready && chromium_ready; }; then
  trap release_lock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  take_lock
  packages_ready || install_packages
  gen_ready || generate
  console_ready || build_console
  nats_ready || fetch_nats
  chromium_ready || fetch_chromium
  release_lock
  trap - EXIT INT TERM HUP
fi

[ $# -gt 0 ] || exit 0
PATH=$root/node_modules/.bin:$PATH
export PATH
exec "$@"
