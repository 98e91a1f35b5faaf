// Programs that are asked to end, started twice, or killed while they provision or train; and a time scale that no machine keeps.
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listNodes, newestRun, processesOf, queryAll } from '../data-folder.js';
import { type Fault, hold } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';
import { holdDatabaseSound, holdNoProcess, type ShownRun } from '../invariants.js';
import { startRunWords, TESTBED } from '../templates.js';

/** The program promises five seconds; the rest is for a machine that others keep busy. */
const END_WITHIN_MS = 8_000;
const IN_USE_STATUS = 4;

const askedToEnd: Fault = {
  name: 'asked-to-end',
  isShort: false,
  async inject(harness) {
    await harness.prepare({ nodes: 2, timeScale: 20 });
    const first = harness.startRun(60);
    const runId = await harness.untilAccepted(2);
    first.signal('SIGINT');
    hold((await first.endedWithin(END_WITHIN_MS))?.status === 130, 'A run on the terminal does not end with 130 at Ctrl-C');
    await holdNoProcess(harness.dataDir);
    const server = harness.start(['serve', '--port', '0', '--no-open']);
    await harness.until(
      'the served program continues with the run',
      () => /^Open /m.test(server.said) && processesOf(harness.dataDir).length > 3,
    );
    const second = await harness.command('serve', '--port', '0', '--no-open');
    hold(second.status === IN_USE_STATUS, `A second program over the same data ended with ${second.status}: ${second.stderr}`);
    await delay(harness.random.nextInt(0, 1_500));
    server.signal('SIGTERM');
    hold((await server.endedWithin(END_WITHIN_MS)) !== null, `The served program does not end at SIGTERM within ${END_WITHIN_MS / 1000} s`);
    await holdNoProcess(harness.dataDir);
    holdDatabaseSound(harness.dataDir);
    await harness.end(harness.start(['run', 'resume', runId]), { status: 0 });
    await harness.holdAll(runId, 60);
  },
};

/** Paths below a folder with the hashes of the files, but for what is of one start or one node alone. */
function listTree(folder: string): Map<string, string> {
  const volatile = /^(agent\.(log(\.1)?|pid|ready|started|exit)|supervisor\.pid|results\/.*|tls\/.*|config\.json|node-path)$/;
  const found = new Map<string, string>();
  const walk = (below: string): void => {
    for (const name of readdirSync(join(folder, below))) {
      const path = join(below, name);
      const stats = lstatSync(join(folder, path));
      if (stats.isDirectory()) walk(path);
      else
        found.set(
          path,
          volatile.test(path)
            ? ''
            : createHash('sha256')
                .update(readFileSync(join(folder, path)))
                .digest('hex'),
        );
    }
  };
  walk('');
  for (const path of [...found.keys()]) if (/^(agent\.|supervisor\.|results\/)/.test(path) && path !== 'agent.mjs') found.delete(path);
  return found;
}

/** The lines that tell of a step which has ended. */
const countSteps = (said: string): number => said.split('\n').filter((line) => /^node-\d+: /.test(line)).length;

const killedProvisioning: Fault = {
  name: 'killed-provisioning',
  isShort: false,
  async inject(harness) {
    const create = ['testbed', 'create-virtual', '--name', TESTBED, '--nodes', '2', '--time-scale', '60'];
    hold((await harness.command(...create)).status === 0, 'No testbed could be made');
    const [undisturbed = '', disturbed = ''] = queryAll<{ name: string }>(harness.dataDir, 'SELECT name FROM nodes ORDER BY ordinal').map(
      ({ name }) => name,
    );
    const provision = (node: string) => harness.start(['provision', TESTBED, '--accept-new', '--node', node]);
    const whole = await harness.end(provision(undisturbed), { status: 0 });
    const steps = countSteps(whole.stderr);
    hold(steps > 5, `Provisioning tells of ${steps} steps: ${whole.stderr}`);
    // After each of its steps in turn, or after some of them.
    const kills = Array.from({ length: steps }, (_, step) => step).filter(() => harness.isLong || harness.random.nextFloat() < 0.35);
    for (const step of kills) {
      const program = provision(disturbed);
      await harness.until(`step ${step} has ended`, () => program.hasEnded || countSteps(program.said) >= step);
      await delay(harness.random.nextInt(0, 150));
      program.signal('SIGKILL');
      await program.ended;
      await holdNoProcess(harness.dataDir);
      holdDatabaseSound(harness.dataDir);
    }
    await harness.end(provision(disturbed), { status: 0 });
    const [one, other] = listNodes(harness.dataDir).map(({ installDir }) => [...listTree(installDir)].sort());
    hold(JSON.stringify(one) === JSON.stringify(other), `The nodes differ:\n${JSON.stringify(one)}\n${JSON.stringify(other)}`);
    const again = await harness.end(provision(disturbed), { status: 0 });
    hold(!/: changed/.test(again.stderr), `Provisioning a third time changes something: ${again.stderr}`);
    await holdNoProcess(harness.dataDir);
  },
};

const EPISODES = 6;
interface ShownTraining {
  id: string;
  state: string;
  curve: unknown[];
}

/** The curve, without what is measured of this machine: how long episodes took. */
function curveOf({ curve }: ShownTraining): string {
  return JSON.stringify(curve, (key, value: unknown) => (key === 'cpuMs' ? undefined : value));
}

/** Over all of what was learned, but for how long the processor took for each episode: a number of eight bytes after its name. */
function hashCheckpoint({ dataDir }: FaultHarness, { id }: ShownTraining): string {
  const bytes = readFileSync(join(dataDir, 'training', id, 'checkpoint.bin'));
  const name = Buffer.from('cpuMsN');
  for (let at = bytes.indexOf(name); at >= 0; at = bytes.indexOf(name, at + name.length))
    bytes.fill(0, at + name.length, at + name.length + 8);
  return createHash('sha256').update(bytes).digest('hex');
}

async function showTraining(harness: FaultHarness): Promise<ShownTraining> {
  const id = queryAll<{ id: string }>(harness.dataDir, 'SELECT id FROM trainings ORDER BY rowid DESC LIMIT 1')[0]?.id;
  hold(id !== undefined, 'There is no training');
  return (await harness.json('train', 'show', id)).document as ShownTraining;
}

const killedTraining: Fault = {
  name: 'killed-training',
  isShort: true,
  async inject(harness) {
    const words = ['train', '--method', 'sac-ts', '--episodes', String(EPISODES), '--checkpoint-every', '1', '--seed', '3'];
    await harness.end(harness.start(words), { status: 0 });
    const undisturbed = await showTraining(harness);
    let program = harness.start(words);
    for (let kill = 0; kill < (harness.isLong ? 20 : 3); kill++) {
      await Promise.race([program.ended, delay(harness.random.nextInt(600, 2_500))]);
      const hadEnded = program.hasEnded;
      program.signal('SIGKILL');
      await program.ended;
      await holdNoProcess(harness.dataDir);
      holdDatabaseSound(harness.dataDir);
      if (queryAll(harness.dataDir, 'SELECT id FROM trainings').length < 2) program = harness.start(words);
      else if (hadEnded) break;
      else program = harness.start(['train', 'resume', (await showTraining(harness)).id]);
    }
    await program.ended;
    const disturbed = await showTraining(harness);
    hold(disturbed.state === 'succeeded', `The training ended as ${disturbed.state}`);
    hold(curveOf(disturbed) === curveOf(undisturbed), `The curves differ:\n${curveOf(undisturbed)}\n${curveOf(disturbed)}`);
    hold(
      hashCheckpoint(harness, disturbed) === hashCheckpoint(harness, undisturbed),
      'What was learned differs from that of the undisturbed training',
    );
    await holdNoProcess(harness.dataDir);
  },
};

const tooFast: Fault = {
  name: 'too-fast',
  isShort: false,
  async inject(harness) {
    await harness.prepare({ nodes: 3, timeScale: 1000 });
    const words = [...startRunWords(60), '--steps', '1'];
    const refused = await harness.command(...words.filter((word) => word !== '--allow-overload'));
    hold(refused.status !== 0 && /time scale/.test(refused.stderr), `It was not refused: ${refused.status} ${refused.stderr}`);
    hold(newestRun(harness.dataDir) === null, 'A refused run is on record');
    await harness.end(harness.start(words), { status: 0 });
    const run = await harness.holdAll(newestRun(harness.dataDir)?.id ?? '', 60);
    hold(!run.validity.isValid, 'A run that no machine can keep up with counts as valid');
    await holdLeftOut(harness, run);
  },
};

/** What is invalid is in no comparison. */
async function holdLeftOut(harness: FaultHarness, { state }: ShownRun): Promise<void> {
  const { rows } = (await harness.json('compare')).document as { rows: { source: string }[] };
  const measured = rows.filter(({ source }) => source === 'measured');
  hold(measured.length === 0, `An invalid run (${state}) is in the comparison`);
}

export const programFaults: readonly Fault[] = [askedToEnd, killedProvisioning, killedTraining, tooFast];
