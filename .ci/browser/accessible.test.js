// Every page under axe: nothing serious, nothing critical, light and dark, large and small.

import { after, before, test } from 'node:test';
import { Browser, accessible, ends, shot } from './lib/browser.js';
import { Chat, Site } from './lib/chat.js';
import { Demo } from './lib/demo.js';
import { Desk } from './lib/desk.js';
import { entry } from './lib/library.js';
import { Slack } from './lib/slack.js';
import { Telegram } from './lib/telegram.js';

let demo, browser, site;
before(async () => {
  demo = await Demo.start();
  browser = await Browser.launch();
  site = await Site.start(demo.web);
});
after(() => ends(() => site.stop(), () => browser.close(), () => demo.finish('hunter2')));

const looks = [
  { name: 'light', lang: 'en', options: {} },
  { name: 'dark', lang: 'zh', options: { dark: true } },
  { name: 'phone', lang: 'zh', options: { small: true } },
  { name: 'phone-dark', lang: 'en', options: { small: true, dark: true } },
];
const say = {
  en: { refund: entry('refund_time', 'en'), secret: 'my password is hunter2', refused: 'I removed your password', human: 'agent', waiting: 'colleague', chat: 'Omar' },
  zh: { refund: entry('refund_time', 'zh'), secret: '我的密码是 hunter2', refused: '您发送的密码', human: '转人工', waiting: '转接人工', chat: 'Lin' },
};

for (const l of looks) {
  const words = say[l.lang];
  const person = () => browser.person({ lang: l.lang, axe: true, ...l.options });

  test(`landing page, widget and web chat (${l.name})`, async () => {
    const p = await person();
    const page = await p.newPage();
    await page.goto(demo.web);
    await accessible(page, 'landing');
    const chat = await Chat.onSite(page, site, l.lang === 'en' ? 'en' : 'zh-Hans');
    await chat.open();
    await chat.say(words.refund.ask);
    await chat.heard(words.refund.answer);
    await chat.say(words.secret);
    await chat.heard(words.refused);
    await accessible(page, 'a website with the widget');
    await accessible(page.frames().find((f) => f.url().includes('/webchat')), 'the widget\'s frame');
    await shot(page, `axe-widget-${l.name}`);
    const full = await Chat.asPage(page, demo.chat);
    await full.frame.locator('[data-testid="menu-button"]').click();
    await accessible(page, 'web chat with its menu');
    await shot(page, `axe-webchat-${l.name}`);
    await p.close();
  });

  test(`the stand-ins of Telegram and Slack (${l.name})`, async () => {
    const p = await person();
    const t = await Telegram.open(await p.newPage(), demo.telegram, l.lang, words.chat);
    await accessible(t.page, 'Telegram, an empty chat or the one before');
    await t.say('/start');
    await t.bot.last().locator('.keys').waitFor();
    await t.say(words.secret);
    await t.heard(words.refused);
    await accessible(t.page, 'Telegram');
    await shot(t.page, `axe-telegram-${l.name}`);
    await Telegram.open(t.page, demo.telegram, l.lang, 'Night Market');
    await accessible(t.page, 'Telegram, a group');
    const s = await Slack.open(await p.newPage(), demo.slack, l.lang);
    await s.say(words.secret);
    await s.heard(words.refused);
    await accessible(s.page, 'Slack');
    const c = await Slack.open(s.page, demo.slack, l.lang, 'help');
    await c.say(`@deskbell ${words.refund.ask}`);
    const thread = await c.thread();
    await thread.heard(words.refund.answer);
    await accessible(s.page, 'Slack, a thread');
    await shot(s.page, `axe-slack-${l.name}`);
    await p.close();
  });

  test(`sign-in and inbox (${l.name})`, async () => {
    const u = await browser.person({ lang: l.lang });
    const chat = await Chat.asPage(await u.newPage(), demo.chat);
    await chat.say(words.refund.ask);
    await chat.heard(words.refund.answer);
    await chat.say(words.secret);
    await chat.heard(words.refused);
    await chat.say(words.human);
    await chat.heard(words.waiting);
    const p = await person();
    const page = await p.newPage();
    await page.goto(demo.inbox);
    await accessible(page, 'sign-in');
    await page.getByTestId('login').fill('ada');
    await page.getByTestId('password').fill('wrong');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('login-error').waitFor();
    await accessible(page, 'sign-in, refused');
    await shot(page, `axe-login-${l.name}`);
    const desk = await Desk.signIn(page, demo.inbox, 'mei');
    await accessible(page, 'inbox');
    await desk.waiting.first().click();
    await desk.state('waiting');
    await accessible(page, 'a waiting conversation');
    await desk.claim();
    await desk.reply.fill('https://evil.example.net');
    await desk.reply.press('Control+Enter');
    await page.getByTestId('held').waitFor();
    await page.getByTestId('mode-note').click();
    await desk.note.fill('A note.');
    await page.getByTestId('add-note').click();
    await desk.heard('A note.', 'note');
    await accessible(page, 'a conversation of one\'s own');
    await shot(page, `axe-inbox-${l.name}`);
    await page.getByTestId('menu').click();
    await accessible(page, 'the menu');
    await page.keyboard.press('Escape');
    await desk.act('resolve');
    await desk.state('closed');
    await accessible(page, 'a closed conversation');
    await page.goto(`${demo.inbox}?view=closed`);
    await accessible(page, 'the closed ones');
    await page.goto(`${demo.inbox}/nowhere`);
    await accessible(page, 'an error');
    await p.close();
    await u.close();
  });

  test(`console (${l.name})`, async () => {
    const p = await person();
    const page = await p.newPage();
    await Desk.signIn(page, demo.console, 'ada');
    await accessible(page, 'overview');
    for (const path of ['/library', '/library/refund_time', '/contacts', '/try']) {
      await page.goto(demo.console + path);
      await accessible(page, path);
    }
    await page.getByTestId('try-text').fill(words.secret);
    await page.getByTestId('try-submit').click();
    await page.getByTestId('try-decision').waitFor();
    await accessible(page, 'a result');
    await shot(page, `axe-try-${l.name}`);
    await p.close();
  });
}
