// The visitor's connection: a queue of what to send and a stream of what the log holds. No DOM here.
//
// Sending: one POST at a time, in order, each repeated under the same client_id until the server has answered for it; only
// what the server calls wrong is given up. Receiving: a stream from the cursor; only the stream moves the cursor, never the
// answer to a POST. Unsent text stays in memory only: it has not been through the guard, so nothing writes it down.

/** Events a Client tells its listener about, by name: see the `on…` calls below. */
const noListener = () => {};

/** MAX_DELAY is the longest pause between attempts, in ms. */
const MAX_DELAY = 20_000;
/** SILENCE is how long a stream may say nothing (the server's heartbeat is 15 s), in ms. */
const SILENCE = 40_000;
/** FIRST_BYTE is how long a stream may take to begin before a proxy is suspected of holding it back, in ms. */
const FIRST_BYTE = 8_000;
/** POST_TIME is how long one POST may take, in ms. */
const POST_TIME = 25_000;

/** backoff returns the pause before attempt n (from 1), in ms, with jitter so that visitors do not come back all at once. */
export function backoff(n, random = Math.random) {
  const ceiling = Math.min(MAX_DELAY, 400 * 2 ** Math.min(n, 10));
  return ceiling / 2 + random() * (ceiling / 2);
}

/** parseEvents splits server-sent events: returns the complete ones of the text and the rest. */
export function parseEvents(text) {
  const parts = text.replaceAll('\r\n', '\n').split('\n\n');
  const rest = parts.pop();
  const events = [];
  for (const part of parts) {
    const e = { type: 'message', data: '' };
    for (const line of part.split('\n')) {
      if (line.startsWith('event: ')) e.type = line.slice(7);
      else if (line.startsWith('data: ')) e.data += line.slice(6);
    }
    if (e.data) events.push({ type: e.type, data: JSON.parse(e.data) });
  }
  return { events, rest };
}

export class Client {
  /**
   * base: URL of /webchat/. token: the visitor's. emit(name, detail): told of
   * 'event' (wire event), 'reset', 'synced', 'typing', 'state' ('connecting' | 'online' | 'offline'),
   * 'ack' ({item, ack}), 'trying' ({item, tries}), 'refused' ({item, code}).
   */
  constructor({ base, token, emit = noListener, fetch = globalThis.fetch.bind(globalThis) }) {
    this.base = base;
    this.token = token;
    this.emit = emit;
    this.fetch = fetch;
    this.cursor = 0;
    this.queue = [];
    this.profile = {};
    this.sending = false;
    this.stopped = false;
    this.paused = false;
    this.polling = false;
    this.state = '';
    this.naps = new Set();
  }

  /** send queues a POST: path is 'messages', 'actions' or 'start', body its fields. The item is returned at once. */
  send(path, body, clientID) {
    const item = { path, body, clientID, tries: 0 };
    this.queue.push(item);
    this.#pump();
    return item;
  }

  /** pending is the number of messages the server has not answered for. */
  get pending() {
    return this.queue.length;
  }

  /** retryNow ends every pause: the network is back, or the visitor does not want to wait. */
  retryNow() {
    for (const wake of [...this.naps]) wake();
  }

  /** pause closes the stream (a tab in the background) until resume. */
  pause() {
    this.paused = true;
    this.streaming?.abort();
  }

  resume() {
    if (!this.paused) return;
    this.paused = false;
    this.retryNow();
  }

  /** stop ends everything; the client is of no further use. */
  stop() {
    this.stopped = true;
    this.streaming?.abort();
    this.retryNow();
  }

  /** run keeps the stream open until stop. */
  async run() {
    let failures = 0;
    while (!this.stopped) {
      if (this.paused) {
        await this.#nap(3_600_000);
        continue;
      }
      this.#setState(failures > 1 ? 'offline' : 'connecting');
      this.synced = false;
      let delay = 0;
      try {
        await (this.polling ? this.#poll() : this.#stream());
      } catch (err) {
        if (err.silent) this.polling = true; // nothing came through: perhaps a proxy holds streams back
        delay = err.after ?? 0;
      }
      failures = this.synced ? 0 : failures + 1;
      if (this.stopped || this.paused) continue;
      if (this.polling && this.synced) continue;
      this.#setState(failures > 1 ? 'offline' : 'connecting');
      await this.#nap(Math.max(delay, backoff(failures)));
    }
  }

  async #stream() {
    const abort = (this.streaming = new AbortController());
    let timer;
    let begun = false;
    const watch = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(), ms);
    };
    watch(FIRST_BYTE);
    try {
      const res = await this.fetch(`${this.base}events?after=${this.cursor}`, {
        headers: this.#headers({ Accept: 'text/event-stream' }),
        signal: abort.signal,
        cache: 'no-store',
      });
      if (!res.ok) throw refusal(res);
      const reader = res.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        begun = true;
        watch(SILENCE);
        const { events, rest } = parseEvents(text + value);
        text = rest;
        for (const e of events) this.#take(e);
      }
    } catch (err) {
      if (abort.signal.aborted && !begun && !this.paused && !this.stopped) err = Object.assign(new Error('silent'), { silent: true });
      throw err;
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }

  async #poll() {
    const abort = (this.streaming = new AbortController());
    const timer = setTimeout(() => abort.abort(), SILENCE);
    try {
      const wait = this.everSynced ? 25 : 0;
      const res = await this.fetch(`${this.base}events?after=${this.cursor}&wait=${wait}`, {
        headers: this.#headers({ Accept: 'application/json' }),
        signal: abort.signal,
        cache: 'no-store',
      });
      if (!res.ok) throw refusal(res);
      const body = await res.json();
      if (body.reset) this.#take({ type: 'reset', data: {} });
      for (const data of body.events) this.#take({ type: 'message', data });
      this.#take({ type: 'synced', data: {} });
    } catch (err) {
      this.polling = false; // try a stream next
      throw err;
    } finally {
      clearTimeout(timer);
    }
  }

  #take({ type, data }) {
    switch (type) {
      case 'message':
        if (data.seq <= this.cursor) return;
        this.cursor = data.seq;
        this.emit('event', data);
        break;
      case 'reset':
        this.cursor = 0;
        this.emit('reset');
        break;
      case 'synced':
        this.synced = this.everSynced = true;
        this.#setState('online');
        this.emit('synced');
        this.retryNow();
        break;
      case 'typing':
        this.emit('typing');
        break;
    }
  }

  async #pump() {
    if (this.sending) return;
    this.sending = true;
    while (this.queue.length > 0 && !this.stopped) {
      const item = this.queue[0];
      item.tries++;
      const { ack, code, after } = await this.#post(item);
      if (ack || code) this.queue.shift();
      if (ack) this.emit('ack', { item, ack });
      else if (code) this.emit('refused', { item, code });
      else {
        this.emit('trying', { item, tries: item.tries });
        await this.#nap(Math.max(after, backoff(item.tries)));
      }
    }
    this.sending = false;
  }

  /** #post returns {ack}, or {code} when the server will never take it, or {after} in ms when it must be tried again. */
  async #post(item) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), POST_TIME);
    try {
      const res = await this.fetch(`${this.base}${item.path}`, {
        method: 'POST',
        headers: this.#headers({ 'Content-Type': 'application/json' }),
        body: JSON.stringify({ client_id: item.clientID, ...this.profile, ...item.body }),
        signal: abort.signal,
      });
      if (res.ok) return { ack: await res.json() };
      if (res.status === 429 || res.status >= 500 || res.status === 408) return { after: retryAfter(res) };
      const body = await res.json().catch(() => ({}));
      return body.error ? { code: body.error } : { after: 0 }; // not our words: something between us and the server
    } catch {
      return { after: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  /** file fetches a file of the log; rejects when it cannot be had. */
  async file(seq) {
    const res = await this.fetch(`${this.base}file/${seq}`, { headers: this.#headers({}) });
    if (!res.ok) throw refusal(res);
    return res.blob();
  }

  #headers(more) {
    return { Authorization: `Bearer ${this.token}`, ...more };
  }

  #setState(state) {
    if (state === this.state) return;
    this.state = state;
    this.emit('state', state);
  }

  #nap(ms) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.naps.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.naps.add(wake);
    });
  }
}

function retryAfter(res) {
  return (Number(res.headers.get('Retry-After')) || 0) * 1000;
}

function refusal(res) {
  return Object.assign(new Error(`HTTP ${res.status}`), { after: retryAfter(res) });
}
