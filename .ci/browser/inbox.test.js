// Handing over: users on every channel ask for a person, and agents pick the conversations up in the inbox.

import { after, afterEach, before, beforeEach, test } from 'node:test';
import { strict as assert } from 'node:assert';
import { Browser, compose, count, ends, shot, until } from './lib/browser.js';
import { Chat } from './lib/chat.js';
import { Demo } from './lib/demo.js';
import { Desk } from './lib/desk.js';
import { entry } from './lib/library.js';
import { Slack } from './lib/slack.js';
import { Telegram } from './lib/telegram.js';

let demo, browser;
before(async () => { browser = await Browser.launch(); });
after(() => browser.close());
beforeEach(async () => { demo = await Demo.start(); }); // an inbox of its own for every test
afterEach(() => demo.finish('hunter2', 'evil.example.net', '555-0199', '+1 212'));

/** agent signs somebody of the desk in. */
async function agent(who, options = {}) {
  const person = await browser.person(options);
  const desk = await Desk.signIn(await person.newPage(), demo.inbox, who);
  return { desk, person };
}

/** visitor opens the web chat as somebody new. */
async function visitor(lang) {
  const person = await browser.person({ lang });
  return { person, chat: await Chat.asPage(await person.newPage(), demo.chat) };
}

/** stay tells whether a page is still the one it was: whatever came, came without a reload. */
async function stay(page) {
  await page.evaluate(() => { globalThis.still = true; });
  return () => page.evaluate(() => globalThis.still === true);
}

/** channels are the three ways in: how a user asks for a person there, and what they see of the desk. */
const channels = [
  {
    name: 'web chat', lang: 'zh', fees: entry('fees_overview', 'zh'), ask: '转人工', waiting: '转接人工', joined: 'Mei 已加入对话', returned: '现在由智能助手继续', resolved: '已将这次的问题标记为已解决',
    after: entry('refund_time', 'zh'), reply: '您好，这笔费用我来帮您核对。', silent: '手续费是多少？在吗',
    async open() {
      const { person, chat } = await visitor('zh');
      return { person, page: chat.page, say: (t) => chat.say(t), heard: (t, by) => chat.heard(t, by), texts: () => chat.texts() };
    },
  },
  {
    name: 'Telegram', lang: 'en', fees: entry('fees_overview', 'en'), ask: 'I want to talk to a human', waiting: 'colleague', joined: 'Mei has joined', returned: 'You are talking with the assistant again', resolved: 'has marked this as resolved',
    after: entry('refund_time', 'en'), reply: 'Hello, I am checking that fee for you.', silent: 'What are your fees? Hello?',
    async open() {
      const person = await browser.person();
      const t = await Telegram.open(await person.newPage(), demo.telegram, 'en', 'Omar');
      return { person, page: t.page, say: (x) => t.say(x), heard: (x) => t.heard(x), texts: () => t.all.allInnerTexts() };
    },
  },
  {
    name: 'Slack', lang: 'zh', fees: entry('fees_overview', 'zh'), ask: '人工', waiting: '转接人工', joined: 'Mei 已加入对话', returned: '现在由智能助手继续', resolved: '已将这次的问题标记为已解决',
    after: entry('refund_time', 'zh'), reply: '您好，这笔费用我来帮您查一下。', silent: '手续费是多少？还在吗',
    async open() {
      const person = await browser.person({ lang: 'zh' });
      const s = await Slack.open(await person.newPage(), demo.slack, 'zh');
      return { person, page: s.page, say: (x) => s.say(x), heard: (x) => s.heard(x), texts: () => s.log.locator('.msg').allInnerTexts() };
    },
  },
];

for (const c of channels) {
  test(`${c.name}: a user asks for a person, an agent claims, answers, returns and resolves`, async () => {
    const { desk, person } = await agent('mei', { lang: c.lang === 'zh' ? 'zh' : 'en' });
    const same = await stay(desk.page);
    const user = await c.open();
    await user.say(c.fees.ask);
    await user.heard(c.fees.answer);
    await user.say(c.ask);
    await user.heard(c.waiting);

    await count(desk.waiting, 1, 'waiting conversation, come by itself');
    assert.match(await desk.page.title(), /^\(1\)/, 'the window\'s title counts it');
    await desk.waiting.first().click();
    await desk.heard(c.fees.ask, 'user');
    await desk.page.locator('[data-testid="card-answered"]').filter({ hasText: c.fees.ask }).waitFor();
    await shot(desk.page, `inbox-waiting-${c.name.replace(' ', '')}`);
    await desk.claim();
    await user.heard(c.joined, 'notice');

    // The bot is silent now: what the user says next is answered by the agent alone.
    await user.say(c.silent);
    await desk.heard(c.silent, 'user');
    await desk.answer(c.reply);
    await user.heard(c.reply, 'agent');
    const texts = (await user.texts()).join('\n');
    assert.equal(texts.split(c.fees.answer).length - 1, 1, `the bot has answered the first time only: ${texts}`);

    await desk.page.locator('[data-testid="mode-note"]').click();
    await desk.note.fill('Looks like a double fee. 内部备注');
    await desk.page.locator('[data-testid="add-note"]').click();
    await desk.heard('内部备注', 'note');
    await shot(desk.page, `inbox-mine-${c.name.replace(' ', '')}`);

    await desk.act('return');
    await user.heard(c.returned, 'notice');
    await user.say(c.after.ask);
    await user.heard(c.after.answer);
    assert.doesNotMatch((await user.texts()).join('\n'), /内部备注|double fee/, 'a note stays inside');

    // A second time, to the end.
    await user.say(c.ask);
    await user.heard(c.waiting);
    await (await desk.row('#2')).click();
    await desk.state('waiting');
    await desk.claim();
    await desk.act('resolve');
    await user.heard(c.resolved, 'notice');
    await count(desk.rows, 0, 'open conversation');
    assert.equal(await same(), true, 'all of it without a reload');
    await person.close();
    await user.person.close();
  });
}

test('in a Slack channel the agent answers in the thread', async () => {
  const user = await browser.person();
  const s = await Slack.open(await user.newPage(), demo.slack, 'en', 'help');
  await s.say('@deskbell I want to talk to a human');
  const t = await s.thread();
  await t.heard('colleague');
  const { desk, person } = await agent('mei');
  await count(desk.waiting, 1);
  await desk.waiting.first().click();
  await desk.claim();
  await desk.answer('I am here, in your thread.');
  await t.heard('I am here, in your thread.');
  assert.equal(await s.bot.count(), 0, 'nothing outside of the thread');
  await desk.act('resolve');
  await t.heard('marked this as resolved');
  await user.close();
  await person.close();
});

test('a reply with a foreign address or number, or a question for a secret, is held with the reason; what was typed stays', async () => {
  const { person: user, chat } = await visitor('en');
  await chat.say('agent');
  await chat.heard('colleague');
  for (const lang of ['en', 'zh']) {
    const { desk, person } = await agent('mei', { lang });
    await count(desk.rows, 1);
    await desk.rows.first().click();
    if (lang === 'en') await desk.claim();
    await desk.state('mine');
    const held = desk.page.locator('[data-testid="held"]');
    for (const [text, reason] of [
      ['Please go to https://evil.example.net/login', { en: /https:\/\/evil\.example\.net\/login.*is not one of our official contacts/, zh: /evil\.example\.net/ }],
      ['Call +1 212 555-0199 please', { en: /555-0199.*is not one of our official contacts/, zh: /555-0199/ }],
      ['Please send me your password', { en: /asks the user for sensitive data: password/, zh: /在向用户索要敏感信息：密码/ }],
      ['The user\'s password is hunter2', { en: /contains sensitive data: password/, zh: /内容含有敏感信息：密码/ }],
    ]) {
      await desk.reply.fill(text);
      await desk.reply.press('Control+Enter');
      await held.filter({ hasText: reason[lang] }).waitFor();
      assert.equal(await desk.reply.inputValue(), text, 'what was typed is still there');
      assert.equal(await desk.reply.evaluate((el) => el === document.activeElement), true, 'and can be mended at once');
    }
    await shot(desk.page, `inbox-held-${lang}`);
    await desk.answer(lang === 'en' ? 'You find all fees at https://okpay.example.com/fees' : '所有费用见 https://okpay.example.com/fees');
    await count(held, 0, 'reason for holding');
    await person.close();
  }
  await chat.heard('You find all fees at', 'agent');
  await chat.heard('所有费用见', 'agent');
  assert.doesNotMatch((await chat.texts()).join('\n'), /evil|0199|send me your/);
  const { desk, person } = await agent('mei');
  await desk.open('#');
  await desk.act('resolve');
  await chat.heard('marked this as resolved', 'notice');
  await person.close();
  await user.close();
});

test('two agents claim at once: one has it, the other is told who', async () => {
  const { person: user, chat } = await visitor('en');
  await chat.say('agent');
  await chat.heard('colleague');
  const mei = await agent('mei');
  const omar = await agent('omar', { lang: 'zh' });
  const both = [mei, omar];
  for (const { desk } of both) {
    await count(desk.waiting, 1);
    await desk.waiting.first().click();
    await desk.state('waiting');
  }
  // Both requests wait at the door until both are there: neither page can have heard of the other's claim.
  let together = 0;
  let open;
  const gate = new Promise((resolve) => { open = resolve; });
  for (const { desk } of both) {
    await desk.page.route('**/claim', async (route) => {
      if (++together === 2) open();
      await gate;
      await route.continue();
    });
  }
  await Promise.all(both.map(({ desk }) => desk.act('claim')));
  const states = await until('both know', async () => {
    const s = await Promise.all(both.map(({ desk }) => desk.page.locator('.conv').getAttribute('data-state')));
    return s.includes('mine') && s.includes('other') ? s : undefined;
  });
  const [winner, loser] = states[0] === 'mine' ? both : [omar, mei];
  const name = winner === mei ? 'Mei' : 'Omar';
  await loser.desk.banner.filter({ hasText: name }).waitFor();
  assert.match(await loser.desk.banner.innerText(), loser === mei ? /Omar was faster/ : /Mei 抢先一步/);
  assert.equal(await loser.desk.reply.isDisabled(), true);
  await shot(loser.desk.page, 'inbox-taken');
  await chat.heard(`${name} has joined`, 'notice');
  await until('one notice only', async () => (await chat.texts()).filter((t) => t.includes('has joined')).length === 1);
  await winner.desk.act('resolve');
  await chat.heard('marked this as resolved', 'notice');
  await loser.desk.state('closed');
  for (const { person } of both) await person.close();
  await user.close();
});

test('what an agent types stays while the conversation goes on, and an input method keeps its Enter', async () => {
  const { person: user, chat } = await visitor('zh');
  await chat.say('转人工');
  await chat.heard('转接人工');
  const { desk, person } = await agent('omar', { lang: 'zh' });
  await desk.open('#');
  await desk.claim();
  await desk.reply.fill('请稍等，');
  await desk.reply.focus();
  await desk.page.keyboard.press('End');
  await chat.say('我的密码是 hunter2');
  await desk.heard('[密码已移除]', 'user');
  assert.equal(await desk.reply.inputValue(), '请稍等，');
  const ime = await compose(desk.page, 'wo');
  await ime.commit('我查一下');
  assert.equal(await desk.reply.inputValue(), '请稍等，我查一下');
  await desk.reply.press('Enter');
  assert.equal(await desk.reply.inputValue(), '请稍等，我查一下\n', 'Enter breaks the line, only Ctrl+Enter sends');
  await desk.reply.press('Control+Enter');
  await chat.heard('请稍等，我查一下', 'agent');
  assert.equal(await desk.reply.inputValue(), '');
  assert.doesNotMatch(await desk.page.content(), /hunter2/);
  await desk.act('resolve');
  await chat.heard('标记为已解决', 'notice');
  await person.close();
  await user.close();
});

test('a click counts even when the list changes under the pointer', async () => {
  const first = await visitor('en');
  await first.chat.say('agent');
  await first.chat.heard('colleague');
  const { desk, person } = await agent('mei');
  const row = await desk.row('#1');
  const box = await row.boundingBox();
  await desk.page.mouse.move(box.x + 40, box.y + 20);
  await desk.page.mouse.down();
  const fetched = desk.page.waitForResponse((r) => r.request().headers()['x-part'] === 'list');
  const second = await visitor('zh');
  await second.chat.say('转人工');
  await (await fetched).finished();
  await desk.page.mouse.up();
  await desk.page.locator('[data-testid="conversation-name"]').filter({ hasText: '#1' }).waitFor();
  await desk.row('#2'); // what came meanwhile is there, too
  for (const p of [person, first.person, second.person]) await p.close();
});

test('on a phone: list, conversation, context and back', async () => {
  const { person: user, chat } = await visitor('zh');
  await chat.say('有人盗用了我的账户');
  await chat.heard('优先');
  for (const lang of ['en', 'zh']) {
    const { desk, person } = await agent('mei', { small: true, dark: lang === 'zh', lang });
    const fits = async (what) => assert.ok(await desk.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what}: nothing sticks out`);
    await count(desk.waiting, 1);
    await fits('list');
    await shot(desk.page, `inbox-phone-list-${lang}`);
    await desk.waiting.first().tap();
    await desk.messages.first().waitFor();
    await fits('conversation');
    await shot(desk.page, `inbox-phone-conversation-${lang}`);
    await desk.page.locator('.card-toggle').tap();
    await desk.page.locator('[data-testid="card"]').waitFor();
    await fits('context');
    await shot(desk.page, `inbox-phone-context-${lang}`);
    await desk.page.locator('.card-toggle').tap();
    await desk.page.locator('[data-testid="back"]').tap();
    await desk.waiting.first().waitFor();
    await person.close();
  }
  await user.close();
});
