// A node's clock set by this machine's. The node is a shell of this machine whose `date` is a file of the test: no real clock is touched.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseFacts } from '../../../src/main/domain/nodes/facts/parse-facts.js';
import type { NodeSession } from '../../../src/main/domain/nodes/provisioning/node-session.js';
import { doClockWork } from '../../../src/main/domain/nodes/provisioning/clock-work.js';
import type { NodeFacts } from '../../../src/shared/testbed.js';

const NOW_MS = Date.UTC(2026, 10, 28);
/** `date -u -s @SECONDS` moves it, unless it is stuck; `date +%s.%N` and `date +%s%N` tell it. */
const DATE = `#!/bin/sh
case "$1 $2" in
'-u -s') [ -e stuck ] || echo "\${3#@}" >clock ;;
'+%s%N ') tr -d . <clock ;;
*) cat clock ;;
esac
`;

let dir: string;
let stored: NodeFacts | null;
let nowMs: number;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-clock-'));
  writeFileSync(join(dir, 'date'), DATE, { mode: 0o755 });
  writeFileSync(join(dir, 'id'), '#!/bin/sh\n[ "$1" = -u ] && echo 0 || exec /usr/bin/id "$@"\n', { mode: 0o755 });
  writeFileSync(join(dir, 'hwclock'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(dir, 'clock'), '95.250000000\n');
  stored = null;
  nowMs = NOW_MS;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** `sudoSec`: how long it takes until root gets to what it is to do; both clocks run on meanwhile. */
function sessionOf(clockOffsetMs: number | null, { sudoSec = 0 } = {}): NodeSession {
  let facts = { ...parseFacts('', NOW_MS), clockOffsetMs, clockErrorMs: 5 };
  const attempt = (script: string) => {
    if (script.includes('date -u')) {
      nowMs += sudoSec * 1_000;
      writeFileSync(join(dir, 'clock'), `${(Number(readFileSync(join(dir, 'clock'), 'utf8')) + sudoSec).toFixed(9)}\n`);
    }
    const env = { PATH: `${dir}:/usr/bin:/bin` };
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { cwd: dir, env, encoding: 'utf8' });
    return Promise.resolve({ code: status, stdout, stderr, isTruncated: false });
  };
  const session = {
    node: { name: 'orin-1', kind: 'real', user: 'nvidia' },
    setsClock: true,
    get facts() {
      return facts;
    },
    tools: { nowMs: () => nowMs },
    attempt,
    run: async (_what: string, script: string) => (await attempt(script)).stdout,
    noteFacts: (read: NodeFacts) => void (facts = read as typeof facts),
    updateNode: ({ facts }: { facts: NodeFacts }) => (stored = facts),
  };
  return session as unknown as NodeSession;
}

test('a clock that was never set gets this machine’s time, and the node’s facts its new offset', async () => {
  expect(await doClockWork(sessionOf(95_250 - NOW_MS))).toEqual(['Its clock was not set: it is in 1970, and was set.']);

  expect(readFileSync(join(dir, 'clock'), 'utf8')).toBe(`${NOW_MS / 1000}.000000000\n`);
  expect(stored).toMatchObject({ clockOffsetMs: 0 });
});

test('a sudo that asks name servers for half a minute before it lets root in does not make the clock wrong by that', async () => {
  await doClockWork(sessionOf(95_250 - NOW_MS, { sudoSec: 30 }));

  expect(readFileSync(join(dir, 'clock'), 'utf8')).toBe(`${NOW_MS / 1000 + 30}.000000000\n`);
  expect(stored).toMatchObject({ clockOffsetMs: 0 });
});

test('a clock that was right again when its turn came is left alone', async () => {
  writeFileSync(join(dir, 'clock'), `${NOW_MS / 1000}.000000000\n`);

  expect(await doClockWork(sessionOf(95_250 - NOW_MS))).toEqual(['Its clock is right by now, and was left alone.']);
  expect(stored).toMatchObject({ clockOffsetMs: 0 });
});

test.each([400, null])('a clock that is off by %s ms is left alone', async (offsetMs) => {
  expect(await doClockWork(sessionOf(offsetMs))).toEqual([]);
  expect(readFileSync(join(dir, 'clock'), 'utf8')).toBe('95.250000000\n');
});

test('a clock that does not stay set is reported', async () => {
  writeFileSync(join(dir, 'stuck'), '');

  await expect(doClockWork(sessionOf(95_250 - NOW_MS))).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('"orin-1" was set, and is not set: it is in 1970') as string,
  });
});
