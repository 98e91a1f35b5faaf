// A program that is killed while it provisions, at every step in turn.
import { spawn } from 'node:child_process';
import { beforeAll, expect, test, vi } from 'vitest';
import { PROVISION_STEPS } from '../../../src/shared/provisioning.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { listTree, openProvisionHarness } from '../../support/provision-harness.js';
import { stepStates } from '../../support/provisioning-services.js';

vi.setConfig({ testTimeout: 400_000, hookTimeout: 120_000 });

let bundle: string;
let dying: string;

beforeAll(async () => {
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  dying = await buildEntry('test/support/provision-and-die.ts');
});

/** Resolves with the signal that ended the program; null when it ended by itself. */
function runAndDie(input: readonly string[]): Promise<NodeJS.Signals | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [dying, ...input], { stdio: ['ignore', 'ignore', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (_, signal) => resolve(signal));
  });
}

/** What has to be the same on every node: paths and modes, and the bytes of what is not made for one node alone. */
function comparable(home: string): Map<string, string> {
  const ofOneNode = /^\.dedgeai\/(tls\/|config\.json|agent\.(log|pid|ready|started)|supervisor\.pid|results\/)/;
  const volatile = /^\.dedgeai\/agent\.log(\.1)?$/;
  return new Map(
    [...listTree(home)]
      .filter(([path]) => !volatile.test(path))
      .map(([path, what]) => [path, ofOneNode.test(path) ? what.replace(/ [0-9a-f]{64}$/, '') : what]),
  );
}

test('a program killed at every step in turn, and run again, leaves the node as an undisturbed one does', async (context) => {
  const sshd = findSshd();
  if (!sshd) {
    await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
    return;
  }
  const harness = await openProvisionHarness({ sshd, bundlePath: bundle, nodeCount: 2 });
  try {
    const [undisturbed, disturbed] = harness.nodes;
    const { services, testbed } = harness;
    expect((await harness.provision([undisturbed!.id])).state).toBe('succeeded');

    for (const step of PROVISION_STEPS) {
      const ended = await runAndDie([services.dataDir, bundle, testbed.id, disturbed!.id, step]);
      expect(ended, step).toBe('SIGKILL');
      services.provisioning.recoverInterrupted();
      expect(services.provisioning.list(testbed.id)[0]?.state, step).toBe('failed');
    }
    const last = await harness.provision([disturbed!.id]);

    expect(last.state).toBe('succeeded');
    expect(comparable(harness.homeOf(disturbed!))).toEqual(comparable(harness.homeOf(undisturbed!)));
    expect([...listTree(harness.homeOf(disturbed!)).keys()].filter((path) => path.endsWith('.part'))).toEqual([]);
    expect(stepStates((await harness.provision([disturbed!.id])).nodes[0])).not.toContain('=changed');
  } finally {
    await harness.close();
  }
});
