#!/bin/sh
# Cuts the fonts of titles out of EB Garamond: one for share images, three small ones for pages. Needs Debian, fonttools
# and brotli; run by hand when a script is to be added, its results are kept in the repository.
set -eu
fonts=$(cd "$(dirname "$0")/../src/pillarcast/render/templates/fonts" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq fonts-ebgaramond-extra
dpkg-deb -x fonts-ebgaramond-extra_*.deb .
garamond=usr/share/fonts/truetype/ebgaramond/EBGaramond12-Regular.ttf

latin="U+0020-007E,U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2026"
accents="U+00A0-00FF,U+0152-0153,U+201A,U+201E,U+2022,U+20AC"
more="U+0100-0151,U+0154-017F,U+0218-021B,U+0370-03FF,U+0400-045F,U+0490-0491"
cut() {
  pyftsubset "$garamond" --unicodes="$1" --layout-features='kern' --no-hinting --drop-tables+=FFTM \
    --name-IDs='0,1,2,14' --output-file="$fonts/$2" $3
}
cut "$latin" titles-latin.woff2 --flavor=woff2
cut "$accents" titles-accents.woff2 --flavor=woff2
cut "$more" titles-more.woff2 --flavor=woff2
cut "$latin,$accents,$more,U+2010-2015,U+2039-203A,U+2116,U+2212" titles.ttf ""
