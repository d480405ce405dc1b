#!/bin/sh
# Entry point of the database containers: PostgreSQL accepts only a key that is its own and that nobody else may read.
set -eu
install -m 0600 -o postgres -g postgres /run/secrets/database_key /run/tls/server.key
exec docker-entrypoint.sh postgres \
  -c ssl=on -c ssl_cert_file=/run/secrets/database_certificate -c ssl_key_file=/run/tls/server.key \
  -c ssl_min_protocol_version=TLSv1.3 -c hba_file=/etc/postgresql/pg_hba.conf \
  -c log_error_verbosity=terse -c log_min_error_statement=panic
