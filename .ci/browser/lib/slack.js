// The stand-in of Slack as a person meets it.

import { until } from './browser.js';

export class Slack {
  /** open opens the direct messages with the bot, or the channel of this name. */
  static async open(page, url, lang, channel = '') {
    await page.goto(`${url}/?lang=${lang}`);
    const s = new Slack(page, page.locator('#list'), page.locator('#text'));
    if (channel) await page.locator('nav.side a').filter({ hasText: channel }).click();
    await page.locator('h1').filter({ hasText: channel || 'Deskbell' }).waitFor();
    await page.waitForLoadState(); // Enter sends from when the script is there
    return s;
  }

  constructor(page, log, input) {
    Object.assign(this, { page, log, input });
    this.own = log.locator('.msg:not(.bot)');
    this.bot = log.locator('.msg.bot');
  }

  async say(text) {
    const before = await this.own.count();
    await this.input.fill(text);
    await this.input.press('Enter');
    await until('the message is in the log', async () => (await this.own.count()) > before);
  }

  /** heard waits for what the bot says after the newest message of a person, and returns it. */
  async heard(text) {
    const hit = this.log.locator('.msg:not(.bot):not(:has(~ .msg:not(.bot))) ~ .msg.bot').filter({ hasText: text }).last();
    await hit.waitFor();
    return hit;
  }

  async press(label) {
    await this.bot.getByRole('button', { name: label, exact: true }).last().click();
  }

  /** thread opens the thread below the newest message of a person, once it has replies. */
  async thread() {
    await this.own.last().locator('a.replies').click();
    await this.page.locator('aside.thread').waitFor();
    await this.page.waitForLoadState();
    return new Slack(this.page, this.page.locator('#thread'), this.page.locator('#reply'));
  }
}
