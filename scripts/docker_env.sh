#!/bin/sh
# Write .env for docker-compose.yml: the address people use, and new keys and passwords. It changes no file that is there.
#
#   scripts/docker_env.sh https://sms.example.org [FILE]
set -eu

base_url=${1:-}
file=${2:-.env}
say() { printf 'docker_env: %s\n' "$*" >&2; }

case $base_url in
    https://?* | http://localhost | http://localhost:* | http://127.0.0.1 | http://127.0.0.1:*) ;;
    *)
        say "say which address people will use: scripts/docker_env.sh https://sms.example.org"
        exit 2
        ;;
esac
case $base_url in
    *[!A-Za-z0-9:/.-]*)
        say "$base_url is no address: letters, digits, dots and dashes after https://"
        exit 2
        ;;
esac
if [ -e "$file" ]; then
    say "$file is there already and stays as it is; its keys belong to the data that were written with them"
    exit 1
fi

# 48 random bytes, in letters and digits that mean nothing in an address or a shell.
random() { od -An -N48 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
temporary=$file.new.$$
trap 'rm -f "$temporary"' EXIT
cat >"$temporary" <<END
# Settings of smsplan under Docker; all names are in docs/operations.md. Keep a copy of the keys away from this machine:
# no backup holds them.
BASE_URL=${base_url%/}
SECRET_KEY=$(random)
TRAIL_KEY=$(random)
POSTGRES_PASSWORD=$(random)
REDIS_PASSWORD=$(random)
# A proxy with https:// stands in front, and sets X-Forwarded-Proto and X-Forwarded-For itself.
TRUST_PROXY_HEADERS=on
# Without it mails are files in the volume: smtp+tls://user:password@host:587
EMAIL_URL=
END
mv "$temporary" "$file"
say "wrote $file; next: docker compose up -d --build"
