#!/bin/sh
# Installs what `make test-real` runs against. Needs root (or sudo) on Debian or Ubuntu, and npm.
set -eu
cd "$(dirname "$0")/.."
PACKAGES="espeak-ng sox libsox-fmt-mp3 ffmpeg lame mpg123 flac opus-tools chromium fonts-liberation libxml2-utils
  php-cli php-mysql php-sqlite3 php-gd php-xml php-mbstring php-curl php-zip php-getid3 libjs-underscore libjs-cropper
  mariadb-server mariadb-client faketime jekyll postgresql redis-server caddy systemd rclone nodejs npm git"
missing=""
for package in $PACKAGES; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
command -v npm >/dev/null && missing=$(echo "$missing" | sed 's/ nodejs//; s/ npm//')
if [ -n "$missing" ]; then
  as_root=""
  [ "$(id -u)" = 0 ] || as_root=sudo
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get -qq update
  # shellcheck disable=SC2086 # a list of words
  $as_root apt-get -qq install --no-install-recommends -y $missing
fi
# The judges of pages: axe-core, html-validate, Lighthouse, and the types of their scripts.
cmp -s package-lock.json node_modules/.installed-lock.json || {
  npm ci --silent --ignore-scripts
  cp package-lock.json node_modules/.installed-lock.json
}
