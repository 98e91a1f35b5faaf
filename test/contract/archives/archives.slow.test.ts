// Archives from one data folder to another, through the whole core: the same figures there and here, marked; and nothing of it by halves.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import type { CoreParts } from '../../../src/main/composition/core.js';
import { galleryPageInput } from '../../../src/shared/api/gallery-inputs.js';
import { exportTo, fillFolder, importFrom, openFolder, PLACES, unpackArchive } from '../../support/archive-folders.js';
import { buildEntry } from '../../support/build-entry.js';
import { buildTrainingInput } from '../../support/training-input.js';
import { until } from '../../support/until.js';

let folder: string;
let trainerPath: string;
let opened: CoreParts[];

beforeAll(async () => {
  trainerPath = await buildEntry('src/main/programs/trainer/trainer.ts');
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archives-'));
  opened = [];
});
afterEach(async () => {
  for (const { core } of opened) await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const dirOf = (name: string): string => join(folder, name);
const archivePath = (): string => dirOf('exported.zip');

async function open(name: string): Promise<CoreParts> {
  const parts = await openFolder(dirOf(name), { paths: { trainerPath } });
  opened.push(parts);
  return parts;
}

async function close(parts: CoreParts): Promise<void> {
  opened = opened.filter((each) => each !== parts);
  await parts.core.close();
}

/** A folder with a series, a run of its own and a training, exported as a whole. */
async function exportAll(): Promise<{ parts: CoreParts; trainingId: string }> {
  await fillFolder(dirOf('a'));
  const parts = await open('a');
  const { trainings } = parts.core.services;
  const { id: trainingId } = trainings.start(buildTrainingInput({ method: 'sac-ts', episodes: 4 }));
  await until(() => trainings.get(trainingId).state === 'succeeded');
  const job = await exportTo(parts, archivePath(), [
    { kind: 'series', id: 'series-1' },
    { kind: 'run', id: 'run-own' },
    { kind: 'training', id: trainingId },
  ]);
  expect(job).toMatchObject({ state: 'succeeded', error: null });
  return { parts, trainingId };
}

/** Every figure that is shown, without the mark of where it is from. */
function figuresOf({ core }: CoreParts, trainingId: string): unknown {
  const { runs, series, gallery, trainings } = core.services;
  const withoutMark = ({ imported: _imported, ...rest }: { imported: unknown }): object => rest;
  return {
    runs: runs.list().map(withoutMark),
    timelines: runs.list().map(({ id }) => runs.timeline(id)),
    audits: runs.list().map(({ id }) => runs.audit(id)),
    series: series.list().map(withoutMark),
    result: series.result({ id: 'series-1', includeInvalid: true }),
    gallery: gallery.page(galleryPageInput.parse({})),
    training: withoutMark(trainings.get(trainingId)),
    curve: trainings.curve(trainingId, 1),
  };
}

describe('an archive', () => {
  it('shows the same figures on another machine, all of them marked as imported', async () => {
    const { parts, trainingId } = await exportAll();
    const before = figuresOf(parts, trainingId);
    await close(parts);
    const other = await open('b');
    const job = await importFrom(other, archivePath());
    expect(job.error).toBeNull();
    expect(job.taken?.imported.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(
      ['run run-a', 'run run-b', 'run run-own', 'series series-1', `training ${trainingId}`].sort(),
    );
    expect(JSON.parse(JSON.stringify(figuresOf(other, trainingId)))).toEqual(withoutPlaces(before));
    const { runs, series, trainings, testbeds, images } = other.core.services;
    const marks = [...runs.list(), ...series.list(), ...trainings.list()].map(({ imported }) => imported?.fromMachine);
    expect(marks).toEqual(Array.from({ length: 5 }, () => 'lab-a'));
    expect(testbeds.list()).toEqual([]);
    for (const { imageSha256 } of other.context.storage.runs.listTasks('run-a')) {
      expect(readFileSync(await images.imagePath(imageSha256 ?? '')).length).toBeGreaterThan(0);
    }
    await expect(trainings.exportPolicy(trainingId, 1)).resolves.toBeDefined();
  });

  it('is found by what it holds in the history of the other machine, and knows the energy of its runs', async () => {
    const { parts } = await exportAll();
    await close(parts);
    const other = await open('b');
    await importFrom(other, archivePath());
    const { history } = other.core.services;
    const page = history.list({ query: 'imported:yes kind:run', sort: 'name', isDescending: false, offset: 0, limit: 10, inBin: false });
    expect(page.items.map(({ id, isImported }) => [id, isImported])).toEqual(['run-a', 'run-b', 'run-own'].map((id) => [id, true]));
    const found = history.list({ query: 'dog', sort: 'name', isDescending: false, offset: 0, limit: 10, inBin: false });
    expect(found.items.map(({ id }) => id)).toContain('run-own');
    expect(other.context.storage.energy.listEnergy('run-own')).toMatchObject([{ measured: ['VDD_IN'], joules: 1234.5 }]);
  });

  it('has no host name, address, account or path of the machine it is from', async () => {
    const { parts } = await exportAll();
    const { files } = unpackArchive(readFileSync(archivePath()));
    const text = Object.entries(files)
      .filter(([name]) => name.endsWith('.json'))
      .map(([, bytes]) => Buffer.from(bytes).toString())
      .join('\n');
    for (const place of [...PLACES, dirOf('a')]) expect(text).not.toContain(place);
    expect(text).toContain('MAXN');
    const sealed = parts.context.storage.runs.listTasks('run-own').at(-1)?.errorMessage;
    expect(sealed).toContain(PLACES[1]);
  });

  it('takes nothing twice, and what is here otherwise under the same id is refused by name with the series that needs it', async () => {
    const { parts } = await exportAll();
    const again = await importFrom(parts, archivePath());
    expect(again.taken).toMatchObject({ imported: [], refused: [] });
    expect(again.taken?.present).toHaveLength(5);
    await close(parts);
    const other = await open('b');
    await importFrom(other, archivePath());
    other.context.storage.runs.addInvalidReason('run-a', 'Changed here.');
    other.core.services.series.remove('series-1');
    const third = await importFrom(other, archivePath());
    expect(third.taken?.imported).toEqual([]);
    const refused = third.taken?.refused.map(({ id }) => id);
    expect(refused).toEqual(expect.arrayContaining(['run-a', 'series-1']));
    expect(third.taken?.refused.find(({ id }) => id === 'run-a')?.reason).toContain('Something else is here under the id run-a');
    expect(other.context.storage.series.get('series-1')).toBeNull();
  });

  it('is exported again on the other machine as it came', async () => {
    const { parts, trainingId } = await exportAll();
    await close(parts);
    const other = await open('b');
    await importFrom(other, archivePath());
    await exportTo(other, dirOf('again.zip'), [
      { kind: 'series', id: 'series-1' },
      { kind: 'training', id: trainingId },
    ]);
    const [first, second] = [archivePath(), dirOf('again.zip')].map((path) => unpackArchive(readFileSync(path)).files);
    for (const [name, bytes] of Object.entries(second ?? {})) {
      if (name === 'manifest.json') continue;
      expect(Buffer.from(bytes).equals(Buffer.from(first?.[name] ?? [])), name).toBe(true);
    }
  });

  it('refuses what is not finished, and leaves no file of an export that is canceled', async () => {
    await fillFolder(dirOf('a'));
    const parts = await open('a');
    parts.context.storage.runs.updateRun('run-own', { state: 'paused', finishedAtMs: null });
    const job = await exportTo(parts, archivePath(), [{ kind: 'run', id: 'run-own' }]);
    expect(job.error).toMatchObject({ code: 'conflict', message: 'Run “Batch run-own” is not finished' });
    expect(existsSync(archivePath())).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each(['verified', 'files-moved'])('leaves nothing of an import that is killed when it is %s', async (step) => {
    const { parts, trainingId } = await exportAll();
    await close(parts);
    const entry = await buildEntry('test/support/import-and-die.ts');
    const died = spawnSync(process.execPath, [entry, dirOf('b'), archivePath(), step], { encoding: 'utf8' });
    expect(died.signal, died.stderr).toBe('SIGKILL');
    const other = await open('b');
    await until(() => !existsSync(join(dirOf('b'), 'archives', 'incoming')));
    const { runs, series, trainings } = other.core.services;
    expect([runs.list(), series.list(), trainings.list()]).toEqual([[], [], []]);
    const left = existsSync(join(dirOf('b'), 'images')) ? readdirSync(join(dirOf('b'), 'images'), { recursive: true }) : [];
    expect(left.filter((name) => String(name).endsWith('.png'))).toEqual([]);
    expect(existsSync(join(dirOf('b'), 'training', trainingId))).toBe(false);
    const job = await importFrom(other, archivePath());
    expect(job.taken?.imported).toHaveLength(5);
  });
});

describe('doing it again', () => {
  it('tells that a training is bit-equal, and links both', async () => {
    const { parts, trainingId } = await exportAll();
    const { records, trainings } = parts.core.services;
    const plan = await records.plan({ kind: 'training', id: trainingId });
    expect(plan).toMatchObject({ isSameSpecification: true, isSameEnvironment: true, blockers: [], record: 'kept' });
    const again = await records.reproduce({ kind: 'training', id: trainingId, allowOverload: false });
    await until(() => trainings.get(again.id).state === 'succeeded');
    expect(records.get(again).againOf).toMatchObject({
      ...{ isBitEqual: true, isSameSpecification: true, isSameEnvironment: true },
      ...{ original: { id: trainingId }, outcome: 'The learning curve is bit-equal over all 4 episodes.' },
    });
    expect(records.get({ kind: 'training', id: trainingId }).reproductions).toMatchObject([{ again: { id: again.id } }]);
  });

  it('says what is missing on another machine, and what was not recorded of an old run', async () => {
    const { parts } = await exportAll();
    const { records } = parts.core.services;
    const plan = await records.plan({ kind: 'run', id: 'run-own' });
    expect(plan.record).toBe('partial');
    expect(plan.unknown).toContain('Control center: platform');
    expect(plan.blockers.map(({ message }) => message)).toEqual([
      'Dataset “dataset-1” (dataset-1) is not here, and none of the same content.',
    ]);
    await expect(records.reproduce({ kind: 'run', id: 'run-own', allowOverload: false })).rejects.toMatchObject({ code: 'conflict' });
    expect(records.get({ kind: 'run', id: 'run-own' })).toMatchObject({ environment: null, againOf: null, reproductions: [] });
  });
});

it('brings a database of schema 20 to the one with records, without a word about what was not recorded', () => {
  const dataDir = dirOf('old');
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version <= 20) }).close();
  const database = openDatabase({ dataDir, nowMs: 2 });
  const count = (table: string): number =>
    database.prepare<object, { count: number }>(`SELECT count(*) AS count FROM ${table}`).get({})?.count ?? -1;
  expect(['environment_records', 'reproductions', 'record_origins'].map(count)).toEqual([0, 0, 0]);
  database.close();
});

/** As an archive has it: messages without places. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value).replaceAll(`${PLACES[1]}:8443`, '(address)').replaceAll(`${PLACES[4]}/sd3.safetensors`, '(path)'),
  );
}
