// What a lab's history and its lists cost at their largest: seconds, processor seconds and memory of the built command line, and of a run of
// many tasks on virtual nodes. Other programs on the machine make wall times longer; processor seconds say what the program itself takes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ORIN_TIME_MODEL } from '../../src/shared/testbed.js';
import { withTestbed } from './bench-core.js';
import { makeHistory } from './history.js';

const CLI = resolve('out/main/cli.js');
const ROUNDS = 3;
const CAPTIONS = 1_000_000;
const HOSTS = 1_000;
const MANY_TASKS = { taskCount: 10_000, timeScale: 400 };

/** Says what it used when it ends: the fields of Cost but for `sec`. */
const REPORT = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  process.stderr.write('\\nUSED ' + JSON.stringify({ cpuSec: (userCPUTime + systemCPUTime) / 1e6, maxMb: maxRSS / 1024 }) + '\\n');
});`;

interface Cost {
  sec: number;
  cpuSec: number;
  maxMb: number;
}

export async function measureScale(say: (text: string) => void, parts: { withRun: boolean }) {
  // First, while this process is as small as the program is: the histories below make it grow.
  const manyTasks = parts.withRun ? await measureManyTasks(say) : null;
  const folder = mkdtempSync(join(tmpdir(), 'dedgeai-bench-scale-'));
  const long = makeHistory({ runCount: 1, tasksPerRun: 100_000 });
  const many = makeHistory({ runCount: 100, tasksPerRun: 1_000 });
  try {
    const captionsPath = join(folder, 'captions.txt');
    writeFileSync(
      captionsPath,
      Array.from({ length: CAPTIONS }, (_, index) => `a brown dog number ${index} runs over green grass\n`).join(''),
    );
    const hostsPath = join(folder, 'hosts.txt');
    const hosts = Array.from({ length: HOSTS }, (_, index) => `lab@10.0.${Math.floor(index / 250)}.${index % 250}\n`);
    writeFileSync(hostsPath, hosts.join(''));
    const own = ['--data', join(folder, 'data')];
    const figures = {
      version: await best(['--version']),
      runListOfNone: await best(['run', 'list', ...own]),
      runListOf100000InOneRun: await best(['run', 'list', '--data', long.dataDir]),
      runListOf100000In100Runs: await best(['run', 'list', '--data', many.dataDir]),
      captions1000000: await cost(['dataset', 'import', captionsPath, ...own]),
      testbed: await cost(['testbed', 'add', 'Hosts', 'first.example', '--user', 'lab', ...own]),
      hosts1000: await cost(['node', 'add', 'Hosts', '--paste', hostsPath, '--yes', ...own]),
    };
    for (const [name, { sec, cpuSec, maxMb }] of Object.entries(figures)) {
      say(`${name}: ${sec.toFixed(2)} s, ${cpuSec.toFixed(2)} s of a processor, ${maxMb.toFixed(0)} MB`);
    }
    return { ...figures, manyTasks };
  } finally {
    for (const path of [folder, long.dataDir, many.dataDir]) rmSync(path, { recursive: true, force: true });
  }
}

/** The process that measures holds the core of the run; the nodes are processes of their own. */
async function measureManyTasks(say: (text: string) => void) {
  const { taskCount, timeScale } = MANY_TASKS;
  return withTestbed({ timeScale, timeModel: ORIN_TIME_MODEL }, async ({ run }) => {
    const before = { mb: process.memoryUsage().rss / 1e6, cpu: process.cpuUsage(), atMs: performance.now() };
    let maxMb = before.mb;
    const watch = setInterval(() => (maxMb = Math.max(maxMb, process.memoryUsage().rss / 1e6)), 250);
    const { summary } = await run({ name: 'Many tasks', taskCount, qualitySteps: { min: 10, max: 19 } });
    clearInterval(watch);
    const sec = (performance.now() - before.atMs) / 1000;
    const { user, system } = process.cpuUsage(before.cpu);
    const figures = {
      taskCount,
      tasksPerSec: summary.counts.succeeded / sec,
      coreCpuMsPerTask: (user + system) / 1000 / taskCount,
      grownByMb: maxMb - before.mb,
      succeeded: summary.counts.succeeded,
    };
    say(
      `${taskCount} tasks on five nodes at x${timeScale}: ${figures.tasksPerSec.toFixed(1)} a second (promised: 60), core ` +
        `${figures.coreCpuMsPerTask.toFixed(1)} ms a task, ${figures.grownByMb.toFixed(0)} MB more (promised: 150)`,
    );
    return figures;
  });
}

async function best(words: string[]): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) costs.push(await cost(words));
  return costs.reduce((one, other) => (other.sec < one.sec ? other : one));
}

async function cost(words: string[]): Promise<Cost> {
  const startedMs = performance.now();
  const report = `data:text/javascript,${encodeURIComponent(REPORT)}`;
  const child = spawn(process.execPath, ['--import', report, CLI, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-4000)));
  const [status] = (await once(child, 'close')) as [number | null];
  const used = /USED (\{.*\})/.exec(said)?.[1];
  if (status !== 0 || used === undefined) throw new Error(`${words.join(' ')} ended with ${status}: ${said}`);
  return { sec: (performance.now() - startedMs) / 1000, ...(JSON.parse(used) as Omit<Cost, 'sec'>) };
}
