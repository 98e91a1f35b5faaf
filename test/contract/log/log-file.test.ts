// The log on disk: private, bounded, read back over its files, and followed over a rotation.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src/shared/errors.js';
import { openLog, type OpenLog } from '../../../src/main/adapters/log/open-log.js';
import { followLog, parseLine, readLastLines } from '../../../src/main/adapters/log/read-log.js';
import { Redactor } from '../../../src/main/adapters/log/redactor.js';
import { RotatingFile } from '../../../src/main/adapters/log/rotating-file.js';

let dataDir: string;
const opened: OpenLog[] = [];
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-log-'))));
afterEach(() => {
  for (const log of opened.splice(0)) log.close();
  rmSync(dataDir, { recursive: true, force: true });
});

function open(role: 'owner' | 'reader' = 'owner', redactor = new Redactor()): OpenLog {
  const log = openLog({ dataDir, redactor, role, shell: 'cli' });
  opened.push(log);
  return log;
}

function smallFile(path: string): RotatingFile {
  return new RotatingFile({ path, maxBytes: 1000, keep: 2, rotates: true, describeLoss: (lost) => `{"lost":${lost}}\n` });
}

test('an error is in the file when the call returns, with its stack, that of its cause, and the ids', () => {
  const log = open();
  log.error('It broke', new Error('outside', { cause: new TypeError('inside') }), {
    runId: 'run-1',
    taskId: 'task-2',
    requestId: 'request-3',
  });

  const [line] = readFileSync(log.path, 'utf8').trim().split('\n').map(parseLine);

  expect(line).toMatchObject({ level: 'error', message: 'It broke' });
  expect(line!.fields).toEqual(
    expect.arrayContaining([
      { name: 'runId', value: 'run-1' },
      { name: 'taskId', value: 'task-2' },
      { name: 'requestId', value: 'request-3' },
    ]),
  );
  expect(line!.stack).toMatch(/Error: outside\n {4}at [\s\S]*caused by TypeError: inside\n {4}at /);
});

test('no one else may read it, also where the folder was there before and open to all', () => {
  mkdirSync(join(dataDir, 'logs'), { mode: 0o755 });
  chmodSync(join(dataDir, 'logs'), 0o755);
  const log = open();
  log.error('It broke', new Error('x'));

  expect(statSync(log.path).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(log.path)).mode & 0o777).toBe(0o700);
});

test('a secret that was seen is in no line, wherever it stood', () => {
  const redactor = new Redactor();
  redactor.remember('Hunter-2-Hunter');
  const log = open('owner', redactor);
  log.warn('said Hunter-2-Hunter', { output: 'Hunter-2-Hunter' });
  log.error('failed', new AppError('io', 'with Hunter-2-Hunter', null, { cause: new Error('Hunter-2-Hunter') }));

  expect(readFileSync(log.path, 'utf8')).not.toContain('Hunter-2');
  expect(readLastLines(log.path, 10)).toHaveLength(2);
});

test('a command that only reads leaves nothing behind unless something fails', () => {
  const log = open('reader');
  log.info('of no importance');
  log.close();
  expect(existsSync(log.path)).toBe(false);

  log.error('It broke', new Error('x'));
  expect(readLastLines(log.path, 10)).toHaveLength(1);
});

test('the files stay bounded in size and number, and the last lines are read over them', () => {
  const path = join(dataDir, 'logs', 'dedgeai.log');
  const file = smallFile(path);
  for (let i = 0; i < 200; i++) {
    file.write(`${JSON.stringify({ level: 'info', msg: `line ${i}`, runId: i % 2 === 0 ? 'even' : 'odd' })}\n`);
    file.flush();
  }
  file.close();

  expect(readdirSync(dirname(path)).sort()).toEqual(['dedgeai.1.log', 'dedgeai.2.log', 'dedgeai.log']);
  for (const name of readdirSync(dirname(path))) expect(statSync(join(dirname(path), name)).size).toBeLessThanOrEqual(1000);
  const last = readLastLines(path, 30).map(({ message }) => message);
  expect(last).toEqual(Array.from({ length: 30 }, (_, i) => `line ${170 + i}`));
  expect(readLastLines(path, 3, { runId: 'even' }).map(({ message }) => message)).toEqual(['line 194', 'line 196', 'line 198']);
});

test('a file that another program has rotated away is let go', () => {
  const path = join(dataDir, 'logs', 'dedgeai.log');
  const reader = new RotatingFile({ path, maxBytes: 1000, keep: 2, rotates: false, describeLoss: String });
  reader.write('one\n');
  reader.flush();
  rmSync(path);
  reader.write('two\n');
  reader.close();

  expect(readFileSync(path, 'utf8')).toBe('two\n');
});

test('lines that come are followed, over a rotation, and none twice', async () => {
  const path = join(dataDir, 'logs', 'dedgeai.log');
  const file = smallFile(path);
  file.write(`${JSON.stringify({ msg: 'before' })}\n`);
  file.flush();
  const stop = new AbortController();
  const coming = followLog(path, {}, stop.signal);
  const expected = Array.from({ length: 25 }, (_, i) => `line ${i} ${'x'.repeat(40)}`);
  for (const message of expected) {
    file.write(`${JSON.stringify({ msg: message })}\n`);
    file.flush();
  }
  // One rotation has happened: what was written to the file that was rotated away still comes first.
  expect(existsSync(join(dataDir, 'logs', 'dedgeai.1.log'))).toBe(true);
  expect(existsSync(join(dataDir, 'logs', 'dedgeai.2.log'))).toBe(false);
  const heard: string[] = [];
  for await (const { message } of coming) {
    heard.push(message);
    if (heard.length === expected.length) stop.abort();
  }
  file.close();

  expect(heard).toEqual(expected);
});

test('what no line can be made of is shown as it stands', () => {
  expect(parseLine('{"level":"error","msg":"cut o')).toMatchObject({ level: 'warn', message: '{"level":"error","msg":"cut o' });
});
