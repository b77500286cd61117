// Telegram's stand-in: what is typed there goes through the real Telegram channel, by its own protocol.

import { after, before, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { Browser, compose, ends, shot, until } from './lib/browser.js';
import { Demo } from './lib/demo.js';
import { entry } from './lib/library.js';
import { Telegram } from './lib/telegram.js';

let demo, browser;
before(async () => {
  demo = await Demo.start();
  browser = await Browser.launch();
});
after(() => ends(
  () => browser.close(),
  () => demo.finish('hunter2', 'correcthorse9'),
));

const languages = [
  {
    lang: 'en', chat: 'Omar', greeting: "I'm the support assistant", glad: ['Yes', 'Glad to hear it'],
    two: 'How do I reset my password and how long does verification take?', both: ['forgot_password', 'verification_time'], secret: 'my password is hunter2', refused: 'I removed your password', gone: 'deleted by the bot',
    transcript: 'Here is our conversation', choose: 'Which language', other: '简体中文', then: '接下来我会用简体中文回答',
    asks: [[entry('account_close', 'en').ask, entry('account_close', 'zh').answer], [entry('change_phone', 'en').ask, entry('change_phone', 'en').answer]],
  },
  {
    lang: 'zh', chat: 'Lin', greeting: '客服助手', glad: ['有帮助', '很高兴'],
    two: '忘记密码怎么办，还有手续费是多少？', both: ['forgot_password', 'fees_overview'], secret: '我的密码是 hunter2', refused: '您发送的密码', gone: '已被机器人删除',
    transcript: '对话记录', choose: '请选择语言', other: 'English', then: "I'll answer in English",
    asks: [[entry('account_close', 'zh').ask, entry('account_close', 'en').answer], [entry('verify_identity', 'zh').ask, entry('verify_identity', 'zh').answer]],
  },
];

for (const l of languages) {
  test(`a private chat: greeting, an answer, buttons, two questions at once (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const t = await Telegram.open(page, demo.telegram, l.lang, l.chat);
    await t.say('/start');
    await t.heard(l.greeting);
    await shot(page, `telegram-greeting-${l.lang}`);
    const refund = entry('refund_time', l.lang);
    await t.say(refund.ask);
    await t.heard(refund.answer);
    await t.press(refund.related[0]);
    await t.heard(entry('refund_request', l.lang).answer);
    await t.press(l.glad[0]);
    await t.heard(l.glad[1]);
    await t.say(l.two);
    const both = l.both.map((intent) => entry(intent, l.lang));
    const answer = await t.heard(both[1].answer);
    const text = await answer.innerText();
    both.forEach((e, i) => assert.ok(text.includes(`${i + 1}. ${e.title}`) && text.includes(e.answer), `${e.title} in ${text}`));
    await shot(page, `telegram-two-${l.lang}`);
    await until('every pressed button is answered', async () => (await page.locator('.key.waiting').count()) === 0);
    await person.close();
  });

  test(`a secret is refused and shown as deleted (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const t = await Telegram.open(page, demo.telegram, l.lang, l.chat);
    await t.say(l.secret);
    await t.heard(l.refused);
    const own = t.own.last();
    await own.filter({ hasText: l.gone }).waitFor();
    await page.reload();
    assert.doesNotMatch(await page.content(), /hunter2/);
    await shot(page, `telegram-refused-${l.lang}`);
    await person.close();
  });

  test(`/language and /transcript (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const t = await Telegram.open(page, demo.telegram, l.lang, l.chat);
    await t.say('/language');
    await t.heard(l.choose);
    await t.press(l.other);
    await t.heard(l.then);
    await t.say(l.asks[0][0]);
    await t.heard(l.asks[0][1]);
    await t.say('/language auto');
    await t.heard(/language you write|您使用的语言/);
    await t.say(l.asks[1][0]);
    await t.heard(l.asks[1][1]);
    await t.say('/transcript');
    const file = page.locator('.msg.bot a.file').last();
    await file.waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()]);
    const text = await readFile(await download.path(), 'utf8');
    assert.ok(l.asks.flat().every((said) => text.includes(said)), 'the file holds what was said');
    assert.doesNotMatch(text, /hunter2/);
    await shot(page, `telegram-transcript-${l.lang}`);
    await person.close();
  });

  test(`in a group the bot hears only what is meant for it (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const t = await Telegram.open(page, demo.telegram, l.lang, 'Night Market');
    const before = await t.bot.count();
    await t.say('See you at seven');
    await page.locator('#mention').click();
    const refund = entry('refund_time', l.lang);
    await t.say(`${await t.input.inputValue()}${refund.ask}`);
    const answer = await t.heard(refund.answer);
    await answer.locator('.quote').filter({ hasText: refund.ask }).waitFor(); // it answers that message, in a reply to it
    assert.equal(await t.bot.count(), before + 1, 'one answer, none to the talk of others');
    await shot(page, `telegram-group-${l.lang}`);
    await person.close();
  });
}

test('an edit that brings a secret is refused, too', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  const t = await Telegram.open(page, demo.telegram, 'en', 'Omar');
  await t.say(entry('support_hours', 'en').ask);
  await t.heard(entry('support_hours', 'en').answer);
  await t.own.last().locator('a.edit').click();
  await page.locator('.editing').waitFor();
  await t.input.fill('my password is correcthorse9');
  await page.locator('#write .send').click();
  await t.heard('I removed your password');
  await t.own.last().filter({ hasText: 'deleted by the bot' }).waitFor();
  await person.close();
});

test('a photo cannot be read, and the bot says so', async () => {
  const person = await browser.person();
  const page = await person.newPage();
  const t = await Telegram.open(page, demo.telegram, 'en', 'Omar');
  await page.locator('.extras summary').filter({ hasText: 'Attach' }).click();
  await page.getByRole('button', { name: 'Photo' }).click();
  await t.heard(/only read text/);
  await person.close();
});

test('an input method keeps its Enter, on a phone nothing sticks out', async () => {
  const person = await browser.person({ lang: 'zh', small: true, dark: true });
  const page = await person.newPage();
  const t = await Telegram.open(page, demo.telegram, 'zh', 'Lin');
  const before = await t.own.count();
  await t.input.focus();
  const ime = await compose(page, 'tuikuan');
  assert.equal(await t.input.inputValue(), 'tuikuan');
  await ime.commit(entry('support_hours', 'zh').ask);
  assert.equal(await t.own.count(), before);
  await t.input.press('Enter');
  await t.heard(entry('support_hours', 'zh').answer);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await shot(page, 'telegram-phone-dark-zh');
  await person.close();
});
