// @ts-check
// Search over titles, notes and transcripts: the index is fetched when somebody searches, newest part first.

const WEIGHTS = { title: 8, tags: 5, summary: 3, notes: 2, spoken: 1 };
const MOST_HITS = 30;
const MOST_TRANSCRIPTS = 8;
const AROUND = 70;
const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}]/u;

/**
 * @typedef {{link: string, title: string, label: string, day: string, summary: string, notes: string, tags: string,
 *   transcript: string}} IndexedPage
 * @typedef {{pages: IndexedPage[], words: Record<string, number[]>}} Block
 * @typedef {{page: IndexedPage, score: number, isSpoken: boolean}} Hit
 */

/** Lower case without accents and vowel points, as the index has it. @param {string} text */
function fold(text) {
  const bare = text.normalize('NFD').replace(/[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]/g, '');
  return bare.toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ').normalize('NFC');
}

/** @param {string} query */
function termsOf(query) {
  return fold(query).match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? [];
}

/** Whether a word of `text` begins with `term`. @param {string} text @param {string} term */
function has(text, term) {
  const folded = fold(text);
  for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) {
    if (at === 0 || UNSPACED.test(term) || !/[\p{L}\p{N}\p{M}]/u.test(folded[at - 1])) return true;
  }
  return false;
}

/** @param {Block} block @param {string} term */
function spokenOn(block, term) {
  const positions = new Set();
  for (const [word, pages] of Object.entries(block.words)) {
    if (word.startsWith(term) || (UNSPACED.test(term) && word.includes(term))) for (const page of pages) positions.add(page);
  }
  return positions;
}

/** The pages of a block that hold every term. @param {Block} block @param {string[]} terms @returns {Hit[]} */
function hitsOf(block, terms) {
  const spoken = terms.map((term) => spokenOn(block, term));
  const hits = block.pages.map((page, position) => {
    let score = 0;
    let isSpoken = false;
    for (const [index, term] of terms.entries()) {
      const written = /** @type {const} */ (['title', 'tags', 'summary', 'notes']).filter((part) => has(page[part], term));
      const said = spoken[index].has(position);
      if (!written.length && !said) return { page, score: 0, isSpoken: false };
      isSpoken ||= !written.length;
      score += written.reduce((sum, part) => sum + WEIGHTS[part], said ? WEIGHTS.spoken : 0);
    }
    return { page, score, isSpoken };
  });
  return hits.filter((hit) => hit.score > 0);
}

/** A few words around the first term, with the terms marked. @param {string} text @param {string[]} terms */
function snippet(text, terms) {
  const words = [...text.matchAll(/\S+/g)];
  const first = words.find(([word]) => terms.some((term) => has(word, term)))?.index ?? 0;
  const begin = first > AROUND ? text.indexOf(' ', first - AROUND) + 1 : 0;
  const piece = text.slice(begin, first + 2 * AROUND);
  const line = document.createElement('p');
  line.className = 'hit';
  line.dir = 'auto';
  line.append(begin ? '… ' : '');
  for (const part of piece.split(/(\s+)/)) {
    if (terms.some((term) => has(part, term))) line.append(Object.assign(document.createElement('mark'), { textContent: part }));
    else line.append(part);
  }
  line.append(first + 2 * AROUND < text.length ? ' …' : '');
  return line;
}

class Search {
  /** @param {HTMLElement} place @param {HTMLInputElement} field @param {HTMLElement} results */
  constructor(place, field, results) {
    this.place = place;
    this.field = field;
    this.results = results;
    this.round = 0;
    this.timer = 0;
    /** @type {Map<number, Promise<Block>>} */
    this.blocks = new Map();
  }

  start() {
    this.place.hidden = false;
    this.field.addEventListener('input', () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.search(), 150);
    });
    this.field.value = new URLSearchParams(location.search).get('q') ?? '';
    if (this.field.value) this.search();
  }

  async search() {
    const round = ++this.round;
    const query = this.field.value.trim();
    const terms = termsOf(query);
    history.replaceState(null, '', query ? `?q=${encodeURIComponent(query)}` : location.pathname);
    document.body.classList.toggle('is-searching', terms.length > 0);
    if (!terms.length) return this.results.replaceChildren();
    /** @type {Hit[]} */
    const hits = [];
    for (let number = Number(this.place.dataset.blocks); number > 0; number--) {
      try {
        hits.push(...hitsOf(await this.block(number), terms));
      } catch {
        return this.say('The search index cannot be loaded just now.');
      }
      if (round !== this.round) return;
    }
    hits.sort((one, other) => other.score - one.score);
    this.show(hits.slice(0, MOST_HITS), hits.length, terms);
  }

  /** @param {number} number @returns {Promise<Block>} */
  block(number) {
    const known = this.blocks.get(number);
    if (known) return known;
    const asked = fetch(`${this.place.dataset.index}${number}.json`).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
    this.blocks.set(number, asked);
    asked.catch(() => this.blocks.delete(number));
    return asked;
  }

  /** @param {string} words */
  say(words) {
    this.results.replaceChildren(Object.assign(document.createElement('p'), { textContent: words }));
  }

  /** @param {Hit[]} hits @param {number} count @param {string[]} terms */
  show(hits, count, terms) {
    this.say(count ? `${count} ${count === 1 ? 'episode' : 'episodes'} found` : 'Nothing found. Try fewer or shorter words.');
    const list = document.createElement('ul');
    list.className = 'rows';
    for (const [index, hit] of hits.entries()) {
      const entry = this.entry(hit, terms);
      list.append(entry);
      if (hit.isSpoken && index < MOST_TRANSCRIPTS) this.quote(hit.page, terms, entry);
    }
    this.results.append(list);
  }

  /** @param {Hit} hit @param {string[]} terms */
  entry({ page, isSpoken }, terms) {
    const entry = document.createElement('li');
    const body = document.createElement('div');
    const title = document.createElement('h2');
    title.dir = 'auto';
    title.append(Object.assign(document.createElement('a'), { href: page.link, textContent: page.title }));
    const when = Object.assign(document.createElement('p'), { className: 'when', textContent: [page.label, page.day].filter(Boolean).join(' · ') });
    const found = ['summary', 'notes', 'tags'].map((part) => page[/** @type {'notes'} */ (part)]).find((text) => terms.some((term) => has(text, term)));
    body.append(title, when);
    if (!isSpoken) body.append(snippet(found ?? page.summary, terms));
    entry.append(body);
    return entry;
  }

  /** Where in the transcript it is said, with a link that plays it. @param {IndexedPage} page @param {string[]} terms @param {HTMLElement} entry */
  async quote(page, terms, entry) {
    const answer = await fetch(page.transcript);
    if (!answer.ok) return;
    const cues = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelectorAll('.cues p');
    const said = [...cues].find((cue) => terms.some((term) => has(cue.textContent ?? '', term)));
    if (!said) return;
    const cue = [...said.querySelectorAll('[data-at]')].find((part) => terms.some((term) => has(part.textContent ?? '', term)));
    const line = snippet((cue ?? said).textContent ?? '', terms);
    const stamp = said.querySelector('.stamp');
    if (stamp) line.prepend(Object.assign(document.createElement('a'), { href: `${page.link}#t=${cue?.getAttribute('data-at') ?? 0}`, textContent: `at ${stamp.textContent}` }), ' ');
    entry.firstElementChild?.append(line);
  }
}

const place = document.querySelector('[data-search]');
const field = place?.querySelector('input');
const results = document.querySelector('[data-results]');
if (place instanceof HTMLElement && field && results instanceof HTMLElement) new Search(place, field, results).start();
