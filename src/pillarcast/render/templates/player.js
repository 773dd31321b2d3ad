// @ts-check
// The player of an episode: an <audio> element that works without this, made comfortable.

const FAR = 10;
const KEPT_BEFORE_END = 15;
const SAVE_EVERY = 5;
const STEPS = new Map([['ArrowLeft', -5], ['ArrowDown', -5], ['ArrowRight', 5], ['ArrowUp', 5], ['PageDown', -60], ['PageUp', 60]]);

/** @param {number} seconds */
function stamp(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** @param {number} seconds */
function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [[Math.floor(whole / 3600), 'hour'], [Math.floor(whole / 60) % 60, 'minute'], [whole % 60, 'second']];
  const said = parts.filter(([count]) => count).map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return said.join(' ') || '0 seconds';
}

/**
 * The second that `#t=754`, `#t=12:34` or `#t=1:02:03` means.
 * @param {string} hash
 */
function secondOf(hash) {
  const match = /[#&]t=(?:npt:)?((?:\d+:)?(?:\d+:)?\d+(?:\.\d+)?)/.exec(hash);
  if (!match) return null;
  return match[1].split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** A store that may be forbidden: then nothing is kept, and nothing breaks. */
const memory = {
  /** @param {string} name */
  get(name) {
    try { return localStorage.getItem(`pillarcast:${name}`); } catch { return null; }
  },
  /** @param {string} name @param {string | null} value */
  set(name, value) {
    try {
      if (value === null) localStorage.removeItem(`pillarcast:${name}`);
      else localStorage.setItem(`pillarcast:${name}`, value);
    } catch { /* private browsing */ }
  },
};

/**
 * @template {Element} Kind
 * @param {ParentNode} place @param {string} selector @param {new () => Kind} kind
 */
function find(place, selector, kind) {
  const found = place.querySelector(selector);
  return found instanceof kind ? found : null;
}

/**
 * @template {Element} Kind
 * @param {ParentNode} place @param {string} selector @param {new () => Kind} kind
 */
function need(place, selector, kind) {
  const found = find(place, selector, kind);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

export class Player {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.audio = need(root, 'audio', HTMLAudioElement);
    this.seek = need(root, '[data-seek]', HTMLInputElement);
    this.wave = find(root, '.wave', SVGSVGElement);
    this.said = need(root, '[data-said]', HTMLElement);
    this.marks = [...document.querySelectorAll('.chapters [data-at]')].filter((mark) => mark instanceof HTMLAnchorElement);
    this.cover = find(document, '[data-cover]', HTMLImageElement);
    this.ownCover = this.cover?.src ?? '';
    this.name = root.dataset.id ?? location.pathname;
    this.saved = 0;
    /** @type {number | null} */
    this.wanted = null;
    this.chapter = -1;
    this.sleep = '';
    this.sleepTimer = 0;
    /** @type {Array<(now: number) => void>} */
    this.followers = [];
  }

  get duration() {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : Number(this.root.dataset.duration);
  }

  get now() {
    return this.wanted ?? this.audio.currentTime;
  }

  start() {
    this.audio.controls = false;
    this.root.classList.add('is-ready');
    for (const part of this.root.querySelectorAll('[hidden]')) part.removeAttribute('hidden');
    for (const mark of this.marks) mark.href = `#t=${mark.dataset.at}`;
    this.listenToAudio();
    this.listenToReader();
    this.restore();
    this.tellSystem();
    this.show();
  }

  restore() {
    const speed = Number(memory.get('speed')) || 1;
    const select = need(this.root, '[data-speed]', HTMLSelectElement);
    if ([...select.options].some((option) => Number(option.value) === speed)) this.setSpeed(speed);
    select.value = String(this.audio.defaultPlaybackRate);
    const linked = secondOf(location.hash);
    const kept = Number(memory.get(`at:${this.name}`)) || 0;
    if (linked !== null || kept > 0) this.goTo(linked ?? kept);
    if (linked !== null) this.root.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number} second */
  goTo(second) {
    const target = Math.min(Math.max(0, second), this.duration || second);
    if (this.audio.readyState > 0) {
      this.audio.currentTime = target;
    } else {
      this.wanted = target;
      if (this.audio.preload === 'none') this.audio.preload = 'metadata';
    }
    this.show();
  }

  /** @param {number} second */
  playFrom(second) {
    this.goTo(second);
    this.play();
  }

  play() {
    this.audio.play().catch((error) => {
      if (error.name !== 'AbortError') this.say('The audio cannot be played just now. Please try again, or download it.');
    });
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  /** @param {number} speed */
  setSpeed(speed) {
    this.audio.defaultPlaybackRate = speed;
    this.audio.playbackRate = speed;
    memory.set('speed', String(speed));
  }

  /** @param {string} words */
  say(words) {
    this.said.textContent = words;
  }

  listenToAudio() {
    const { audio } = this;
    audio.addEventListener('loadedmetadata', () => {
      if (this.wanted !== null) audio.currentTime = this.wanted;
      this.wanted = null;
      this.seek.max = String(Math.round(this.duration));
      this.show();
    });
    for (const event of ['timeupdate', 'seeked', 'durationchange']) audio.addEventListener(event, () => this.show());
    for (const event of ['play', 'pause', 'ended']) audio.addEventListener(event, () => this.showState());
    audio.addEventListener('pause', () => this.keep());
    audio.addEventListener('ended', () => memory.set(`at:${this.name}`, null));
    audio.addEventListener('error', () => this.say('The audio cannot be loaded just now.'));
    addEventListener('pagehide', () => this.keep());
    addEventListener('hashchange', () => this.followHash());
  }

  listenToReader() {
    need(this.root, '[data-play]', HTMLButtonElement).addEventListener('click', () => this.toggle());
    this.seek.addEventListener('input', () => this.goTo(Number(this.seek.value)));
    this.seek.addEventListener('keydown', (event) => this.step(event));
    for (const button of this.root.querySelectorAll('[data-skip]')) {
      button.addEventListener('click', () => this.goTo(this.now + Number(button.getAttribute('data-skip'))));
    }
    const speed = need(this.root, '[data-speed]', HTMLSelectElement);
    speed.addEventListener('change', () => this.setSpeed(Number(speed.value)));
    const sleep = need(this.root, '[data-sleep]', HTMLSelectElement);
    sleep.addEventListener('change', () => this.setSleep(sleep.value));
    need(this.root, '[data-copy]', HTMLButtonElement).addEventListener('click', () => this.copyLink());
    document.addEventListener('click', (event) => this.followLink(event));
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const step = STEPS.get(event.key);
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.goTo(this.now + step);
  }

  /**
   * A link to a second plays it, wherever on the page it stands.
   * @param {MouseEvent} event
   */
  followLink(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || !(event.target instanceof Element)) return;
    const link = event.target.closest('a[href^="#t="]');
    const second = link ? secondOf(link.getAttribute('href') ?? '') : null;
    if (second === null) return;
    event.preventDefault();
    history.replaceState(null, '', `#t=${second}`);
    this.playFrom(second);
  }

  followHash() {
    const second = secondOf(location.hash);
    if (second !== null) this.goTo(second);
  }

  show() {
    const now = this.now;
    const share = this.duration ? Math.min(1, now / this.duration) : 0;
    this.wave?.style.setProperty('--done', `${(share * 100).toFixed(2)}%`);
    this.seek.value = String(Math.round(now));
    this.seek.setAttribute('aria-valuetext', `${spoken(now)} of ${spoken(this.duration)}`);
    need(this.root, '[data-now]', HTMLElement).textContent = stamp(now);
    need(this.root, '[data-end]', HTMLElement).textContent = stamp(Math.round(this.duration));
    need(this.root, '[data-copy-time]', HTMLElement).textContent = stamp(now);
    this.showChapter(now);
    for (const follow of this.followers) follow(now);
    if (Math.abs(now - this.saved) >= SAVE_EVERY) this.keep();
  }

  /** @param {number} now */
  showChapter(now) {
    const isBegun = now > 0 || !this.audio.paused;
    const current = isBegun ? this.marks.findLastIndex((mark) => Number(mark.dataset.at) <= now + 0.25) : -1;
    if (current === this.chapter) return;
    if (this.sleep === 'chapter' && this.chapter >= 0 && current === this.chapter + 1 && !this.audio.paused) this.fallAsleep();
    this.chapter = current;
    this.marks.forEach((mark, index) => {
      if (index === current) mark.setAttribute('aria-current', 'true');
      else mark.removeAttribute('aria-current');
    });
    const mark = this.marks[current];
    need(this.root, '[data-chapter]', HTMLElement).textContent = mark?.querySelector('[dir=auto]')?.textContent ?? '';
    this.showCover();
    this.tellSystem();
  }

  /** The chapter's picture, once somebody listens. */
  showCover() {
    if (this.cover && !this.audio.paused) this.cover.src = this.marks[this.chapter]?.dataset.image || this.ownCover;
  }

  showState() {
    const isPlaying = !this.audio.paused && !this.audio.ended;
    this.root.classList.toggle('is-playing', isPlaying);
    need(this.root, '[data-play-label]', HTMLElement).textContent = isPlaying ? 'Pause' : 'Play';
    if ('mediaSession' in navigator) navigator.mediaSession.playbackState = isPlaying ? 'playing' : 'paused';
    if (!isPlaying) return;
    this.showCover();
    this.tellSystem();
  }

  /** Where to go on next time; the last seconds count as heard. A duration of 0 is not known yet. */
  keep() {
    const now = this.now;
    this.saved = now;
    const isWorthIt = now > FAR && (!this.duration || now < this.duration - KEPT_BEFORE_END);
    memory.set(`at:${this.name}`, isWorthIt ? now.toFixed(1) : null);
  }

  /** @param {string} when */
  setSleep(when) {
    clearTimeout(this.sleepTimer);
    this.sleep = when;
    const minutes = Number(when);
    if (minutes > 0) this.sleepTimer = setTimeout(() => this.fallAsleep(), minutes * 60_000);
    this.audio.loop = false;
  }

  fallAsleep() {
    this.audio.pause();
    this.sleep = '';
    need(this.root, '[data-sleep]', HTMLSelectElement).value = '';
    this.say('Paused by the sleep timer.');
  }

  async copyLink() {
    const link = new URL(this.root.dataset.page ?? '', location.href);
    link.hash = `t=${Math.floor(this.now)}`;
    try {
      await navigator.clipboard.writeText(link.href);
      this.say(`The link to ${stamp(this.now)} is copied.`);
    } catch {
      prompt('The link to this moment:', link.href);
    }
  }

  tellSystem() {
    if (!('mediaSession' in navigator)) return;
    const { title, show, artwork } = this.root.dataset;
    const chapter = this.root.querySelector('[data-chapter]')?.textContent;
    navigator.mediaSession.metadata = new MediaMetadata({
      title: chapter ? `${title}: ${chapter}` : title,
      artist: show,
      artwork: artwork ? [{ src: new URL(artwork, location.href).href }] : [],
    });
    /** @type {Array<[MediaSessionAction, (details: MediaSessionActionDetails) => void]>} */
    const actions = [
      ['play', () => this.play()],
      ['pause', () => this.audio.pause()],
      ['seekbackward', (details) => this.goTo(this.now - (details.seekOffset || 15))],
      ['seekforward', (details) => this.goTo(this.now + (details.seekOffset || 30))],
      ['seekto', (details) => this.goTo(details.seekTime ?? 0)],
      ['previoustrack', () => this.skipChapter(-1)],
      ['nexttrack', () => this.skipChapter(1)],
    ];
    for (const [action, act] of actions) {
      try { navigator.mediaSession.setActionHandler(action, act); } catch { /* an older browser */ }
    }
  }

  /** @param {number} by */
  skipChapter(by) {
    const mark = this.marks[this.chapter + by];
    this.goTo(mark ? Number(mark.dataset.at) : by < 0 ? 0 : this.duration);
  }
}

/**
 * The transcript's own script is loaded when somebody opens it.
 * @param {HTMLDetailsElement} place @param {Player} player
 */
function awaitTranscript(place, player) {
  const open = async () => {
    const { Transcript } = await import(new URL(place.dataset.script ?? '', location.href).href);
    await new Transcript(place, player).load();
  };
  place.addEventListener('toggle', open, { once: true });
}

for (const root of document.querySelectorAll('[data-player]')) {
  if (!(root instanceof HTMLElement)) continue;
  const player = new Player(root);
  player.start();
  const transcript = find(document, '[data-transcript]', HTMLDetailsElement);
  if (transcript) awaitTranscript(transcript, player);
}
