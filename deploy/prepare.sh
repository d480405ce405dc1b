#!/bin/sh
# Makes what docker-compose.yml mounts as secrets, once: certificates, passwords, connection strings. Run from a checkout:
#   sh scripts/setup.sh sh deploy/prepare.sh
# Keeps what is there; run again after deleting a file, or to renew certificates that end within 30 days.
set -eu
cd "$(dirname "$0")/.."
secrets=${DEPLOY_SECRETS:-deploy/secrets}
umask 077
mkdir -p "$secrets"
# Containers read as users of their own; on this machine nobody else passes this directory.
chmod 0700 "$secrets"

# Replaces a file as a whole: what is there is read-only, to us as well.
put() {
  cat >"$secrets/.new"
  mv -f "$secrets/.new" "$secrets/$1"
}

password() {
  [ -s "$secrets/$1" ] || node -p 'crypto.randomBytes(24).toString("base64url")' | tr -d '\n' | put "$1"
}

bin/tamga certs "$secrets" --ca internal \
  --server nats=nats,localhost \
  --server alice-database=alice-database,localhost --server bob-database=bob-database,localhost \
  --server alice-grpc=alice,localhost,127.0.0.1 --server bob-grpc=bob,localhost,127.0.0.1 \
  --client alice-nats=spiffe://tamga.local/vasp/alice/role/gateway \
  --client bob-nats=spiffe://tamga.local/vasp/bob/role/gateway
for vasp in alice bob; do
  # Each VASP decides for itself who may call its gateway.
  bin/tamga certs "$secrets" --ca "$vasp-callers" \
    --client "$vasp-integrator=spiffe://tamga.local/vasp/$vasp/role/integrator" \
    --client "$vasp-console=spiffe://tamga.local/vasp/$vasp/role/console" \
    --client "$vasp-admin=spiffe://tamga.local/vasp/$vasp/role/admin"
  password "$vasp-database-password"
  password "$vasp-nats-password"
  printf 'postgresql://tamga:%s@%s-database:5432/tamga?sslmode=verify-full&sslrootcert=/run/secrets/internal_ca' \
    "$(cat "$secrets/$vasp-database-password")" "$vasp" | put "$vasp-database-url"
done
printf 'ALICE_PASSWORD: "%s"\nBOB_PASSWORD: "%s"\n' \
  "$(cat "$secrets/alice-nats-password")" "$(cat "$secrets/bob-nats-password")" | put nats-passwords.conf

chmod 0444 "$secrets"/*
# The authorities' keys are for nobody but this script.
chmod 0400 "$secrets/internal.key" "$secrets/alice-callers.key" "$secrets/bob-callers.key"
