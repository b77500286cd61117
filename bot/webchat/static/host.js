// Where the identity lives: with the host page when framed (it is the first party; storage inside a cross-site frame is
// refused or thrown away by browsers), with this page itself when it stands alone.

import { token } from './ids.js';

/** identity of a stand-alone page. onInit is called at once, and again when another tab changes the identity. */
export function standAlone(handlers) {
  const prefix = `deskbell:${location.origin}:`;
  const memory = new Map();
  const get = (key) => {
    try {
      return localStorage.getItem(prefix + key) ?? memory.get(key);
    } catch {
      return memory.get(key);
    }
  };
  const set = (key, value) => {
    memory.set(key, value);
    try {
      localStorage.setItem(prefix + key, value);
    } catch {
      // Private mode: the conversation lasts as long as the page.
    }
  };
  const who = () => {
    if (!get('token')) set('token', token());
    return get('token');
  };
  const query = new URLSearchParams(location.search);
  const init = () => handlers.onInit({ token: who(), lang: query.get('lang'), theme: query.get('theme'), color: query.get('color'), open: true, read: 0 });
  addEventListener('storage', (e) => {
    if (e.key !== `${prefix}token` || e.newValue === e.oldValue) return;
    memory.delete('token');
    init();
  });
  init();
  return { framed: false, tell: noTelling };
}

const noTelling = () => {};

/** isFramed tells whether a host page with a loader is around this page. */
export function isFramed() {
  return document.documentElement.dataset.mode === 'frame' && parent !== window && location.hash.includes('host=');
}

/** framed talks to the loader in the host page. Its origin comes with the frame's address; messages from anywhere else are
 * not heard, and what is told is told to that origin only. */
export function framed(handlers) {
  const host = new URLSearchParams(location.hash.slice(1)).get('host') ?? '';
  const opaque = host === 'null'; // a file or an app's web view: it has no origin to name
  const tell = (type, more = {}) => parent.postMessage({ deskbell: 1, type, ...more }, opaque ? '*' : host);
  addEventListener('message', (e) => {
    if (e.source !== parent || e.origin !== host || e.data?.deskbell !== 1) return;
    if (e.data.type === 'init') handlers.onInit(e.data);
    else if (e.data.type === 'open') handlers.onOpen();
    else if (e.data.type === 'closed') handlers.onClosed();
    else if (e.data.type === 'read') handlers.onRead(e.data.seq);
  });
  if (host) tell('hello');
  return { framed: true, tell };
}
