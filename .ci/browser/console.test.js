// The console: what admins see, and what agents do not.

import { after, before, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { Browser, compose, count, ends, shot, until } from './lib/browser.js';
import { Chat } from './lib/chat.js';
import { Demo } from './lib/demo.js';
import { Desk } from './lib/desk.js';
import { entry } from './lib/library.js';

let demo, browser;
before(async () => {
  demo = await Demo.start();
  browser = await Browser.launch();
  const person = await browser.person({ lang: 'zh' }); // somebody has asked something
  const chat = await Chat.asPage(await person.newPage(), demo.chat);
  for (const { ask, answer } of [entry('refund_time', 'zh'), entry('fees_overview', 'en')]) {
    await chat.say(ask);
    await chat.heard(answer);
  }
  await chat.say('量子斑马台灯的保修政策');
  await until('the bot does not know', async () => (await chat.texts()).at(-1).startsWith('bot: '));
  await chat.settled();
  await person.close();
});
after(() => ends(() => browser.close(), () => demo.finish('hunter2', '4111 1111 1111 1111', '4111111111111111')));

async function admin(options) {
  const person = await browser.person(options);
  const page = await person.newPage();
  await Desk.signIn(page, demo.console, 'ada');
  return { person, page };
}

const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
async function go(page, where) {
  await page.getByTestId(`nav-${where}`).click();
  await page.locator(`[data-testid="nav-${where}"][aria-current="page"]`).waitFor();
  await page.waitForLoadState();
}

const languages = [
  { lang: 'en', overview: 'Overview', search: 'refund', refund: entry('refund_time', 'en'), missing: 'zzzz', contact: 'hotline', ask: `my password is hunter2. ${entry('refund_time', 'en').ask}`, removed: '[password removed]', decision: 'refused', reply: 'I removed your password' },
  { lang: 'zh', overview: '概览', search: '退款', refund: entry('refund_time', 'zh'), missing: '鑫鑫鑫鑫', contact: '客服热线', ask: `我的密码是 hunter2，${entry('refund_time', 'zh').ask}`, removed: '[密码已移除]', decision: '已拦截', reply: '您发送的密码' },
];

for (const l of languages) {
  test(`overview (${l.lang})`, async () => {
    const { person, page } = await admin({ lang: l.lang });
    await page.locator('h1').filter({ hasText: l.overview }).waitFor();
    await page.getByTestId('chart-days').locator('svg').waitFor();
    assert.ok(Number(await page.locator('.tile strong').first().innerText()) >= 3, 'the questions are counted');
    await page.getByTestId('misses').filter({ hasText: '量子斑马台灯' }).waitFor();
    await page.getByTestId('days-30').click();
    await page.locator('[data-testid="days-30"][aria-current="true"]').waitFor();
    await page.mouse.move(0, 0);
    await shot(page, `console-overview-${l.lang}`);
    await person.close();
  });

  test(`the library is searched while one types, in both languages (${l.lang})`, async () => {
    const { person, page } = await admin({ lang: l.lang });
    await go(page, 'library');
    const rows = page.getByTestId('entry-row');
    const all = await rows.count();
    assert.ok(all >= 60, `${all} entries`);
    for (const m of languages) { // whatever the page's language is
      await page.getByTestId('search').fill(m.search);
      await until(`fewer than all for ${m.search}`, async () => (await rows.count()) < all);
      await page.getByTestId('entry-row').filter({ hasText: m.refund.title }).waitFor();
      await page.getByTestId('search').fill('');
      await count(rows, all, 'entries again');
    }
    await page.getByTestId('search').fill(l.missing);
    await count(rows, 0, 'entry for nonsense');
    await shot(page, `console-library-empty-${l.lang}`);
    await page.getByTestId('search').fill(l.search);
    await until('the address can be shared', () => new URL(page.url()).searchParams.get('q') === l.search);
    await shot(page, `console-library-${l.lang}`);
    await rows.filter({ hasText: l.refund.title }).click();
    for (const text of [l.refund.answer, l.refund.ask.slice(0, -1)]) await page.locator('main').filter({ hasText: text }).waitFor();
    await page.getByTestId('entry-zh-Hant').waitFor();
    await shot(page, `console-entry-${l.lang}`);
    await person.close();
  });

  test(`contacts and hours (${l.lang})`, async () => {
    const { person, page } = await admin({ lang: l.lang });
    await go(page, 'contacts');
    await page.getByTestId('contact-hotline').filter({ hasText: l.contact }).waitFor();
    assert.equal(await page.getByTestId('opening').count(), 2);
    await shot(page, `console-contacts-${l.lang}`);
    await person.close();
  });

  test(`trying a message shows what the bot would do, and stores nothing (${l.lang})`, async () => {
    const { person, page } = await admin({ lang: l.lang });
    await go(page, 'try');
    await page.getByTestId('try-text').fill(l.ask);
    await page.getByTestId('try-text').press('Control+Enter');
    await page.getByTestId('try-decision').filter({ hasText: l.decision }).waitFor();
    const clean = await page.getByTestId('try-decision').innerText();
    assert.ok(clean.includes(l.removed) && !clean.includes('hunter2'), clean);
    await page.getByTestId('try-replies').filter({ hasText: l.reply }).waitFor();
    await page.getByTestId('try-questions').filter({ hasText: l.refund.title }).waitFor();
    await shot(page, `console-try-${l.lang}`);
    await person.close();
  });

  test(`every page fits a phone (${l.lang})`, async () => {
    const { person, page } = await admin({ lang: l.lang, small: true, dark: l.lang === 'zh' });
    for (const where of ['overview', 'library', 'contacts', 'try', 'inbox']) {
      await go(page, where);
      assert.ok(await fits(page), `${where}: nothing sticks out`);
      await shot(page, `console-phone-${where}-${l.lang}`);
    }
    await page.goto(`${demo.console}/library/refund_time`);
    assert.ok(await fits(page), 'entry: nothing sticks out');
    await shot(page, `console-phone-entry-${l.lang}`);
    await person.close();
  });
}

test('a search that is being composed waits for its end', async () => {
  const { person, page } = await admin({ lang: 'zh' });
  await go(page, 'library');
  const rows = page.getByTestId('entry-row');
  const all = await rows.count();
  await page.getByTestId('search').focus();
  const ime = await compose(page, 'tuikuan');
  assert.equal(await rows.count(), all);
  await ime.commit('退款');
  await until('fewer than all', async () => (await rows.count()) < all);
  await person.close();
});

test('an agent may not see the console, nor anybody who is not signed in', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  await page.goto(demo.console);
  await page.getByTestId('demo-mei').click();
  await page.getByTestId('error').filter({ hasText: 'Your role may not see this page' }).waitFor();
  assert.equal(await page.getByTestId('nav-library').count(), 0, 'and is offered no way to it');
  await shot(page, 'console-refused');
  for (const path of ['', '/library', '/library/refund_time', '/contacts', '/try']) {
    assert.equal((await page.goto(demo.console + path)).status(), 403, path);
  }
  await person.close();
  const nobody = await browser.person();
  const other = await nobody.newPage();
  await other.goto(`${demo.console}/contacts`);
  await other.getByTestId('password').waitFor();
  await nobody.close();
});

test('language and appearance are chosen and kept; sign-out ends the session in every tab', async () => {
  const { person, page } = await admin({ lang: 'en' });
  const second = await person.newPage();
  await second.goto(demo.inbox);
  await page.getByTestId('menu').click();
  await page.getByTestId('lang-zh-Hant').click();
  await page.locator('html[lang="zh-Hant"]').waitFor();
  await page.locator('h1').filter({ hasText: '概覽' }).waitFor();
  await page.getByTestId('menu').click();
  await page.getByTestId('theme-dark').click();
  await page.locator('html[data-theme="dark"]').waitFor();
  await page.reload();
  await page.locator('html[data-theme="dark"][lang="zh-Hant"]').waitFor();
  await shot(page, 'console-overview-hant-dark');
  await page.getByTestId('menu').click();
  await shot(page, 'console-menu-hant-dark');
  await page.getByTestId('sign-out').click();
  await page.getByTestId('password').waitFor();
  await second.reload();
  await second.getByTestId('password').waitFor();
  await page.goBack();
  await page.reload();
  await page.getByTestId('password').waitFor(); // nothing of it is left in the browser's history
  await person.close();
});

test('a wrong password says so and no more, and many are slowed down', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  await page.goto(demo.inbox);
  const attempt = async (login) => {
    await page.getByTestId('login').fill(login);
    await page.getByTestId('password').fill('not-hunter2');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('login-error').waitFor();
    return page.getByTestId('login-error').innerText();
  };
  const known = await attempt('ada');
  const unknown = await attempt('nobody-here');
  assert.equal(known, unknown, 'who has an account is not told');
  await shot(page, 'login-wrong');
  await until('attempts are slowed down', async () => /Too many attempts/.test(await attempt('ada')));
  await person.close();
});
