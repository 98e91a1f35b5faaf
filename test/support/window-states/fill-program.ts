// What the states are shown over: testbeds of every kind, a dataset and a model, runs that are valid, invalid and in the bin, a series, a
// training, a study and reports. Virtual nodes run the work, a hundred times as fast as real ones.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allInOneTensors, buildSafetensors } from '../model-files.js';
import { buildTrainingInput } from '../training-input.js';
import { eventually } from '../until.js';
import type { Api, OpenStates } from './open-program.js';

/** Names at the limit of 80 characters, without a place to break. */
export const LONG_NAME = 'Overnight_comparison_of_all_schedulers_on_rack_A_with_a_name_without_any_break_1';
const MARKUP_NAME = '<b>Bold</b> & "quoted" {{ 7 * 7 }} <img src=x onerror=alert(1)>';
const LONG_MS = 240_000;

export interface FilledIds {
  testbed: string;
  live: string;
  real: string;
  empty: string;
  dataset: string;
  hostileDataset: string;
  model: string;
  runs: string[];
  oneTask: string;
  invalid: string;
  longNamed: string;
  training: string;
  series: string;
  study: string;
  report: string;
  runReport: string;
}

export async function fillProgram({ api, dataDir }: OpenStates): Promise<FilledIds> {
  const folder = join(dataDir, 'states');
  mkdirSync(folder, { recursive: true });
  const testbed = await provisioned(api, { name: 'Rack A', nodeCount: 5, timeScale: 100, speedFactors: [1, 1, 0.9, 1, 0.7] });
  const live = await provisioned(api, { name: 'Rack B', nodeCount: 5, timeScale: 6 });
  const fast = await provisioned(api, { name: 'Too fast', nodeCount: 1, timeScale: 1000 });
  const hostileDataset = await importHostile(api, folder);
  const dataset = (await api.datasets.import({ source: { kind: 'sample' } })).id;
  const { real, empty } = await addRealTestbeds(api);
  const model = await addModel(api, folder);
  const training = (await api.trainings.start(buildTrainingInput({ method: 'lad-ts', episodes: 40 }))).id;

  const run = async (name: string, change: Partial<Parameters<Api['runs']['start']>[0]> = {}): Promise<string> => {
    const { id } = await api.runs.start({ name, testbedId: testbed, datasetId: dataset, taskCount: 100, allowOverload: true, ...change });
    return id;
  };
  const runs = [
    await run('Shortest expected 100 #1'),
    await run('Random 100 #1', { scheduler: 'random' }),
    await run('Round-robin 100 #1', { scheduler: 'round-robin' }),
    await run('Shortest expected 500', { taskCount: 500, allowRepeatedPrompts: true }),
  ];
  const oneTask = await run('One task', { taskCount: 1 });
  const longNamed = await run(LONG_NAME, { datasetId: hostileDataset, taskCount: 4 });
  const marked = await run(MARKUP_NAME, { datasetId: hostileDataset, taskCount: 3, scheduler: 'local-only' });
  const binned = await run('Thrown away', { taskCount: 2 });
  const invalid = await run('Far too fast', { testbedId: fast, taskCount: 6 });
  for (const id of [...runs, oneTask, longNamed, marked, binned, invalid]) await untilEnded(async () => (await api.runs.get({ id })).state);

  const series = await runSeries(api, { testbedId: testbed, datasetId: dataset });
  const study = (await api.studies.start({ study: 'fig-6a', seeds: 1, episodes: 1 })).id;
  await untilEnded(async () => (await api.trainings.get({ id: training })).state);
  await mark(api, { starred: runs[0]!, tagged: runs, binned, longNamed });
  const report = (await api.reports.create({ title: 'Table V, Rack A', subject: { template: 'table-v' } })).id;
  const runReport = (await api.reports.create({ subject: { template: 'run', id: runs[0]! } })).id;
  return {
    ...{ testbed, live, real, empty, dataset, hostileDataset, model, runs, oneTask, invalid, longNamed },
    ...{ training, series, study, report, runReport },
  };
}

/** Waits until something is in a state that it stays in. */
export async function untilEnded(stateOf: () => Promise<string>): Promise<void> {
  await eventually(async () => {
    const state = await stateOf();
    if (['queued', 'running', 'waiting', 'stopping', 'pending', 'draining'].includes(state)) throw new Error(`It is ${state}`);
  }, LONG_MS);
}

async function provisioned(api: Api, input: Parameters<Api['testbeds']['createVirtual']>[0]): Promise<string> {
  const { id } = await api.testbeds.createVirtual(input);
  const work = await api.provisioning.start({ testbedId: id });
  await untilEnded(async () => (await api.provisioning.get({ id: work.id })).state);
  return id;
}

async function addRealTestbeds(api: Api): Promise<{ real: string; empty: string }> {
  const empty = (await api.testbeds.create({ name: 'Orins in the cellar' })).id;
  const real = (await api.testbeds.create({ name: 'Orins in the hall' })).id;
  // Nothing listens there.
  const text = ['lab@127.0.0.1:9 orin-1', `lab@127.0.0.1:10 ${'jetson-agx-orin-64-rack-07-shelf-03-left-'.repeat(2).slice(0, 79)}`].join(
    '\n',
  );
  await api.testbeds.addNodeList({ testbedId: real, text });
  const work = await api.provisioning.start({ testbedId: real });
  await untilEnded(async () => (await api.provisioning.get({ id: work.id })).state);
  return { real, empty };
}

async function importHostile(api: Api, folder: string): Promise<string> {
  const path = join(folder, 'hostile.txt');
  writeFileSync(
    path,
    ['w'.repeat(900), '<script>alert(1)</script> a dog', '犬が走る שלום עולם كلب', 'A boat on a lake '.repeat(30)].join('\n'),
  );
  return (await api.datasets.import({ name: LONG_NAME, source: { kind: 'path', path } })).id;
}

async function addModel(api: Api, folder: string): Promise<string> {
  const path = join(folder, 'sd3_medium_incl_clips_t5xxlfp16.safetensors');
  writeFileSync(path, buildSafetensors(allInOneTensors()));
  const { id } = await api.models.add({ path, acceptLicense: true });
  await eventually(async () => {
    if ((await api.models.list()).length === 0) throw new Error('The model is not on record yet');
  }, LONG_MS);
  return (await api.models.list())[0]?.id ?? id;
}

async function runSeries(api: Api, on: { testbedId: string; datasetId: string }): Promise<string> {
  const condition = (taskCount: number) => ({ taskCount, qualitySteps: { min: 10, max: 19 } });
  const { id } = await api.series.start({
    ...on,
    name: 'Schedulers on Rack A',
    schedulers: [{ scheduler: 'shortest-expected-completion' }, { scheduler: 'random' }],
    conditions: [condition(10), condition(40)],
    repetitions: 3,
    keepInvalid: true,
    allowOverload: true,
  });
  await untilEnded(async () => (await api.series.get({ id })).state);
  return id;
}

async function mark(
  api: Api,
  { starred, tagged, binned, longNamed }: { starred: string; tagged: string[]; binned: string; longNamed: string },
): Promise<void> {
  const itemOf = (id: string) => ({ kind: 'run' as const, id });
  await api.history.star({ items: [itemOf(starred)], isStarred: true });
  await api.history.tag({ items: tagged.map(itemOf), add: ['rack-a', 'draft'] });
  await api.history.tag({ items: [itemOf(longNamed)], add: ['t'.repeat(40), 'second', 'third', 'fourth', 'fifth'] });
  await api.history.note({
    item: itemOf(starred),
    markdown: 'The room was **cooler** than last week.\n\n- fans on\n- [power](https://example.org)',
  });
  await api.history.views.save({ name: 'Only random', query: 'scheduler:random' });
  await api.history.moveToBin({ items: [itemOf(binned)] });
}
