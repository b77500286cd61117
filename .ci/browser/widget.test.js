// The web chat's widget on somebody else's website.

import { after, before, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Browser, compose, count, ends, shot, until } from './lib/browser.js';
import { Chat, Site } from './lib/chat.js';
import { Demo } from './lib/demo.js';
import { entry } from './lib/library.js';

let demo, browser, site;
before(async () => {
  demo = await Demo.start();
  browser = await Browser.launch();
  site = await Site.start(demo.web);
});
after(() => ends(
  () => site.stop(),
  () => browser.close(),
  () => demo.finish('hunter2', 'Tr0ub4dor&3', '4111 1111 1111 1111', '4111111111111111'),
));

const refund = entry('refund_time', 'en');
const hours = entry('support_hours', 'zh');
const languages = [
  { lang: 'en', tag: 'en', launcher: 'Chat with us', greeting: "I'm the support assistant", refund: entry('refund_time', 'en'), yes: 'Yes', glad: 'Glad to hear it', secret: 'my password is hunter2', removed: 'Message removed', refused: 'I removed your password', chip: 'this was not stored: password' },
  { lang: 'zh', tag: 'zh-Hans', launcher: '在线咨询', greeting: '客服助手', refund: entry('refund_time', 'zh'), yes: '有帮助', glad: '很高兴', secret: '我的密码是 hunter2', removed: '消息已移除', refused: '已被移除', chip: '没有被保存：密码' },
];

for (const l of languages) {
  test(`a visitor asks, presses buttons and gives feedback (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const chat = await Chat.onSite(page, site, l.tag);
    assert.equal(await chat.launcher.getAttribute('aria-label'), l.launcher);
    assert.deepEqual(await page.evaluate(() => Object.keys(localStorage)), [], 'nothing is stored before the chat is opened');
    await chat.open();
    await chat.heard(l.greeting);
    await shot(page, `widget-greeting-${l.lang}`);
    await chat.say(l.refund.ask);
    const answer = await chat.heard(l.refund.answer);
    assert.equal(await answer.locator('li').count(), l.refund.items, 'the list is a list');
    await chat.press(l.refund.related[0]);
    await until('the button is answered', async () => (await chat.texts()).at(-1).startsWith('bot: '));
    assert.ok((await chat.texts()).some((t) => t === `action: ${l.refund.related[0]}`), 'the pressed button stands in the log as said');
    await chat.press(l.yes);
    await chat.heard(l.glad);
    await shot(page, `widget-answer-${l.lang}`);
    await person.close();
  });

  test(`a password is taken off the screen, and its kind told (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const chat = await Chat.onSite(page, site, l.tag);
    await chat.open();
    await chat.say(l.secret);
    await chat.heard(l.refused);
    await chat.own.filter({ hasText: l.removed }).waitFor();
    assert.match(await chat.chips.innerText(), new RegExp(l.chip));
    await shot(page, `widget-refused-${l.lang}`);
    for (const frame of page.frames()) assert.doesNotMatch(await frame.content(), /hunter2/);
    await page.reload();
    await chat.launcher.click();
    await chat.own.filter({ hasText: l.removed }).waitFor();
    assert.doesNotMatch(JSON.stringify(await page.evaluate(() => ({ ...localStorage }))), /hunter2/);
    await person.close();
  });
}

const menus = [
  { lang: 'en', tag: 'en', refund, transcript: 'Send me this conversation', forget: 'Delete my data', sure: 'Delete everything' },
  { lang: 'zh', tag: 'zh-Hans', refund: entry('refund_time', 'zh'), transcript: '获取对话记录', forget: '删除我的数据', sure: '全部删除' },
];
for (const l of menus) {
  test(`the menu sends the conversation as a file, and deletes it (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const chat = await Chat.onSite(page, site, l.tag);
    await chat.open();
    await chat.say(l.refund.ask);
    await chat.heard(l.refund.answer);
    const choose = async (item) => {
      await chat.frame.locator('[data-testid="menu-button"]').click();
      await chat.frame.locator('[data-testid="menu-item"]').filter({ hasText: item }).click();
    };
    await choose(l.transcript);
    const [download] = await Promise.all([page.waitForEvent('download'), chat.frame.locator('[data-testid="file"]').click()]);
    const text = await readFile(await download.path(), 'utf8');
    assert.ok(text.includes(l.refund.ask) && text.includes(l.refund.answer), text);
    await choose(l.forget);
    await chat.press(l.sure);
    await until('what was said is gone', async () => !(await chat.texts()).join('\n').includes(l.refund.ask));
    await shot(page, `widget-forgotten-${l.lang}`);
    await page.reload();
    await chat.launcher.click();
    await chat.ready();
    assert.doesNotMatch((await chat.settled()).join('\n'), new RegExp(l.refund.answer));
    await person.close();
  });
}

test('a secret beside a question: the secret is refused and the question answered', async () => {
  const person = await browser.person();
  const chat = await Chat.onSite(await person.newPage(), site);
  await chat.open();
  await chat.say(`my card number is 4111 1111 1111 1111. ${refund.ask}`);
  await chat.heard('I removed your card number');
  await chat.heard(refund.answer);
  await person.close();
});

test('a reload keeps the history, the words and the order', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  const chat = await Chat.onSite(page, site);
  await chat.open();
  await chat.say(refund.ask);
  await chat.heard(refund.answer);
  await chat.say(hours.ask);
  await chat.heard(hours.answer);
  const before = await chat.settled();
  await page.reload();
  await chat.open();
  await until('the whole history', async () => (await chat.texts()).length === before.length);
  assert.deepEqual(await chat.texts(), before);
  await person.close();
});

test('killed and started again in the middle of talk: nothing is lost, nothing is said twice', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  const chat = await Chat.onSite(page, site);
  await chat.open();
  await chat.say(refund.ask); // the kill comes while this is stored, decided or answered
  await demo.crash();
  await chat.say(hours.ask);
  await chat.say('How do I close my account?');
  await chat.frame.locator('[data-testid="connection"]:not([hidden])').waitFor();
  await shot(page, 'widget-offline');
  await demo.restart();
  await chat.heard(refund.answer);
  await chat.heard(hours.answer);
  await chat.frame.locator('html[data-connection="online"]').waitFor();
  // One more round trip: whatever would come late or twice has come before its answer.
  await chat.say('my password is Tr0ub4dor&3');
  await chat.heard('I removed your password');
  const texts = await chat.settled();
  for (const said of [refund.ask, hours.ask, 'How do I close my account?']) {
    assert.equal(texts.filter((t) => t === `user: ${said}`).length, 1, `"${said}" once in ${JSON.stringify(texts)}`);
  }
  assert.equal(texts.filter((t) => t.includes(refund.answer)).length, 1, 'the answer once');
  await page.reload();
  await chat.open();
  await until('the same after a reload', async () => (await chat.texts()).length === texts.length);
  assert.deepEqual(await chat.texts(), texts);
  await person.close();
});

test('an input method that composes keeps its Enter; then Enter sends, Shift+Enter breaks the line', async () => {
  const person = await browser.person({ lang: 'zh' });
  const page = await person.newPage();
  const chat = await Chat.onSite(page, site, 'zh-Hans');
  await chat.open();
  await chat.input.focus();
  const ime = await compose(page, 'tuikuan');
  assert.equal(await chat.input.inputValue(), 'tuikuan', 'Enter has not sent what is being composed');
  assert.equal(await chat.own.count(), 0);
  const asked = languages[1].refund.ask.slice(0, -1);
  await ime.commit(asked);
  assert.equal(await chat.input.inputValue(), asked);
  await chat.input.press('Shift+Enter');
  await page.keyboard.type('?');
  assert.equal(await chat.input.inputValue(), `${asked}\n?`);
  assert.equal(await chat.own.count(), 0, 'Shift+Enter sends nothing');
  await chat.input.press('Enter');
  await chat.heard(languages[1].refund.answer);
  await count(chat.own, 1);
  assert.equal(await chat.input.inputValue(), '');
  await person.close();
});

test('two tabs are in step, also in what was read', async () => {
  const person = await browser.person();
  const one = await Chat.onSite(await person.newPage(), site);
  await one.open();
  const two = await Chat.onSite(await person.newPage(), site);
  await two.open();
  await one.say(refund.ask);
  await two.heard(refund.answer);
  await two.say(hours.ask);
  await one.heard(hours.answer);
  await one.settled();
  await until('the same in both', async () => JSON.stringify(await one.settled()) === JSON.stringify(await two.settled()));
  await person.close();
});

test('Escape closes the chat and gives the focus back; the badge counts what came meanwhile', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  const chat = await Chat.onSite(page, site);
  await chat.launcher.focus();
  await page.keyboard.press('Enter');
  await chat.ready();
  await until('the focus is in the input', () => chat.input.evaluate((el) => document.hasFocus() && el === document.activeElement));
  let letGo;
  const closed = new Promise((resolve) => { letGo = resolve; });
  await page.route('**/webchat/messages', async (route) => { await closed; await route.continue(); }); // the answer must come after the close
  await chat.input.fill(refund.ask);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await chat.panel.waitFor({ state: 'hidden' });
  assert.equal(await chat.launcher.evaluate((el) => el.getRootNode().activeElement === el), true, 'the focus is back on the launcher');
  letGo();
  const badge = page.locator('[data-testid="deskbell-badge"]');
  await badge.waitFor();
  assert.match(await chat.launcher.getAttribute('aria-label'), /1 unread/);
  await page.keyboard.press('Enter');
  await badge.waitFor({ state: 'hidden' });
  // The menu takes Escape first, the chat stays.
  await chat.frame.locator('[data-testid="menu-button"]').click();
  await page.keyboard.press('Escape');
  await chat.frame.locator('[data-testid="menu"]').waitFor({ state: 'hidden' });
  assert.equal(await chat.panel.isVisible(), true);
  await person.close();
});

test('on a phone, in the dark, the chat fills the screen and can be closed', async () => {
  for (const l of languages) {
    const person = await browser.person({ lang: l.lang, small: true, dark: true });
    const page = await person.newPage();
    const chat = await Chat.onSite(page, site, l.tag);
    await chat.launcher.tap();
    await chat.ready();
    await chat.say(l.refund.ask);
    await chat.heard(l.refund.answer);
    const box = await chat.panel.boundingBox();
    assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, 390, 844]);
    assert.equal(await chat.frame.locator('html').evaluate((el) => el.scrollWidth <= innerWidth), true, 'nothing sticks out');
    const dark = await chat.frame.locator('.chat').evaluate((el) => getComputedStyle(el).backgroundColor);
    assert.ok(dark.match(/\d+/g).slice(0, 3).every((x) => Number(x) < 80), `the background is dark, not ${dark}`);
    await shot(page, `widget-phone-dark-${l.lang}`);
    await chat.frame.locator('[data-testid="close"]').tap();
    await chat.panel.waitFor({ state: 'hidden' });
    await person.close();
  }
});

test('the host page\'s own styles and variables do not reach the launcher', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  const chat = await Chat.onSite(page, site);
  const colour = () => chat.launcher.evaluate((el) => getComputedStyle(el).backgroundColor);
  const before = await colour();
  await page.evaluate(() => document.documentElement.style.setProperty('--accent', 'rgb(1, 2, 3)'));
  assert.equal(await colour(), before);
  await person.close();
});
