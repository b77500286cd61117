// What the visitor sees of the conversation. Everything is built with DOM calls; no text is ever read as HTML.

import { fill, strings } from './strings.js';

const MARK = /⟦([a-z0-9_]+)⟧/g;
const SVG = 'http://www.w3.org/2000/svg';

/** el makes an element: props are properties, data-… and aria-… and role are attributes; children are nodes or texts. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined) continue;
    if (/^(data-|aria-)|^(role|rel|lang|dir|datetime)$/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

/** icon makes a 24 by 24 line drawing from SVG path data. */
export function icon(path) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/** View shows log events and the visitor's own messages on their way. */
export class View {
  /** log: the element to fill. onPress(event, button), onFile(event), onEdit(text), onRetry(): what the visitor does. */
  constructor({ log, typing, newer, lang, onPress, onFile, onEdit, onRetry }) {
    Object.assign(this, { log, typingRow: typing, newerButton: newer, onPress, onFile, onEdit, onRetry });
    this.nodes = new Map(); // message id → element
    this.removed = new Set(); // ids of messages that were taken off
    this.acked = new Map(); // id → seq of own messages that the server answered for and the stream has not brought yet
    this.last = 0; // newest seq of the stream
    this.live = false;
    this.setLang(lang);
    newer.addEventListener('click', () => this.toBottom());
    this.stuck = true; // the visitor looks at the end of the log
    log.addEventListener('scroll', () => {
      this.stuck = this.atBottom();
      if (this.stuck) newer.hidden = true;
    });
    // The log shrinks when a line grows or the connection is lost: what was seen last stays in sight.
    new ResizeObserver(() => this.stuck && this.toBottom()).observe(log);
  }

  setLang(lang) {
    this.lang = lang;
    this.words = strings(lang);
  }

  get empty() {
    return this.log.childElementCount === 0;
  }

  /** history silences screen readers until synced: what is restored is not news. */
  history() {
    this.live = false;
    this.log.setAttribute('aria-busy', 'true');
  }

  synced() {
    this.log.removeAttribute('aria-busy');
    if (!this.live) this.toBottom();
    this.live = true;
  }

  /** reset takes everything off but what is not sent yet. */
  reset() {
    this.history();
    this.hideTyping();
    this.removed.clear();
    this.last = 0;
    for (const [id, node] of [...this.nodes]) {
      if (!node.dataset.seq) continue;
      this.drop(id);
    }
  }

  /** take shows an event of the stream. The stream leaves nothing out, so an own message that it passed by is gone from the
   * log: it was erased between the server's answer and now. */
  take(event) {
    this.last = event.seq;
    this.acked.delete(event.id);
    this.show(event);
    for (const [id, seq] of [...this.acked]) if (seq < this.last) this.drop(id);
  }

  /** show puts a log event on the screen, or brings the message that is there already to its state. */
  show(event) {
    if (event.kind === 'deleted') {
      this.takeOff(event.target);
      return;
    }
    const own = event.kind === 'user' || event.kind === 'action';
    const stick = own || this.atBottom();
    if (!own) this.hideTyping();
    const known = this.nodes.get(event.id);
    const node = this.#render(event);
    node.dataset.seq = event.seq;
    if (known) known.replaceWith(node);
    this.nodes.set(event.id, node);
    this.#place(node, event.seq);
    if (this.removed.has(event.id)) this.takeOff(event.id);
    if (this.live) this.#follow(node, stick);
  }

  /** pending puts the visitor's own message on the screen before the server has it. */
  pending({ id, kind, text }) {
    const node = this.#render({ id, kind, text, at: new Date().toISOString() });
    this.#state(node, 'sending', this.words.sending);
    this.nodes.set(id, node);
    this.log.append(node);
    this.toBottom();
  }

  /** settle shows what the server kept of a message; the stream brings the same, whichever is first. */
  settle({ id, seq, kind, text, findings }) {
    const node = this.nodes.get(id);
    if (!node || node.dataset.seq) return;
    if (seq <= this.last) {
      this.drop(id);
      return;
    }
    this.acked.set(id, seq);
    this.show({ id, seq, kind, text, findings, at: node.querySelector('time').dateTime });
  }

  trying(id) {
    const node = this.nodes.get(id);
    if (!node || node.dataset.seq) return;
    const retry = el('button', { type: 'button', className: 'link', 'data-testid': 'retry', onclick: () => this.onRetry() }, this.words.retry);
    this.#state(node, 'retrying', this.words.retrying, retry);
  }

  /** refused marks a message the server will never take; its text can be edited and sent anew. */
  refused(id, text, why) {
    const node = this.nodes.get(id);
    if (!node) return;
    const edit = el('button', { type: 'button', className: 'link', 'data-testid': 'edit' }, this.words.edit);
    edit.addEventListener('click', () => {
      this.drop(id);
      this.onEdit(text);
    });
    this.#state(node, 'refused', why, edit);
  }

  drop(id) {
    this.nodes.get(id)?.remove();
    this.nodes.delete(id);
    this.acked.delete(id);
  }

  /** takeOff leaves of a message only that it was there, and why it went. */
  takeOff(id) {
    this.removed.add(id);
    const node = this.nodes.get(id);
    if (!node) return;
    node.dataset.state = 'removed';
    const bubble = node.querySelector('.bubble');
    bubble.replaceChildren(this.words.removed);
    node.querySelector('.buttons')?.remove();
  }

  showTyping() {
    const stick = this.atBottom();
    this.typingRow.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.hideTyping(), 8000);
    if (stick) this.toBottom();
  }

  hideTyping() {
    clearTimeout(this.typingTimer);
    this.typingRow.hidden = true;
  }

  atBottom() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  toBottom() {
    this.log.scrollTop = this.log.scrollHeight;
    this.newerButton.hidden = true;
  }

  #follow(node, stick) {
    if (!stick) {
      this.newerButton.hidden = false;
      return;
    }
    this.toBottom();
    if (node.offsetHeight > this.log.clientHeight) this.log.scrollTop = node.offsetTop - 8; // read from its top
  }

  /** #place keeps the log in order of seq, what has none last. Nodes that stand right are not touched. */
  #place(node, seq) {
    let before = this.log.lastElementChild;
    while (before && (before === node || Number(before.dataset.seq || Infinity) > seq)) before = before.previousElementSibling;
    if (node.parentNode === this.log && node.previousElementSibling === before) return;
    if (before) before.after(node);
    else this.log.prepend(node);
  }

  #render(event) {
    const own = event.kind === 'user' || event.kind === 'action';
    const bubble = el('div', { className: 'bubble', 'data-testid': 'bubble', dir: 'auto', lang: event.lang });
    if (own) this.#text(bubble, event.text ?? '');
    else this.#blocks(bubble, event.blocks ?? []);
    if (event.file) bubble.append(this.#file(event));
    const node = el('article', {
      className: `msg ${own ? 'own' : event.kind}`,
      'data-testid': 'message', 'data-kind': event.kind, 'data-id': event.id, 'data-state': 'sent',
    }, this.#who(event, own), bubble);
    if (event.findings?.length) {
      node.dataset.findings = event.findings.join(' ');
      node.append(this.#chip(event.findings));
    }
    if (event.buttons?.length) node.append(this.#buttons(event));
    node.append(this.#meta(event));
    return node;
  }

  #who(event, own) {
    const name = own ? this.words.you : event.kind === 'agent' ? event.agent || this.words.agent : this.words.bot;
    const seen = event.kind === 'agent' ? 'who' : 'unseen';
    const more = event.kind === 'agent' && event.agent ? [el('span', { className: 'role' }, this.words.agent)] : [];
    return el('div', { className: seen, 'data-testid': 'who' }, name, ...more);
  }

  #meta(event) {
    return el('div', { className: 'meta' }, this.#time(event.at), el('span', { className: 'state', 'data-testid': 'state' }));
  }

  #time(at) {
    const when = new Date(at);
    const today = when.toDateString() === new Date().toDateString();
    const style = today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' };
    return el('time', { datetime: at, title: when.toLocaleString(this.lang) }, new Intl.DateTimeFormat(this.lang, style).format(when));
  }

  #state(node, state, ...what) {
    node.dataset.state = state;
    node.querySelector('.state').replaceChildren(...what.flatMap((w) => [w, ' ']));
  }

  #kind(kind) {
    return this.words.kinds[kind] ?? this.words.anyKind;
  }

  #chip(findings) {
    const kinds = [...new Set(findings.map((k) => this.#kind(k)))].join(this.words.and);
    const shield = icon('M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6z');
    return el('p', { className: 'chip', 'data-testid': 'chip' }, shield, el('span', {}, fill(this.words.notStored, { kinds })));
  }

  #buttons(event) {
    const row = el('div', { className: 'buttons', role: 'group' });
    for (const b of event.buttons) {
      if (b.url) {
        row.append(this.#link(b.url, b.label, 'button'));
        continue;
      }
      const button = el('button', { type: 'button', className: 'button', 'data-testid': 'button', 'data-action': b.action }, b.label);
      button.addEventListener('click', () => {
        button.classList.add('used');
        this.onPress(event, b);
      });
      row.append(button);
    }
    return row;
  }

  #file(event) {
    const size = `${Math.max(1, Math.round(event.file.size / 1024))} kB`;
    const button = el('button', { type: 'button', className: 'button file', 'data-testid': 'file', 'aria-label': `${this.words.download} ${event.file.name}` },
      icon('M12 4v11m-5-5l5 5 5-5M5 20h14'), el('span', {}, event.file.name), el('span', { className: 'size' }, size));
    button.addEventListener('click', () => this.onFile(event));
    return button;
  }

  #link(url, text, className = '') {
    const attrs = { className, rel: 'noopener noreferrer nofollow', 'data-testid': 'link', href: url };
    if (/^https?:/i.test(url)) Object.assign(attrs, { target: '_blank', title: this.words.opensNew });
    return el('a', attrs, text);
  }

  #blocks(parent, blocks) {
    let list;
    for (const b of blocks) {
      if (b.k === 'item') {
        const tag = b.n ? 'OL' : 'UL';
        if (list?.tagName !== tag) {
          list = el(tag, b.n ? { start: b.n } : {});
          parent.append(list);
        }
        list.append(this.#spans(el('li'), b.s));
        continue;
      }
      list = undefined;
      parent.append(this.#spans(el(b.k === 'code' ? 'pre' : 'p'), b.s));
    }
  }

  #spans(parent, spans) {
    for (const s of spans ?? []) {
      let inner = parent;
      if (s.u) inner = append(inner, this.#link(s.u, ''));
      if (s.b) inner = append(inner, el('strong'));
      if (s.i) inner = append(inner, el('em'));
      if (s.c) inner = append(inner, el('code'));
      this.#text(inner, s.t);
    }
    return parent;
  }

  /** #text appends a text, the guard's marks drawn as pills. */
  #text(parent, text) {
    let from = 0;
    for (const m of text.matchAll(MARK)) {
      parent.append(text.slice(from, m.index));
      parent.append(el('span', { className: 'mark', 'data-testid': 'mark', 'data-kind': m[1] }, fill(this.words.mark, { kind: this.#kind(m[1]) })));
      from = m.index + m[0].length;
    }
    parent.append(text.slice(from));
  }
}

function append(parent, child) {
  parent.append(child);
  return child;
}
