// Calendars that are wrong, and a real sudo that asks, asks nothing or lets no one in, on nodes of their own (namespaces, libfaketime, sudo). Each
// test continues where the one before ended.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProvisioningRun } from '../../../src/shared/provisioning.js';
import { buildEntry } from '../../support/build-entry.js';
import { type NamespaceHarness, openNamespaceHarness, whyNoNamespaces } from '../../support/namespaces/namespace-harness.js';
import { findFaketime } from '../../support/namespaces/namespaced-node.js';
import { stepOf } from '../../support/provisioning-services.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** The nodes by what their sudo says, in their order. */
const [OUTSIDER, ASKED, FREE, MISTYPED] = [0, 1, 2, 3] as const;
const WRONG_PASSWORD = 'not-the-password-of-it';
const HOUR_MS = 3_600_000;
/** Beyond the bound of the measurement: what libfaketime rounds. */
const ROUNDING_MS = 10;

const reason = whyNoNamespaces() ?? whyNotFitted();
let harness: NamespaceHarness;
const commands: string[] = [];
const runs: ProvisioningRun[] = [];

function whyNotFitted(): string | null {
  if (findFaketime() === null) return 'libfaketime is not installed (package faketime)';
  return existsSync('/usr/bin/sudo') ? null : 'sudo is not installed';
}

if (reason !== null) it('are not tried: nodes whose clocks are wrong and whose sudo asks', (context) => context.skip(`not run: ${reason}`));
else
  describe('nodes whose clocks are wrong', () => {
    beforeAll(async () => {
      harness = await openNamespaceHarness({
        bundlePath: await buildEntry('src/agent/main.ts', { isSelfContained: true }),
        nodes: [
          { clock: '+3600' },
          { clock: '-56y', sudo: 'with password' },
          { clock: '+3600', sudo: 'without password' },
          { clock: '-3600', sudo: 'with password' },
        ],
        services: { onExec: (command) => commands.push(command), overrides: { sudoPassword: undefined } },
      });
      await harness.trustHostKeys();
    });
    afterAll(() => harness?.close());
    defineTests();
  });

async function provision(setsClock: boolean) {
  const run = await harness.provision({ setsClock });
  runs.push(run);
  return run.nodes.map((node) => stepOf(node, 'preflight'));
}

function clockOf(index: number) {
  const { clockOffsetMs, clockErrorMs } = harness.services.service.get(harness.testbed.id).nodes[index]!.facts!;
  return { offsetMs: clockOffsetMs!, errorMs: clockErrorMs! + ROUNDING_MS };
}

const saying = (text: string): string => expect.stringContaining(text) as string;
const yearOn = (index: number): string => harness.machines[index]!.runAsRoot('date +%Y').trim();
const giveSudoPassword = (index: number, secret: string): Promise<void> =>
  harness.services.credentials.set({ of: { kind: 'sudo-password', nodeId: harness.nodes[index]!.id }, secret, holder: 'session' });

function defineTests(): void {
  it('are named in the plan, and one at 1970 is blocked with the command that sets it', async () => {
    const { nodes } = await harness.plan();

    const preflights = nodes.map(({ steps }) => steps.find(({ name }) => name === 'preflight'));
    expect(preflights[OUTSIDER]).toMatchObject({ verdict: 'nothing', why: saying('Its clock is 60 minutes ahead: set it') });
    expect(preflights[MISTYPED]).toMatchObject({ verdict: 'nothing', why: saying('Its clock is 60 minutes behind: set it') });
    expect(preflights[ASKED]).toMatchObject({ verdict: 'blocked', why: saying('not set: it is in 1970'), remedy: saying('--set-clock') });
  });

  it('become ready when they are an hour off, and get nothing installed when they are at 1970', async () => {
    const preflights = await provision(false);

    expect(preflights.map(({ state }) => state)).toEqual(['unchanged', 'failed', 'unchanged', 'unchanged']);
    expect(preflights[ASKED]!.error).toMatchObject({ message: saying('in 1970'), hint: saying('--set-clock') });
    expect(runs.at(-1)!.nodes.map(({ state }) => state)).toEqual(['succeeded', 'failed', 'succeeded', 'succeeded']);
    for (const [index, offsetMs] of [
      [OUTSIDER, HOUR_MS],
      [FREE, HOUR_MS],
      [MISTYPED, -HOUR_MS],
    ] as const) {
      const clock = clockOf(index);
      expect(Math.abs(clock.offsetMs - offsetMs)).toBeLessThan(clock.errorMs);
    }
    expect(
      runs
        .at(-1)!
        .nodes[ASKED]!.output.map(({ text }) => text)
        .join('\n'),
    ).toContain('Its clock is not set: it is in 1970');
    const { pathOf, homeDir } = harness.machines[ASKED]!;
    expect(existsSync(pathOf(`${homeDir}/.dedgeai`))).toBe(false);
  });

  it('are set by a sudo that asks nothing; where it asks, the step names whose password it needs, and for what', async () => {
    const preflights = await provision(true);

    expect(preflights[FREE]).toMatchObject({ state: 'changed', detail: saying('Its clock was 60 minutes ahead, and was set.') });
    const clock = clockOf(FREE);
    expect(Math.abs(clock.offsetMs)).toBeLessThan(2_000 + clock.errorMs);
    for (const index of [OUTSIDER, ASKED, MISTYPED]) {
      expect(preflights[index]!.error).toMatchObject({
        code: 'unsupported',
        message: saying('the sudo password of nvidia is needed for its clock, and is not known'),
        hint: saying('node login NODE --sudo-password-stdin'),
      });
    }
  });

  it('are set with the password that sudo asks for; a wrong one and an account that may not use sudo are reported as such', async () => {
    expect(yearOn(ASKED)).toBe('1970');
    await giveSudoPassword(ASKED, harness.machines[ASKED]!.password);
    await giveSudoPassword(MISTYPED, WRONG_PASSWORD);
    await giveSudoPassword(OUTSIDER, harness.machines[OUTSIDER]!.password);

    const preflights = await provision(true);

    expect(preflights[ASKED]).toMatchObject({ state: 'changed', detail: saying('Its clock was not set: it is in 1970, and was set.') });
    expect(runs.at(-1)!.nodes[ASKED]!.state).toBe('succeeded');
    expect(yearOn(ASKED)).toBe(String(new Date().getUTCFullYear()));
    expect(preflights[FREE]!.state).toBe('unchanged');
    const refused = 'refused to let nvidia set its clock';
    expect(preflights[MISTYPED]!.error).toMatchObject({ code: 'ssh-auth-failed', message: saying(refused), hint: saying('sudo -v') });
    expect(preflights[OUTSIDER]!.error).toMatchObject({ code: 'ssh-auth-failed', message: saying('not in the sudoers file') });
    expect(clockOf(OUTSIDER).offsetMs).toBeGreaterThan(HOUR_MS / 2);
  });

  it('have the passwords on no command line, in no file of theirs or of the program, and in nothing that was reported', () => {
    const { services, machines } = harness;
    const secrets = [...machines.map(({ password }) => password), WRONG_PASSWORD];
    const said = [
      ...commands,
      JSON.stringify(runs),
      ...machines.map(({ runAsRoot }) => runAsRoot('cat /run/sudo.log 2>/dev/null || true')),
    ].join('\n');
    // sudo writes down what it was asked to run: what it has of the script shows that this is where a password would be.
    expect(said).toMatch(/COMMAND=\/bin\/sh -c\s+'exec/);
    expect(filesWith(machines[0]!.address, services.dataDir)).not.toEqual([]);
    for (const secret of secrets) {
      expect(said).not.toContain(secret);
      expect(filesWith(secret, services.dataDir)).toEqual([]);
      for (const { pathOf } of machines) expect(filesWith(secret, pathOf('/home'), pathOf('/run'), pathOf('/var/log'))).toEqual([]);
    }
  });
}

/** Regular files below the folders that hold the text. */
function filesWith(text: string, ...folders: string[]): string[] {
  try {
    const found = execFileSync('grep', ['-r', '-l', '-a', '-F', '--devices=skip', '-f', '-', ...folders], {
      input: text,
      encoding: 'utf8',
    });
    return found.trim().split('\n');
  } catch (thrown) {
    // Status 1: there is none.
    if ((thrown as { status?: number }).status === 1) return [];
    throw thrown;
  }
}
