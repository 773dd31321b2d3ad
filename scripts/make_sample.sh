#!/usr/bin/env bash
# Makes the recording of the demo show: a host, a guest and a jingle, about a minute, spoken by a synthesizer.
#
#   scripts/make_sample.sh [FILE]     default: episodes/041-social-media-for-your-career.mp3
#
# It is deliberately not mastered, as recordings come: about -25 LUFS, the guest 6 LU below the host, the rumble
# of a room below both: mastering has to have something to do. The same versions of the tools make the same bytes;
# others make the same words at nearly the same times, which is all that the chapters in the notes rely on.
#
# Needs espeak-ng, sox and lame, which are Debian packages of the same names.
set -euo pipefail
export LC_ALL=C.UTF-8

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
recording=${1:-$root/episodes/041-social-media-for-your-career.mp3}
rate_hz=44100
host=en-us+f3
guest=en-gb-x-rp
host_peak_db=-6
guest_peak_db=-10
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for tool in espeak-ng sox lame; do
  command -v "$tool" >/dev/null || { echo "make_sample.sh: $tool is missing. Install it: apt install $tool" >&2; exit 4; }
done

turns=0
parts=()

# say VOICE PEAK_DB PAUSE_S WORDS: one turn of talk. The reverb is that of a small office.
say() {
  local turn
  turn=$(printf '%s/turn-%02d' "$work" "$turns")
  printf '%s\n' "$4" >"$turn.txt"
  espeak-ng -v "$1" -s 170 -g 1 -f "$turn.txt" -w "$turn.raw.wav"
  sox -R -V1 "$turn.raw.wav" -r $rate_hz -b 16 "$turn.wav" \
    highpass 90 lowpass 9000 equalizer 3000 1q 2 reverb 12 60 20 gain -n "$2" pad 0 "$3"
  parts+=("$turn.wav")
  turns=$((turns + 1))
}

# ring NOTES SECONDS: four plucked notes, which is all the music there is.
ring() {
  local jingle=$work/jingle-$turns.wav
  # shellcheck disable=SC2086 # the notes are words
  sox -R -V1 -n -r $rate_hz -c 1 -b 16 "$jingle" synth "$2" $1 delay 0 0.28 0.56 0.84 remix - \
    reverb 40 fade h 0.01 "$2" 1.4 gain -n -11
  parts+=("$jingle")
}

ring "pluck G3 pluck D4 pluck G4 pluck B4" 3.4
say $host $host_peak_db 0.95 "Welcome to Good Standing, the show about careers that are managed on purpose. I am Helen Marlowe. I recruit executives, and every Thursday I tell you what I see from my side of the desk."
say $host $host_peak_db 0.45 "Today, social media. With me is Adrian Cole, who advises leaders on what to post, and on what to leave out."
say $guest $guest_peak_db 0.80 "Thank you, Helen. Most people ask me how to be seen. I ask them: by whom? Think of the ten people who could hire you, and write for those ten."
say $host $host_peak_db 0.4 "Here is what I do before I call a candidate. I read the profile, and then the last five posts. I am not looking for fame. I am looking for judgement."
say $guest $guest_peak_db 0.85 "So post once a week. Say what you have learned. Give credit to somebody, by name. And never argue after nine in the evening."
say $host $host_peak_db 0.6 "Your task until next Thursday: read your own profile as a stranger would, and change one sentence. The links are in the show notes. Stay in good standing."
ring "pluck B4 pluck G4 pluck D4 pluck G3" 3.6

sox -R -V1 "${parts[@]}" "$work/talk.wav"
seconds=$(soxi -D "$work/talk.wav")
sox -R -V1 -n -r $rate_hz -c 1 -b 16 "$work/room.wav" synth "$seconds" brownnoise vol 0.004
sox -R -V1 -m -v 1 "$work/talk.wav" -v 1 "$work/room.wav" "$work/episode.wav"
mkdir -p "$(dirname "$recording")"
lame --quiet -m m -b 80 -q 2 --noreplaygain "$work/episode.wav" "$recording"

echo "$recording: $seconds s"
at=0
for part in "${parts[@]}"; do
  printf '  %6.2f s  %s\n' "$at" "$(cat "${part%.wav}.txt" 2>/dev/null || echo "(jingle)")" | cut -c1-72
  at=$(echo "$at" "$(soxi -D "$part")" | awk '{ print $1 + $2 }')
done
