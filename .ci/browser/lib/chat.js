// The web chat as a visitor meets it: on a website of its own, or as a page.

import { createServer } from 'node:http';
import { once } from 'node:events';
import { until } from './browser.js';

/** Site is somebody's website with the widget on it: another origin than Deskbell's and the strictest policy that the widget's
 * README allows. ?lang= chooses the page's language. */
export class Site {
  static async start(deskbell) {
    const site = new Site();
    const origin = new URL(deskbell).origin;
    site.server = createServer((req, res) => {
      const url = new URL(req.url, 'http://site');
      if (url.pathname !== '/') return res.writeHead(404).end();
      const lang = url.searchParams.get('lang') ?? 'en';
      res.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': `default-src 'none'; script-src ${origin}; frame-src ${origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
        'Cross-Origin-Opener-Policy': 'same-origin', 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer',
      });
      res.end(`<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${lang === 'en' ? 'Night market' : '夜市'}</title></head>
<body><main><h1>${lang === 'en' ? 'Night market' : '夜市'}</h1><p><a href="#stalls" id="stalls">${lang === 'en' ? 'Stalls' : '摊位'}</a></p></main>
<script async src="${origin}/widget.js" data-lang="${lang}"></script></body></html>`);
    }).listen(0, '127.0.0.1');
    await once(site.server, 'listening');
    // By name, not by number: to a browser this is not only another origin than 127.0.0.1 but another site.
    site.url = `http://localhost:${site.server.address().port}/`;
    return site;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const id = (testid) => `[data-testid="${testid}"]`;

/** Chat is the chat window, in the widget's frame or as a page. */
export class Chat {
  /** onSite opens a page of the website; the chat is still closed. */
  static async onSite(page, site, lang = 'en') {
    await page.goto(`${site.url}?lang=${lang}`);
    const c = new Chat(page, page.frameLocator(id('deskbell-frame')));
    c.launcher = page.locator(id('deskbell-launcher'));
    c.panel = page.locator(id('deskbell-panel'));
    await c.launcher.waitFor();
    return c;
  }

  /** asPage opens the stand-alone chat, which greets at once. */
  static async asPage(page, url) {
    await page.goto(url);
    const c = new Chat(page, page);
    await c.ready();
    return c;
  }

  constructor(page, frame) {
    Object.assign(this, { page, frame });
    this.input = frame.locator(id('input'));
    this.messages = frame.locator(id('message'));
    this.own = frame.locator(`${id('message')}.own`);
    this.marks = frame.locator(id('mark'));
    this.chips = frame.locator(id('chip'));
  }

  async open() {
    await this.launcher.click();
    await this.ready();
  }

  /** ready waits until the greeting or the history is there. */
  async ready() {
    await this.messages.first().waitFor();
    await this.frame.locator('html[data-connection="online"]').waitFor();
  }

  async say(text) {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** heard waits for a message of a kind (bot, agent, notice, user) with this text, and returns the newest. */
  async heard(text, kind = 'bot') {
    const hit = this.messages.and(this.frame.locator(`[data-kind="${kind}"]`)).filter({ hasText: text }).last();
    await hit.waitFor();
    return hit;
  }

  /** press presses the newest button with this label. */
  async press(label) {
    await this.frame.locator(id('button')).filter({ hasText: new RegExp(`^${label}$`) }).last().click();
  }

  /** texts is what stands on the screen, message by message: "kind: text". */
  async texts() {
    return this.messages.evaluateAll((all) => all.map((m) => `${m.dataset.kind}: ${m.querySelector('[data-testid="bubble"]').innerText.trim()}`));
  }

  /** settled waits until nothing of the visitor's is on its way, and returns the texts. */
  async settled() {
    await until('everything is sent', () => this.own.evaluateAll((all) => all.every((m) => ['sent', 'removed'].includes(m.dataset.state) && m.dataset.seq)));
    return this.texts();
  }
}
