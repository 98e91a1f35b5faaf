// The agent under a real systemd, in a machine of the test's own; and the units as systemd itself judges them.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import { renderUnit } from '../../../src/main/domain/nodes/provisioning/service/render-unit.js';
import type { DesiredState } from '../../../src/shared/provisioning.js';
import { buildEntry } from '../../support/build-entry.js';
import { findSshd } from '../../support/find-tools.js';
import { listTree, openProvisionHarness, type ProvisionHarness } from '../../support/provision-harness.js';
import { stepOf, stepStates } from '../../support/provisioning-services.js';
import { sshToNode } from '../../support/ssh-to-node.js';
import { whyNoSystemdMachine } from '../../support/systemd-machine.js';
import { until } from '../../support/until.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const TEMPLATES = resolve(import.meta.dirname, '../../../resources/systemd');

let dir: string;
let bundle: string;
let harness: ProvisionHarness | null = null;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-units-'));
  bundle = await buildEntry('src/agent/main.ts', { isSelfContained: true });
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
});
afterEach(async () => {
  await harness?.close();
  harness = null;
});

/** Null, and a word about it, where systemd can't be had. The watchdog's period is 3 s instead of 30. */
async function open(context: TestContext, service: DesiredState['service']) {
  const sshd = findSshd();
  const why = sshd ? whyNoSystemdMachine() : 'there is no sshd';
  if (!sshd || why) {
    await context.annotate(`The agent was not run under systemd: ${why}.`);
    return null;
  }
  const unitTemplatesDir = join(dir, 'impatient');
  cpSync(TEMPLATES, unitTemplatesDir, { recursive: true });
  for (const name of ['dedgeai-agent.user.service', 'dedgeai-agent.system.service']) {
    const path = join(unitTemplatesDir, name);
    const text = readFileSync(path, 'utf8')
      .replace('WatchdogSec=30', 'WatchdogSec=3')
      .replace('RestartSec=5', 'RestartSec=1')
      // They mount over parts of /proc, which namespaces inside a container do not allow.
      .replace(/^ProtectKernel(Tunables|Logs)=yes\n/gm, '');
    writeFileSync(path, text);
  }
  const opened = await openProvisionHarness({ sshd, bundlePath: bundle, hasSystemd: true, services: { unitTemplatesDir } });
  harness = opened;
  const { services, testbed, nodes } = opened;
  services.provisioning.setDesired({ testbedId: testbed.id, desired: { service } });
  const onNode = async (command: string): Promise<string> => {
    const connection = await sshToNode(services, nodes[0]!);
    try {
      const { stdout, stderr } = await connection.exec(command);
      return (stdout + stderr).trim();
    } finally {
      connection.close();
    }
  };
  return { ...opened, onNode, home: opened.homeOf(nodes[0]!) };
}

test("the user's systemd starts the agent, hears its pings, and restarts it when it hangs", async (context) => {
  const opened = await open(context, 'systemd-user');
  if (!opened) return;
  const show = (property: string): Promise<string> =>
    opened.onNode(`systemctl --user show --property ${property} --value dedgeai-agent.service`);

  const run = await opened.provision();

  expect(stepOf(run.nodes[0], 'service').error).toBeNull();
  expect(stepOf(run.nodes[0], 'service').detail).toContain("kept running by the user's systemd");
  expect(run.state).toBe('succeeded');
  expect(await show('ActiveState')).toBe('active');
  const firstPid = await show('MainPID');
  const firstPing = Number(await show('WatchdogTimestampMonotonic'));
  // Two periods pass, and it is the same process: the pings came.
  await until(async () => Number(await show('WatchdogTimestampMonotonic')) > firstPing + 6_000_000);
  expect(await show('MainPID')).toBe(firstPid);

  await opened.onNode(`kill -STOP ${firstPid}`);
  await until(async () => (await show('NRestarts')) === '1' && (await show('ActiveState')) === 'active');

  expect(await show('MainPID')).not.toBe(firstPid);
  const again = await opened.provision();
  expect(stepStates(again.nodes[0])).not.toContain('=changed');
});

test("the system's unit runs the agent with its hardening, and a removal takes it away", async (context) => {
  // A unit with a private /tmp sees neither a home nor a Node.js that lies there.
  if (/^\/(var\/)?tmp\//.test(import.meta.dirname)) {
    await context.annotate("The system's unit was not run: this project lies under /tmp, which the unit does not see.");
    return;
  }
  const opened = await open(context, 'auto');
  if (!opened) return;
  const before = listTree(opened.home);

  const run = await opened.provision();

  expect(stepOf(run.nodes[0], 'service').error).toBeNull();
  expect(stepOf(run.nodes[0], 'service').detail).toContain("kept running by the system's systemd");
  expect(run.state).toBe('succeeded');
  const pid = await opened.onNode('systemctl show --property MainPID --value dedgeai-agent-0.service');
  expect(await opened.onNode(`grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/${pid}/status | tr -s '\\t\\n' ' '`)).toBe(
    'CapEff: 0000000000000000 NoNewPrivs: 1 Seccomp: 2',
  );

  const removed = await opened.services.finished(opened.services.provisioning.remove({ testbedId: opened.testbed.id }));

  expect(removed.state).toBe('succeeded');
  expect(await opened.onNode('ls /etc/systemd/system')).toBe('');
  // The folder of a user's units comes from the user's manager, which stands for the system's here.
  const left = [...listTree(opened.home).keys()].filter((path) => !/^\.config(\/systemd(\/user)?)?$/.test(path));
  expect(left).toEqual([...before.keys()]);
});

test('a change of the way stops the former one', async (context) => {
  const opened = await open(context, 'supervised');
  if (!opened) return;
  const { services, testbed, home } = opened;
  await opened.provision();
  expect(existsSync(join(home, '.dedgeai', 'supervisor.pid'))).toBe(true);
  services.provisioning.setDesired({ testbedId: testbed.id, desired: { service: 'systemd-user' } });

  const run = await opened.provision();

  expect(run.state).toBe('succeeded');
  expect(existsSync(join(home, '.dedgeai', 'supervisor.pid'))).toBe(false);
  expect(existsSync(join(home, '.config/systemd/user/dedgeai-agent.service'))).toBe(true);
  const before = listTree(home);
  await services.finished(services.provisioning.remove({ testbedId: testbed.id }));
  expect(before.size).toBeGreaterThan(0);
  expect([...listTree(home).keys()]).toEqual([]);
});

test('systemd-analyze finds nothing to say of either unit', async (context) => {
  if (!existsSync('/usr/bin/systemd-analyze')) {
    await context.annotate('There is no systemd-analyze on this machine, so the units were not checked by it.');
    return;
  }
  const runtimeDir = join(dir, 'runtime');
  mkdirSync(runtimeDir, { mode: 0o700 });
  const folder = join(dir, 'agent');
  for (const [kind, words] of [
    ['user', ['--user']],
    ['system', []],
  ] as const) {
    const template = readFileSync(join(TEMPLATES, `dedgeai-agent.${kind}.service`), 'utf8');
    const path = join(dir, `dedgeai-agent-${kind}.service`);
    writeFileSync(path, renderUnit(template, { FOLDER: folder, USER: 'root' }));
    const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', ...words, path], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtimeDir, SYSTEMD_LOG_LEVEL: 'warning' },
    });
    expect(stderr.split('\n').filter((line) => line.includes('dedgeai-agent'))).toEqual([]);
  }
});

test.for([
  ['system', 3.0],
  ['user', 6.5],
] as const)("the %s's unit exposes no more than %f by systemd's own count", async ([kind, maxExposure], context) => {
  if (!existsSync('/usr/bin/systemd-analyze')) {
    await context.annotate('There is no systemd-analyze on this machine, so the exposure of the units was not counted.');
    return;
  }
  const path = join(dir, `dedgeai-exposed-${kind}.service`);
  const template = readFileSync(join(TEMPLATES, `dedgeai-agent.${kind}.service`), 'utf8');
  writeFileSync(path, renderUnit(template, { FOLDER: join(dir, 'agent'), USER: 'edge' }));
  const { stdout } = await promisify(execFile)('systemd-analyze', ['security', '--offline=true', '--no-pager', path]);
  expect(Number(/exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThanOrEqual(maxExposure);
});

test('a folder that a unit can not name is refused', () => {
  expect(() => renderUnit('ExecStart=/bin/sh @FOLDER@/run-agent.sh', { FOLDER: '/home/a b/.dedgeai' })).toThrow(
    expect.objectContaining({ code: 'unsupported' }),
  );
  expect(renderUnit('ReadWritePaths=@FOLDER@', { FOLDER: '/home/50%/x' })).toBe('ReadWritePaths=/home/50%%/x');
});
