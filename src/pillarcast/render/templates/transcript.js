// @ts-check
// The transcript of an episode: it follows the audio, is searched, and a click on a line plays it.

export class Transcript {
  /** @param {HTMLDetailsElement} place @param {import("./player.js").Player} player */
  constructor(place, player) {
    this.place = place;
    this.player = player;
    /** @type {HTMLElement[]} */
    this.lines = [];
    /** @type {HTMLElement | undefined} */
    this.line = undefined;
  }

  async load() {
    const address = new URL(this.place.dataset.transcript ?? '', location.href);
    const answer = await fetch(address);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const cues = page.querySelector('.cues');
    if (!(cues instanceof HTMLElement)) return;
    for (const link of cues.querySelectorAll('a.stamp')) link.setAttribute('href', new URL(link.getAttribute('href') ?? '', address).hash);
    this.place.append(this.searchField(), document.adoptNode(cues));
    cues.tabIndex = 0;
    cues.setAttribute('role', 'region');
    cues.setAttribute('aria-label', 'Transcript');
    this.lines = [...cues.querySelectorAll('[data-at]')].filter((line) => line instanceof HTMLElement);
    cues.addEventListener('click', (event) => this.playLine(event));
    this.player.followers.push((now) => this.follow(now));
    this.follow(this.player.now);
  }

  searchField() {
    const field = document.createElement('input');
    field.type = 'search';
    field.className = 'find';
    field.placeholder = 'Find in the transcript';
    field.setAttribute('aria-label', 'Find in the transcript');
    field.addEventListener('input', () => this.filter(field.value));
    return field;
  }

  /** @param {MouseEvent} event */
  playLine(event) {
    const line = event.target instanceof Element ? event.target.closest('span[data-at]') : null;
    if (line && !getSelection()?.toString()) this.player.playFrom(Number(line.getAttribute('data-at')));
  }

  /** @param {number} now */
  follow(now) {
    const line = this.lines.findLast((cue) => Number(cue.dataset.at) <= now + 0.25);
    if (line === this.line) return;
    this.line?.classList.remove('is-said');
    this.line = line;
    line?.classList.add('is-said');
    const box = line?.closest('.cues');
    if (line && box && !this.player.audio.paused) box.scrollTop = line.offsetTop - box.clientHeight / 3;
  }

  /** @param {string} words */
  filter(words) {
    const wanted = words.trim().toLowerCase();
    let count = 0;
    for (const paragraph of this.place.querySelectorAll('.cues p')) {
      const isHit = paragraph.textContent?.toLowerCase().includes(wanted) ?? false;
      paragraph.toggleAttribute('hidden', !isHit);
      count += Number(isHit);
    }
    this.player.say(wanted ? `${count} found in the transcript.` : '');
  }
}
