// A push harness for every test of a file.
import { afterEach, beforeAll, beforeEach, type TestContext } from 'vitest';
import { buildEntry } from './build-entry.js';
import { findSshd } from './find-tools.js';
import { openPushHarness, type PushHarness } from './push-harness.js';

/**
 * Opens a harness before each test of the file that calls this, and closes it afterwards. What it returns gives a test the harness: null, and a
 * word about it, on a machine without OpenSSH's server.
 */
export function openPushHarnesses(): (context: TestContext) => Promise<PushHarness | null> {
  let worker: string;
  let harness: PushHarness | null;

  beforeAll(async () => {
    worker = await buildEntry('src/main/programs/push-worker/push-worker.ts');
  });
  beforeEach(async () => {
    const sshd = findSshd();
    harness = sshd ? await openPushHarness({ sshd, workerPath: worker }) : null;
  });
  afterEach(() => harness?.close());

  return async (context) => {
    if (!harness) await context.annotate('There is no sshd on this machine, so pushing was not tried.');
    return harness;
  };
}
