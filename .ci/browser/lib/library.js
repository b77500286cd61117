// What the library says, asked of the program itself, so that a better wording of an answer breaks no test.

import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { binary, withoutDeskbell } from './demo.js';

const library = JSON.parse(execFileSync(binary, ['faq', 'export'], { env: withoutDeskbell(), encoding: 'utf8', maxBuffer: 64 << 20 }));
const entries = new Map(library.topics.flatMap((t) => t.entries).map((e) => [e.intent, e]));
const tags = { en: 'en', zh: 'zh-Hans' };

/** entry returns of an intent its title, a question that is surely answered with it, the longest plain stretch of the answer (no
 * mark-up, no placeholder, so that it stands on every channel as it is), its number of list items and the titles of what is related. */
export function entry(intent, lang) {
  const e = entries.get(intent);
  assert.ok(e, `the library has an entry ${intent}`);
  const text = (t) => t[tags[lang]];
  const stretches = text(e.answer).split(/\n|\{\{.*?\}\}|\[|\]\(.*?\)|[*_`]|^- |^\d+\. /m).map((s) => s.trim());
  const answer = stretches.sort((a, b) => b.length - a.length)[0];
  assert.ok(answer.length > 8, `the answer of ${intent} has a stretch of plain words`);
  return {
    title: text(e.title), ask: text(e.phrases)[0] + (lang === 'en' ? '?' : '？'), answer,
    items: text(e.answer).split('\n').filter((l) => l.startsWith('- ')).length,
    related: (e.related ?? []).map((r) => text(entries.get(r).title)),
  };
}
