// One running `deskbell demo` of a test file: its addresses, its log, its data, and a clean end.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strict as assert } from 'node:assert';

/** binary is the program under test. */
export const binary = process.env.DESKBELL_BIN ?? fileURLToPath(new URL('../../out/deskbell', import.meta.url));
const START = 30_000; // ms; a busy CI machine
const STOP = 20_000;

/** withoutDeskbell is the environment less every option of the program, so that a developer's own do not count. */
export const withoutDeskbell = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('DESKBELL_')));

/** Demo is the program as `deskbell demo` runs it, in a folder of its own. */
export class Demo {
  #child;
  #exit;

  /** start makes the folder and runs the program on a free port. */
  static async start() {
    const d = new Demo();
    d.dir = await mkdtemp(join(tmpdir(), 'deskbell-browser-'));
    d.data = join(d.dir, 'data');
    d.logPath = join(d.dir, 'program.log');
    d.log = createWriteStream(d.logPath);
    await d.run('127.0.0.1:0');
    return d;
  }

  /** run starts the program and reads where everything is from what it prints. */
  async run(listen) {
    this.#child = spawn(binary, ['demo', '--listen', listen, '--data', this.data, '--log-level', 'debug'], {
      env: withoutDeskbell(), stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = this.#child;
    this.#exit = new Promise((resolve, reject) => {
      child.on('error', reject); // no such binary
      child.on('exit', (code, signal) => resolve({ code, signal }));
    });
    this.#exit.catch(() => {});
    process.once('exit', () => child.kill('SIGKILL')); // a test run that breaks leaves nothing behind
    child.stdout.pipe(this.log, { end: false });
    child.stderr.pipe(this.log, { end: false });
    const said = await Promise.race([this.#greeting(), this.#exit.then(({ code }) => { throw new Error(`deskbell demo ended with ${code}, see ${this.logPath}`); })]);
    Object.assign(this, addresses(said));
  }

  /** #greeting is everything printed up to the last line. */
  #greeting() {
    return new Promise((resolve, reject) => {
      let text = '';
      const late = setTimeout(() => reject(new Error(`deskbell demo has not printed its addresses in ${START} ms, only: ${text}`)), START);
      this.#child.stdout.on('data', (chunk) => {
        text += chunk;
        if (!text.includes('Ctrl-C')) return;
        clearTimeout(late);
        resolve(text);
      });
    });
  }

  /** crash ends the program as a power cut would, and waits until it is gone. */
  async crash() {
    this.#child.kill('SIGKILL');
    const { signal } = await this.#exit;
    assert.equal(signal, 'SIGKILL');
  }

  /** restart runs it again on the same folder and the same port. */
  async restart() {
    await this.run(new URL(this.web).host);
  }

  /** interrupt is Ctrl-C: the program must end by itself, and well. */
  async interrupt() {
    this.#child.kill('SIGINT');
    let late;
    const end = await Promise.race([this.#exit, new Promise((resolve) => { late = setTimeout(resolve, STOP, 'late'); })]);
    clearTimeout(late);
    if (end === 'late') {
      this.#child.kill('SIGKILL');
      assert.fail(`deskbell demo has not stopped ${STOP} ms after Ctrl-C`);
    }
    assert.deepEqual(end, { code: 0, signal: null }, `the end after Ctrl-C; log: ${await this.logText()}`);
  }

  /** finish is the end of a test file: a clean stop, and none of the canaries in anything that was written. */
  async finish(...canaries) {
    await this.interrupt();
    const found = await this.leaks(canaries);
    assert.deepEqual(found, [], 'values that were typed and must rest nowhere');
    await new Promise((resolve) => this.log.end(resolve));
    await rm(this.dir, { recursive: true });
  }

  logText() {
    return readFile(this.logPath, 'utf8');
  }

  /** leaks looks for the canaries, in any case, in every file under the folder: database, its journal, the log. */
  async leaks(canaries) {
    const files = (await readdir(this.dir, { recursive: true, withFileTypes: true })).filter((f) => f.isFile());
    assert.ok(files.some((f) => f.name.endsWith('.db')), 'there is a database to look into');
    const found = [];
    for (const f of files) {
      const bytes = (await readFile(join(f.parentPath ?? f.path, f.name))).toString('latin1').toLowerCase();
      for (const c of canaries) {
        if (bytes.includes(Buffer.from(c.toLowerCase()).toString('latin1'))) found.push(`${c} in ${f.name}`);
      }
    }
    return found;
  }
}

/** addresses reads the printed list; the words beside the addresses are part of what the demo promises. */
export function addresses(said) {
  const line = (word) => {
    const hit = said.split('\n').find((l) => l.includes(word))?.match(/http:\/\/127\.0\.0\.1:\d+\S*/)?.[0];
    assert.ok(hit, `an address for "${word}" in: ${said}`);
    return hit;
  };
  return {
    web: line('start here'), chat: line('web chat'), telegram: line('Telegram'), slack: line('Slack'),
    inbox: line("agents' inbox"), console: line('console'),
  };
}
