#!/usr/bin/env bash
# Puts pillarcast on one small server: Debian 12 or newer, Ubuntu 24.04 or newer. Run it again to upgrade.
#
#   sudo infra/small-server/install.sh desk.example.com
#   infra/small-server/install.sh --files-only DIR desk.example.com     only lays the files out below DIR
#
# What is yours is never overwritten: your keys in /etc/pillarcast, the show in /srv/pillarcast, the UI's users.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)
root=
if [ "${1:-}" = --files-only ]; then
  root=${2:?install.sh: --files-only wants a folder}
  shift 2
fi
host=${1:?install.sh wants the name of the server, such as: install.sh desk.example.com}

fail() {
  echo "install.sh: $*" >&2
  exit 4
}

# lay FILE MODE: what comes in becomes FILE.   keep FILE MODE: only where there is none yet.
lay() { install -D -m "$2" /dev/stdin "$root$1"; }
keep() { if [ -e "$root$1" ]; then cat >/dev/null; else lay "$@"; fi; }

check_tools() {
  local tool
  [ "$(id -u)" = 0 ] || fail "this needs root. Run it with sudo."
  for tool in caddy curl python3; do
    command -v "$tool" >/dev/null || fail "$tool is missing. Run: apt install caddy curl python3-venv"
  done
  python3 -c 'import ensurepip' 2>/dev/null || fail "python3-venv is missing. Run: apt install python3-venv"
}

install_python() {
  id pillarcast >/dev/null 2>&1 || adduser --quiet --system --group --home /var/lib/pillarcast pillarcast
  python3 -m venv /opt/pillarcast/.venv
  /opt/pillarcast/.venv/bin/pip install --quiet --require-hashes -r "$checkout/requirements/run.txt"
  /opt/pillarcast/.venv/bin/pip install --quiet --no-deps --force-reinstall "$checkout"
}

lay_files() {
  install -D -m 644 -t "$root/etc/systemd/system" "$here"/*.service "$here"/*.timer
  lay /etc/systemd/system/pillarcast-.service.d/hardening.conf 644 <"$here/pillarcast-.service.d/hardening.conf"
  lay /etc/pillarcast/prefect.env 644 <"$here/prefect.env"
  keep /etc/pillarcast/pillarcast.env 600 <"$here/pillarcast.env.example"
  keep /srv/pillarcast/show.toml 664 <"$checkout/show.toml"
  keep /srv/pillarcast/artwork.jpg 664 <"$checkout/artwork.jpg"
  install -d -m 2775 "$root/srv/pillarcast" "$root/srv/pillarcast/episodes"
  sed "s/desk\.example\.com/$host/" "$here/pillarcast.caddy" | lay /etc/caddy/pillarcast.caddy 644
  grep -qs '^import pillarcast.caddy' "$root/etc/caddy/Caddyfile" || echo 'import pillarcast.caddy' >>"$root/etc/caddy/Caddyfile"
}

ask_for_user() {
  [ -e /etc/caddy/pillarcast-users ] && return
  local name hash
  read -r -p "Your name for the UI, one word: " name
  hash=$(caddy hash-password)
  echo "$name $hash" | lay /etc/caddy/pillarcast-users 640
  chgrp caddy /etc/caddy/pillarcast-users
}

start_services() {
  chgrp -R pillarcast /srv/pillarcast
  systemctl daemon-reload
  systemctl enable --quiet pillarcast-prefect pillarcast-serve
  systemctl enable --quiet --now pillarcast-again.timer
  systemctl restart pillarcast-prefect
  systemctl restart pillarcast-serve || echo "pillarcast-serve does not start yet: journalctl -u pillarcast-serve says why."
  systemctl reload-or-restart caddy
  echo "The UI: https://$host   The drop folder: /srv/pillarcast/episodes"
  echo "Once: write your bucket into /etc/pillarcast/pillarcast.env, then run: systemctl restart pillarcast-serve"
}

if [ -n "$root" ]; then
  lay_files
else
  check_tools
  install_python
  lay_files
  ask_for_user
  start_services
fi
