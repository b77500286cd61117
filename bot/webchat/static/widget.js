// The loader of the chat widget, for any website:
//   <script async src="https://support.example/widget.js" data-lang="zh-Hans" data-color="#0a6" data-title="…"></script>
// Further attributes: data-theme (light, dark), data-position (left), data-open (opened at once).
// It makes a button and, on first use, a frame from the origin it came from. Nothing is stored before the visitor opens it.
// API: Deskbell.open(), .close(), .identify({name}) or .identify(null) for a new visitor (sign-out),
// .on('ready' | 'open' | 'close' | 'unread' | 'message', fn), which returns a function that ends it. Calls made before
// the script has come: (window.Deskbell = window.Deskbell || []).push(['open']).
(() => {
  'use strict';
  const script = document.currentScript;
  const early = window.Deskbell;
  if (!script || (early && early.open)) return;
  const base = new URL('.', script.src);
  const data = script.dataset;

  const words = {
    en: ['Chat with us', 'Close chat', 'unread'],
    'zh-Hans': ['在线咨询', '关闭对话', '条未读'],
    'zh-Hant': ['線上諮詢', '關閉對話', '則未讀'],
  };
  const wish = (data.lang || document.documentElement.lang || navigator.language || 'en').toLowerCase();
  const lang = !wish.startsWith('zh') ? 'en' : /hant|-tw|-hk|-mo/.test(wish) && !/hans/.test(wish) ? 'zh-Hant' : 'zh-Hans';
  const [openText, closeText, unreadText] = words[lang];

  // ── identity: with this page, the first party ──
  const prefix = `deskbell:${base.origin}:`;
  const memory = new Map();
  const store = {
    get(key) {
      try {
        return localStorage.getItem(prefix + key) ?? memory.get(key);
      } catch {
        return memory.get(key);
      }
    },
    set(key, value) {
      memory.set(key, value);
      try {
        localStorage.setItem(prefix + key, value);
      } catch {
        // No storage: the conversation lasts as long as the page.
      }
    },
    clear() {
      for (const key of ['token', 'read', 'active']) {
        memory.delete(key);
        try {
          localStorage.removeItem(prefix + key);
        } catch {
          // Was never stored.
        }
      }
    },
  };
  const token = () => {
    if (!store.get('token')) {
      const bytes = crypto.getRandomValues(new Uint8Array(32));
      store.set('token', btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''));
    }
    return store.get('token');
  };

  // ── state ──
  const listeners = {};
  const fire = (name, detail) => (listeners[name] || []).forEach((fn) => fn(detail));
  let frame;
  let isOpen = false;
  let heard = false; // the frame has said hello
  let name = '';
  let box, launcher, badge, panel;

  const tell = (type, more) => {
    if (heard) frame.contentWindow.postMessage({ deskbell: 1, type, ...more }, base.origin);
  };
  const tellInit = () => tell('init', {
    token: token(), name, lang: data.lang, hostLang: document.documentElement.lang, color: data.color, theme: data.theme,
    title: data.title, open: isOpen, read: Number(store.get('read')) || 0,
  });

  const load = () => {
    if (frame) return;
    frame = document.createElement('iframe');
    frame.title = data.title || openText;
    frame.className = 'frame';
    frame.dataset.testid = 'deskbell-frame';
    // Same origin is the frame's own (to fetch and to check who speaks to it). A page of that very origin gains nothing by it.
    if (base.origin !== location.origin) frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals');
    frame.referrerPolicy = 'no-referrer';
    frame.src = `${new URL('webchat', base)}#${new URLSearchParams({ host: location.origin })}`;
    panel.append(frame);
  };

  const open = () => {
    load();
    if (isOpen) return;
    isOpen = true;
    paint();
    if (heard) {
      tellInit();
      tell('open');
      frame.focus();
    }
    fire('open');
  };

  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    paint();
    tell('closed');
    launcher.focus();
    fire('close');
  };

  const identify = (who) => {
    if (who === null) {
      store.clear();
      name = '';
      unread(0);
    } else if (who && who.name) name = String(who.name);
    if (heard) tellInit();
  };

  const on = (event, fn) => {
    (listeners[event] ||= []).push(fn);
    return () => {
      listeners[event] = listeners[event].filter((f) => f !== fn);
    };
  };

  const unread = (count) => {
    if (!badge || badge.textContent === String(count)) return;
    badge.textContent = String(count);
    badge.hidden = count === 0;
    paint();
    fire('unread', count);
  };

  addEventListener('message', (e) => {
    if (!frame || e.source !== frame.contentWindow || e.origin !== base.origin || !e.data || e.data.deskbell !== 1) return;
    const m = e.data;
    if (m.type === 'hello') {
      heard = true;
      if (isOpen || store.get('token')) tellInit(); // loaded by hovering: no identity is made yet
      if (isOpen) frame.focus();
      fire('ready');
    } else if (m.type === 'close') close();
    else if (m.type === 'unread') unread(m.count);
    else if (m.type === 'read') store.set('read', String(m.seq));
    else if (m.type === 'active') store.set('active', '1');
    else if (m.type === 'message') fire('message', { kind: m.kind });
  });
  addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && isOpen) close();
  });
  addEventListener('storage', (e) => {
    if (e.key === `${prefix}read`) tell('read', { seq: Number(e.newValue) || 0 }); // seen in another tab
    if (e.key !== `${prefix}token` || e.newValue === e.oldValue || !heard) return;
    memory.delete('token'); // another tab signed out or in
    tellInit();
  });

  // ── screen: a shadow tree, styled by a constructed sheet, which no Content-Security-Policy of the host forbids ──
  const css = `
    :host { all: initial; }
    .launcher, .panel { position: fixed; z-index: 2147483000; bottom: max(20px, env(safe-area-inset-bottom)); }
    .launcher { width: 56px; height: 56px; border: 0; border-radius: 50%; padding: 0; cursor: pointer; color: var(--deskbell-on-accent, #fff);
      background: var(--deskbell-accent, #1457d9); box-shadow: 0 4px 16px rgb(0 0 0 / .25); transition: transform .15s; }
    .launcher:hover { transform: scale(1.05); }
    .launcher:focus-visible { outline: 3px solid var(--deskbell-accent, #1457d9); outline-offset: 3px; }
    .launcher svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .badge { position: absolute; top: -4px; inset-inline-end: -4px; min-width: 22px; height: 22px; border-radius: 11px; box-sizing: border-box; padding: 0 6px;
      background: #c5221f; color: #fff; font: 600 13px/22px system-ui, sans-serif; }
    .panel { bottom: calc(max(20px, env(safe-area-inset-bottom)) + 68px); width: 390px; height: min(640px, calc(100dvh - 120px)); max-width: calc(100vw - 40px);
      border-radius: 16px; overflow: hidden; box-shadow: 0 8px 40px rgb(0 0 0 / .3); background: Canvas; }
    .right { right: 20px; } .left { left: 20px; }
    [hidden] { display: none !important; }
    .frame { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
    @media (max-width: 480px) {
      .panel { inset: 0; width: 100%; height: 100dvh; max-width: none; border-radius: 0; }
      .launcher.open { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { .launcher { transition: none; } }`;

  const phone = matchMedia('(max-width: 480px)');
  const fit = () => {
    const vv = window.visualViewport;
    const cover = vv && isOpen && phone.matches;
    panel.style.height = cover ? `${vv.height}px` : ''; // the keyboard lies over the page, not over the chat
    panel.style.top = cover ? `${vv.offsetTop}px` : '';
    panel.style.bottom = cover ? 'auto' : '';
  };

  const bubble = 'M4 5h16v11H10l-5 4v-4H4z';
  const chevron = 'M6 9.5l6 6 6-6';
  const paint = () => {
    panel.hidden = !isOpen;
    launcher.querySelector('path').setAttribute('d', isOpen ? chevron : bubble);
    launcher.classList.toggle('open', isOpen);
    launcher.setAttribute('aria-expanded', String(isOpen));
    const count = Number(badge.textContent);
    launcher.setAttribute('aria-label', isOpen ? closeText : count ? `${data.title || openText} (${count} ${unreadText})` : data.title || openText);
    fit();
  };

  const colours = () => {
    const hex = (/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(data.color || '') || [])[1];
    if (!hex) return;
    const [r, g, b] = (hex.length === 3 ? [...hex].map((x) => x + x) : hex.match(/../g)).map((x) => parseInt(x, 16));
    box.style.setProperty('--deskbell-accent', `#${hex}`);
    box.style.setProperty('--deskbell-on-accent', 0.299 * r + 0.587 * g + 0.114 * b > 150 ? '#111' : '#fff');
  };

  const picture = () => {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    const path = document.createElementNS(ns, 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(path);
    return svg;
  };

  const build = () => {
    box = document.createElement('div');
    box.dataset.testid = 'deskbell';
    const root = box.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    const side = data.position === 'left' ? 'left' : 'right';
    launcher = document.createElement('button');
    launcher.type = 'button';
    launcher.className = `launcher ${side}`;
    launcher.dataset.testid = 'deskbell-launcher';
    launcher.setAttribute('aria-haspopup', 'dialog');
    badge = document.createElement('span');
    badge.className = 'badge';
    badge.dataset.testid = 'deskbell-badge';
    badge.textContent = '0';
    badge.hidden = true;
    launcher.append(picture(), badge);
    launcher.addEventListener('click', () => (isOpen ? close() : open()));
    launcher.addEventListener('pointerenter', load, { once: true });
    panel = document.createElement('div');
    panel.className = `panel ${side}`;
    panel.dataset.testid = 'deskbell-panel';
    panel.setAttribute('role', 'dialog');
    panel.setAttribute('aria-label', data.title || openText);
    root.append(panel, launcher);
    colours();
    paint();
    document.body.append(box);
    if (window.visualViewport) for (const what of ['resize', 'scroll']) visualViewport.addEventListener(what, fit);
    for (const [method, ...args] of Array.isArray(early) ? early : []) api[method]?.(...args);
    if ('open' in data) open();
    else if (store.get('active')) load(); // there is a conversation: its unread messages are counted
  };

  const api = { open, close, identify, on };
  const now = { ...api, push: ([method, ...args]) => api[method]?.(...args) };
  const soon = (method) => (...args) => (box ? api[method](...args) : addEventListener('DOMContentLoaded', () => api[method](...args)));
  window.Deskbell = Object.freeze({ ...now, open: soon('open'), close: soon('close') });
  if (document.body) build();
  else addEventListener('DOMContentLoaded', build);
})();
