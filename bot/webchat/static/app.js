// The chat window: wires identity (host.js), connection (client.js) and screen (view.js) together.

import { Client } from './client.js';
import { framed, isFramed, standAlone } from './host.js';
import { uuid } from './ids.js';
import { fill, pickLang, strings } from './strings.js';
import { icon, View } from './view.js';

const MAX_TEXT = 4000; // code points, as the server's limit
const BACKGROUND = 30_000; // ms in the background after which a tab gives its stream back

const page = document.documentElement;
const $ = (id) => document.getElementById(id);
const parts = {
  chat: document.querySelector('.chat'), title: document.querySelector('.title'), log: $('log'), input: $('input'),
  form: document.querySelector('.composer'), send: document.querySelector('.send'), hint: $('hint'), newer: $('newer'),
  connection: document.querySelector('.connection'), typing: document.querySelector('.typing'),
  close: $('close'), menuButton: $('menu-button'), menu: $('menu'),
};

let words = strings('en');
let client;
let view;
let isOpen = false;
let read = 0; // seq up to which the visitor has seen the log
let unseen = []; // seqs beyond it
let started = false;

// ── identity ──

function init(from) {
  if (from.read > read) read = from.read;
  isOpen = from.open;
  const lang = pickLang(from.lang, from.hostLang, ...navigator.languages);
  appearance(from);
  speak(lang, from.title);
  if (client?.token === from.token) {
    client.profile = profile(from, lang);
    return;
  }
  client?.stop();
  if (view) {
    view.log.replaceChildren();
    view.nodes.clear();
    read = from.read;
    unseen = [];
  }
  view = new View({ log: parts.log, typing: parts.typing, newer: parts.newer, lang, onPress: press, onFile: download, onEdit: edit, onRetry: () => client.retryNow() });
  view.history();
  started = false;
  client = new Client({ base: new URL('../../', import.meta.url).href, token: from.token, emit });
  client.profile = profile(from, lang);
  client.run();
  parts.chat.hidden = false;
  if (isOpen) parts.input.focus();
}

function profile(from, lang) {
  return from.name ? { lang, name: String(from.name) } : { lang };
}

function appearance({ theme, color }) {
  if (theme === 'light' || theme === 'dark') page.dataset.theme = theme;
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color ?? '')?.[1];
  if (!hex) return;
  const [r, g, b] = (hex.length === 3 ? [...hex].map((x) => x + x) : hex.match(/../g)).map((x) => parseInt(x, 16));
  page.style.setProperty('--accent', `#${hex}`);
  page.style.setProperty('--on-accent', 0.299 * r + 0.587 * g + 0.114 * b > 150 ? '#111' : '#fff');
}

function speak(lang, title) {
  words = strings(lang);
  page.lang = lang;
  const own = { en: page.dataset.titleEn, 'zh-Hans': page.dataset.titleZhHans, 'zh-Hant': page.dataset.titleZhHant }[lang];
  document.title = parts.title.textContent = title || own || words.title;
  parts.log.setAttribute('aria-label', words.log);
  parts.input.placeholder = words.placeholder;
  parts.input.setAttribute('aria-label', words.inputLabel);
  label(parts.send, words.send, 'M4 12l16-8-6 16-3-7z');
  label(parts.close, words.close, 'M6 6l12 12M18 6L6 18');
  label(parts.menuButton, words.menu, 'M5 12h.01M12 12h.01M19 12h.01');
  parts.newer.textContent = words.newer;
  $('typing-text').textContent = words.typing;
  buildMenu();
}

function label(button, text, path) {
  button.setAttribute('aria-label', text);
  button.title = text;
  button.replaceChildren(icon(path));
}

// ── what the connection tells ──

const on = {
  event(e) {
    view.take(e);
    if (!['user', 'action', 'deleted'].includes(e.kind) && e.seq > read) {
      unseen.push(e.seq);
      host.tell('message', { kind: e.kind });
    }
    if (view.live) see();
  },
  reset() {
    view.reset();
    read = 0;
    unseen = [];
    started = false;
  },
  synced() {
    view.synced();
    if (!view.empty) host.tell('active');
    see();
    begin();
  },
  typing: () => view.showTyping(),
  state(state) {
    page.dataset.connection = state;
    parts.connection.hidden = state === 'online' || (state === 'connecting' && view.live);
    parts.connection.textContent = state === 'offline' ? words.offline : words.connecting;
  },
  ack({ item, ack }) {
    if (item.path === 'start') return;
    view.settle({ ...ack, kind: item.path === 'actions' ? 'action' : 'user' });
    host.tell('active');
  },
  trying: ({ item }) => view.trying(`user:${item.clientID}`),
  refused({ item, code }) {
    if (item.path === 'actions') {
      view.drop(`user:${item.clientID}`);
      hint(words.gone);
    } else if (item.path === 'messages') {
      view.refused(`user:${item.clientID}`, item.body.text, code === 'too_long' ? fill(words.tooLong, { max: MAX_TEXT }) : words.refused);
    }
  },
};

function emit(name, detail) {
  on[name](detail);
}

/** see counts what the visitor has not seen, for the badge on the host page. */
function see() {
  if (isOpen && document.visibilityState === 'visible') {
    unseen = [];
    if (client.cursor > read) {
      read = client.cursor;
      host.tell('read', { seq: read });
    }
  }
  host.tell('unread', { count: unseen.length });
}

/** begin greets a visitor who opens the chat for the first time. */
function begin() {
  if (started || !isOpen || !client?.everSynced || !view.empty) return;
  started = true;
  client.send('start', {}, uuid());
}

// ── what the visitor does ──

function say(text) {
  const clientID = uuid();
  view.pending({ id: `user:${clientID}`, kind: 'user', text });
  client.send('messages', { text }, clientID);
}

function press(event, button) {
  const clientID = uuid();
  view.pending({ id: `user:${clientID}`, kind: 'action', text: button.label });
  client.send('actions', { action: button.action, message: event.seq }, clientID);
}

async function download(event) {
  try {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await client.file(event.seq));
    link.download = event.file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    hint('');
  } catch {
    hint(words.downloadFailed);
  }
}

function edit(text) {
  parts.input.value = parts.input.value ? `${text}\n${parts.input.value}` : text;
  parts.input.focus();
  grow();
}

function submit() {
  const text = parts.input.value.trim();
  if (!text || !client) return;
  if (length(text) > MAX_TEXT) return hint(fill(words.tooLong, { max: MAX_TEXT }));
  parts.input.value = '';
  grow();
  say(text);
}

const length = (text) => [...text].length;

function hint(text) {
  parts.hint.textContent = text;
}

/** grow fits the input to its lines and warns before the limit. */
function grow() {
  parts.input.style.height = 'auto';
  parts.input.style.height = `${Math.min(parts.input.scrollHeight, 140)}px`;
  const left = MAX_TEXT - length(parts.input.value);
  hint(left < 0 ? fill(words.tooLong, { max: MAX_TEXT }) : left < 300 ? fill(words.left, { n: left }) : '');
}

parts.form.addEventListener('submit', (e) => {
  e.preventDefault();
  submit();
});
parts.input.addEventListener('input', grow);
parts.input.addEventListener('keydown', (e) => {
  // While an input method composes, Enter takes the candidate. Safari ends the composition first and tells by 229 only.
  if (e.key !== 'Enter' || e.shiftKey || e.isComposing || e.keyCode === 229) return;
  e.preventDefault();
  submit();
});

// ── menu ──

function buildMenu() {
  const items = [[words.menuAgent, words.sayAgent], [words.menuTranscript, '/transcript'], [words.menuLanguage, '/language'], [words.menuForget, '/forget']];
  parts.menu.replaceChildren(...items.map(([text, say]) => {
    const item = document.createElement('button');
    Object.assign(item, { type: 'button', textContent: text, tabIndex: -1 });
    item.setAttribute('role', 'menuitem');
    item.dataset.testid = 'menu-item';
    item.dataset.say = say;
    return item;
  }));
}

function showMenu(show) {
  parts.menu.hidden = !show;
  parts.menuButton.setAttribute('aria-expanded', String(show));
  if (show) parts.menu.firstElementChild.focus();
}

parts.menuButton.addEventListener('click', () => showMenu(parts.menu.hidden));
parts.menu.addEventListener('click', (e) => {
  const item = e.target.closest('[data-say]');
  if (!item || !client) return;
  showMenu(false);
  say(item.dataset.say);
  parts.input.focus();
});
parts.menu.addEventListener('keydown', (e) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!step) return;
  e.preventDefault();
  const items = [...parts.menu.children];
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
});
document.addEventListener('click', (e) => {
  if (!e.target.closest('.head')) showMenu(false);
});

// ── window ──

document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape' || e.isComposing || e.keyCode === 229) return;
  if (!parts.menu.hidden) {
    showMenu(false);
    parts.menuButton.focus();
  } else host.tell('close');
});
parts.close.addEventListener('click', () => host.tell('close'));

let background;
document.addEventListener('visibilitychange', () => {
  clearTimeout(background);
  if (document.visibilityState === 'hidden') {
    background = setTimeout(() => client?.pause(), BACKGROUND);
    return;
  }
  client?.resume();
  if (view?.live) see();
});
addEventListener('online', () => client?.retryNow());
addEventListener('beforeunload', (e) => {
  if (client?.pending) e.preventDefault(); // unsent text is kept nowhere else
});

/** fit keeps the composer above the keyboard where the browser lays it over the page. */
function fit() {
  page.style.setProperty('--height', `${visualViewport.height}px`);
  scrollTo(0, 0);
  view?.toBottom();
}

const inFrame = isFramed();
const host = { tell() {} };
Object.assign(host, (inFrame ? framed : standAlone)({
  onInit: init,
  onOpen() {
    isOpen = true;
    parts.input.focus();
    if (!view?.live) return;
    view.toBottom();
    see();
    begin();
  },
  onClosed() {
    isOpen = false;
  },
  onRead(seq) {
    read = Math.max(read, seq);
    unseen = unseen.filter((s) => s > read);
    host.tell('unread', { count: unseen.length });
  },
}));
parts.close.hidden = !inFrame;
if (!inFrame) visualViewport?.addEventListener('resize', fit);
