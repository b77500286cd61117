// One Chromium of a test file, and what every test does with it.

import { chromium } from 'playwright-core';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strict as assert } from 'node:assert';

const shots = fileURLToPath(new URL('../../out/shots/', import.meta.url));
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** PATIENCE is how long a condition may take, in ms. It is long because the machine may be busy, not because anything is slow. */
export const PATIENCE = 15_000;

export const desktop = { width: 1280, height: 800 };
export const phone = { width: 390, height: 844 };

export class Browser {
  static async launch() {
    const b = new Browser();
    b.chromium = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
    });
    b.complaints = [];
    return b;
  }

  /** person is somebody with a browser of their own: lang "en" or "zh", small for a phone, dark for a dark screen. */
  async person({ lang = 'en', small = false, dark = false, axe = false, ...more } = {}) {
    const context = await this.chromium.newContext({
      locale: lang === 'zh' ? 'zh-CN' : 'en-GB', viewport: small ? phone : desktop, hasTouch: small, isMobile: small,
      colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', timezoneId: 'Asia/Shanghai', ...more,
    });
    context.setDefaultTimeout(PATIENCE);
    if (axe) await context.addInitScript({ path: axePath }); // before the page's own policy counts
    context.on('weberror', (e) => this.complaints.push(`uncaught: ${e.error().stack}`));
    context.on('console', (m) => {
      if (m.type() === 'error' && !expected(m)) this.complaints.push(`console: ${m.text()} (${m.location().url})`);
    });
    return context;
  }

  async close() {
    await this.chromium.close();
    assert.deepEqual(this.complaints, [], 'errors in the browser\'s console');
  }
}

/** expected are lines that Chromium writes for every answer that is not 2xx, also where the page counts on it: a server that
 * is away, a wrong password (401, 429), a reply that is held back (422), a conversation that somebody else has (409), a page
 * that is refused (403). */
function expected(m) {
  return /Failed to load resource: (the server responded with a status of (401|403|404|409|422|429)|net::ERR_)/.test(m.text()) || /net::ERR_/.test(m.text());
}

/** until waits for a condition to hold and returns what it gave. */
export async function until(what, condition, patience = PATIENCE) {
  const end = Date.now() + patience;
  for (;;) {
    const got = await condition();
    if (got) return got;
    if (Date.now() > end) assert.fail(`waited ${patience} ms for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** count waits until there are exactly n of something. */
export function count(locator, n, what = String(locator)) {
  return until(`${n} × ${what}`, async () => (await locator.count()) === n);
}

/** shot keeps a picture of the page for people to look at; nothing depends on it. */
export async function shot(page, name) {
  await mkdir(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/** compose types through an input method: the text stands in the box, underlined, and Enter belongs to the input method. */
export async function compose(page, text) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  // What Chromium sends while an input method is at work: a key event of code 229, in both its ways.
  for (const type of ['rawKeyDown', 'keyUp']) await cdp.send('Input.dispatchKeyEvent', { type, key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 });
  return { commit: async (final) => { await cdp.send('Input.insertText', { text: final }); await cdp.detach(); } };
}

/** accessible runs axe in a page or frame of a person made with axe: true, and fails on what is serious or critical. */
export async function accessible(frame, what) {
  const violations = await frame.evaluate(async () => {
    const result = await globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] });
    return result.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
      .map((v) => `${v.id}: ${v.help} – ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} (${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ''})`).join('; ')}`);
  });
  assert.deepEqual(violations, [], `accessibility of ${what}`);
}

/** ends runs what ends a test file, each part also when one before it failed, and fails with the first failure. */
export async function ends(...parts) {
  const failures = [];
  for (const part of parts) {
    try {
      await part();
    } catch (err) {
      failures.push(err);
    }
  }
  if (failures.length > 0) throw failures[0];
}
