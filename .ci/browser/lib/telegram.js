// The stand-in of Telegram as a person meets it.

import { until } from './browser.js';

export class Telegram {
  /** open opens the chat of the page with this name: a person's private one with the bot, or a group. */
  static async open(page, url, lang, chat) {
    await page.goto(`${url}/?lang=${lang}`);
    const t = new Telegram(page);
    await page.locator('.chats a').filter({ hasText: chat }).click();
    await page.locator('.chats a[aria-current="page"]').filter({ hasText: chat }).waitFor();
    await page.waitForLoadState(); // Enter sends from when the script is there
    return t;
  }

  constructor(page) {
    this.page = page;
    this.input = page.locator('#text');
    this.all = page.locator('#log > .msg');
    this.own = page.locator('#log > .msg:not(.bot)');
    this.bot = page.locator('#log > .msg.bot');
  }

  async say(text) {
    const before = await this.own.count();
    await this.input.fill(text);
    await this.input.press('Enter');
    await until('the message is in the log', async () => (await this.own.count()) > before);
  }

  /** heard waits for what the bot says after the newest own message, and returns it. */
  async heard(text) {
    const hit = this.page.locator('#log > .msg:not(.bot):not(:has(~ .msg:not(.bot))) ~ .msg.bot').filter({ hasText: text }).last();
    await hit.waitFor();
    return hit;
  }

  /** press presses a button of the newest message that has it. */
  async press(label) {
    await this.bot.getByRole('button', { name: label, exact: true }).last().click();
  }
}
