// The agents' inbox and the console as the people of the desk meet them.

const id = (testid) => `[data-testid="${testid}"]`;

export class Desk {
  /** signIn signs one of the demo's people in with one click: mei, omar (agents) or ada (administrator). */
  static async signIn(page, url, who) {
    await page.goto(url);
    await page.locator(id(`demo-${who}`)).click();
    await page.locator('header.topbar').waitFor();
    await page.waitForLoadState();
    return new Desk(page);
  }

  constructor(page) {
    this.page = page;
    this.rows = page.locator(id('row'));
    this.waiting = page.locator(`${id('group-waiting')} ${id('row')}`);
    this.status = page.locator(id('status'));
    this.reply = page.locator(id('reply-text'));
    this.note = page.locator(id('note-text'));
    this.banner = page.locator(id('banner'));
    this.messages = page.locator(id('message'));
  }

  /** row waits for the row of the list that shows this text: it comes by itself. */
  async row(text) {
    const hit = this.rows.filter({ hasText: text }).first();
    await hit.waitFor();
    return hit;
  }

  async open(text) {
    await (await this.row(text)).click();
    await this.messages.first().waitFor();
  }

  async claim() {
    await this.page.locator(id('claim')).click();
    await this.page.locator('.conv[data-state="mine"]').waitFor();
  }

  /** answer replies to the user, by keyboard. */
  async answer(text) {
    await this.reply.fill(text);
    await this.reply.press('Control+Enter');
    await this.heard(text, 'agent');
  }

  async heard(text, author) {
    const hit = this.page.locator(`${id('message')}[data-author="${author}"]`).filter({ hasText: text }).last();
    await hit.waitFor();
    return hit;
  }

  /** act presses one of claim, return, resolve. */
  act(what) {
    return this.page.locator(`.conv-head ${id(what)}`).click();
  }

  /** state waits for the state of the open conversation: waiting, mine, other, closed. */
  state(state) {
    return this.page.locator(`.conv[data-state="${state}"]`).waitFor();
  }
}
