// The demo's first page.

import { after, before, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { Browser, ends, shot, until } from './lib/browser.js';
import { Chat } from './lib/chat.js';
import { Demo } from './lib/demo.js';
import { entry } from './lib/library.js';

let demo, browser;
before(async () => {
  demo = await Demo.start();
  browser = await Browser.launch();
});
after(() => ends(() => browser.close(), () => demo.finish('hunter2')));

const where = [
  ['link-webchat', '[data-testid="chat"]'], ['link-telegram', '#log'], ['link-slack', '#list'], ['link-inbox', '[data-testid="demo-mei"]'], ['link-console', '[data-testid="demo-ada"]'],
];

for (const [lang, tag, heading] of [['en', 'en', 'answers first'], ['zh', 'zh-Hans', '机器人']]) {
  test(`every link leads where it says (${lang})`, async () => {
    const person = await browser.person({ lang });
    const page = await person.newPage();
    for (const [link, there] of where) {
      await page.goto(demo.web);
      assert.equal(await page.locator('html').getAttribute('lang'), tag, 'the language is the browser\'s');
      await page.locator('h1').filter({ hasText: heading }).waitFor();
      await page.getByTestId(link).click();
      await page.locator(there).waitFor();
      assert.match(await page.locator('html').getAttribute('lang'), lang === 'en' ? /^en/ : /^zh/, `${link} speaks the same language`);
    }
    await person.close();
  });

  test(`the widget on the page answers (${lang})`, async () => {
    for (const small of [false, true]) {
      const person = await browser.person({ lang, small });
      const page = await person.newPage();
      await page.goto(demo.web);
      await shot(page, `landing-${lang}${small ? '-phone' : ''}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
      const chat = new Chat(page, page.frameLocator('[data-testid="deskbell-frame"]'));
      await page.getByTestId('deskbell-launcher').click();
      await chat.ready();
      await chat.say(await page.locator('.tries .say').first().innerText());
      await chat.heard(entry('refund_time', lang).answer);
      await shot(page, `landing-chat-${lang}${small ? '-phone' : ''}`);
      await person.close();
    }
  });
}

for (const [lang, ...came] of [
  ['en', /working days/, /^bot: 1\..*\n2\./s, /^bot: I removed your password/, /colleague/],
  ['zh', /工作日/, /^bot: 1\..*\n2\./s, /^bot: 您发送的密码/, /转接人工/],
]) {
  test(`what the page says to try does what it says (${lang})`, async () => {
    const person = await browser.person({ lang });
    const page = await person.newPage();
    await page.goto(demo.web);
    const tries = await page.locator('.tries .say').allInnerTexts();
    assert.equal(tries.length, came.length);
    const chat = await Chat.asPage(page, demo.chat);
    for (const [i, text] of tries.entries()) {
      const before = (await chat.texts()).length;
      await chat.say(text);
      await until(`the answer to "${text}"`, async () => (await chat.texts()).slice(before).some((t) => came[i].test(t)));
    }
    await person.close();
  });
}

test('the language can be changed by hand', async () => {
  const person = await browser.person({ lang: 'en' });
  const page = await person.newPage();
  await page.goto(demo.web);
  await page.getByRole('link', { name: '简体中文' }).click();
  await page.locator('h1').filter({ hasText: '机器人' }).waitFor();
  await page.getByRole('link', { name: 'English' }).click();
  await page.locator('h1').filter({ hasText: 'answers first' }).waitFor();
  await person.close();
});
