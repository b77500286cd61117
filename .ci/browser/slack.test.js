// Slack's stand-in: what is typed there goes through the real Slack channel, over Socket Mode.

import { after, before, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { Browser, compose, ends, shot } from './lib/browser.js';
import { Demo } from './lib/demo.js';
import { entry } from './lib/library.js';
import { Slack } from './lib/slack.js';

let demo, browser;
before(async () => {
  demo = await Demo.start();
  browser = await Browser.launch();
});
after(() => ends(
  () => browser.close(),
  () => demo.finish('hunter2', '4111 1111 1111 1111', '4111111111111111'),
));

const languages = [
  {
    lang: 'en', glad: ['Yes', 'Glad to hear it'],
    secret: 'my password is hunter2', refused: 'I removed your password', how: /Slack does not let me delete your message.*three dots.*Delete message/s, gone: 'This message was deleted.',
  },
  {
    lang: 'zh', glad: ['有帮助', '很高兴'],
    secret: '我的密码是 hunter2', refused: '您发送的密码', how: /Slack 不允许我删除您的消息.*三个点.*删除消息/s, gone: '此消息已删除。',
  },
];

for (const l of languages) {
  test(`direct messages: an answer, buttons, feedback (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const s = await Slack.open(page, demo.slack, l.lang);
    const refund = entry('refund_time', l.lang);
    await s.say(refund.ask);
    await s.heard(refund.answer);
    await shot(page, `slack-answer-${l.lang}`);
    await s.press(refund.related[0]);
    await s.heard(entry('refund_request', l.lang).answer);
    await s.press(l.glad[0]);
    await s.heard(l.glad[1]);
    await person.close();
  });

  test(`a channel: the bot answers when mentioned, in a thread, and goes on there (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const s = await Slack.open(page, demo.slack, l.lang, 'help');
    await s.say('Lunch at noon?'); // nobody's business but people's
    const fees = entry('fees_overview', l.lang);
    const close = entry('account_close', l.lang);
    await s.say(`@deskbell ${fees.ask}`);
    const t = await s.thread();
    await t.heard(fees.answer);
    await t.say(close.ask); // in its own thread no mention is needed
    await t.heard(close.answer);
    await shot(page, `slack-thread-${l.lang}`);
    assert.equal(await s.bot.count(), 0, 'the bot has said nothing outside of threads');
    await person.close();
  });

  test(`a secret is refused, and how to delete it is told, for Slack lets no bot do it (${l.lang})`, async () => {
    const person = await browser.person({ lang: l.lang });
    const page = await person.newPage();
    const s = await Slack.open(page, demo.slack, l.lang);
    await s.say(l.secret);
    const reply = await s.heard(l.refused);
    assert.match(await reply.innerText(), l.how);
    await shot(page, `slack-refused-${l.lang}`);
    const own = s.own.last();
    await own.hover();
    await own.locator('form[action="delete"] button').click(); // as they were told
    await s.own.last().filter({ hasText: l.gone }).waitFor();
    assert.doesNotMatch(await page.content(), /hunter2/);
    await person.close();
  });
}

test('an input method keeps its Enter; a phone shows one thing at a time', async () => {
  const person = await browser.person({ lang: 'zh', small: true, dark: true });
  const page = await person.newPage();
  const s = await Slack.open(page, demo.slack, 'zh');
  const before = await s.own.count();
  await s.input.focus();
  const ime = await compose(page, 'kefu');
  assert.equal(await s.input.inputValue(), 'kefu');
  await ime.commit(entry('support_hours', 'zh').ask);
  assert.equal(await s.own.count(), before);
  await s.input.press('Shift+Enter');
  assert.equal(await s.own.count(), before);
  await s.input.press('Enter');
  await s.heard(entry('support_hours', 'zh').answer);
  await shot(page, 'slack-phone-dark-zh');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  const c = await Slack.open(page, demo.slack, 'zh', 'help');
  const verify = entry('verify_identity', 'zh');
  await c.say(`@deskbell ${verify.ask}`);
  const t = await c.thread();
  await t.heard(verify.answer);
  await shot(page, 'slack-phone-thread-dark-zh');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out of the thread');
  await person.close();
});
