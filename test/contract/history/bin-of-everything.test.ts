// Datasets, reports, models and testbeds in the bin: out of every list and use, whole when they come back, gone when it is emptied.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import type { StoredModel } from '../../../src/main/adapters/storage/model-repository.js';
import { makePng } from '../../support/make-picture.js';
import { HistoryRecords } from '../../support/history-records.js';
import { buildSpec } from '../../support/storage-fixtures.js';

let records: HistoryRecords;
beforeEach(async () => {
  records = await HistoryRecords.open();
});
afterEach(() => records.dispose());

const api = () => createApiCaller({ services: records.services });
type Item = Parameters<ReturnType<typeof api>['history']['moveToBin']>[0]['items'][number];
const bin = (item: Item) => api().history.moveToBin({ items: [item] });
const restore = (item: Item) => api().history.restore({ items: [item] });
const found = async (words: string): Promise<string[]> => (await api().names.find({ words })).map(({ id }) => id);
const inBin = async () => (await api().history.listBin()).map(({ kind, id }) => [kind, id]);

describe('a dataset', () => {
  it('is in no list and no new run uses it, until it comes back with its prompts', async () => {
    const dataset = await api().datasets.import({ source: { kind: 'sample' }, name: 'Harbor' });
    const testbed = await api().testbeds.create({ name: 'Rack' });
    await bin({ kind: 'dataset', id: dataset.id });
    expect(await api().datasets.list()).toEqual([]);
    expect(await found('harbor')).toEqual([]);
    expect(await api().history.listBin()).toMatchObject([{ kind: 'dataset', name: 'Harbor', count: dataset.promptCount, sizeBytes: 0 }]);
    const spec = buildSpec({ testbedId: testbed.id, datasetId: dataset.id });
    await expect(api().runs.estimate(spec)).rejects.toThrow('The dataset "Harbor" is in the bin');
    await restore({ kind: 'dataset', id: dataset.id });
    expect(await api().datasets.list()).toEqual([dataset]);
    expect((await api().datasets.prompts({ datasetId: dataset.id, offset: 0, limit: 1 })).total).toBe(dataset.promptCount);
  });

  it('gives the room of its pictures back once the bin is emptied, but for those that another has', async () => {
    const folder = join(records.dataDir, 'pairs');
    mkdirSync(folder);
    const [red, blue] = [makePng(64, 48, { shade: 0 }), makePng(64, 48, { shade: 255 })];
    writeFileSync(join(folder, 'red.png'), red);
    writeFileSync(join(folder, 'blue.png'), blue);
    writeFileSync(join(folder, 'metadata.csv'), 'file_name,caption\nred.png,a red boat\nblue.png,a blue boat\n');
    const both = await api().datasets.import({ source: { kind: 'folder', path: folder } });
    writeFileSync(join(folder, 'metadata.csv'), 'file_name,caption\nred.png,a red boat\n');
    await api().datasets.import({ source: { kind: 'folder', path: folder } });
    const files = () =>
      readdirSync(join(records.dataDir, 'pictures'), { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}/.test(name))
        .length;
    await bin({ kind: 'dataset', id: both.id });
    expect(files()).toBe(2);
    expect(await api().history.bin()).toEqual({ count: 1, sizeBytes: blue.length });
    expect(await api().history.listBin()).toMatchObject([{ sizeBytes: blue.length }]);
    expect(await api().history.emptyBin()).toEqual({ removed: 1, freedBytes: blue.length, problems: [] });
    expect(files()).toBe(1);
    await expect(api().datasets.get({ id: both.id })).rejects.toThrow('There is no dataset');
  });

  it('stays where it is while a run that is not finished uses it', async () => {
    const dataset = await api().datasets.import({ source: { kind: 'sample' } });
    records.addRun('run-1', { spec: { datasetId: dataset.id }, run: { state: 'running', finishedAtMs: null } });
    await expect(bin({ kind: 'dataset', id: dataset.id })).rejects.toThrow('A run that is not finished uses the dataset');
    expect(await inBin()).toEqual([]);
  });
});

it('a report can be read in the bin and not be changed, and is whole when it comes back', async () => {
  const report = await api().reports.create({ title: 'Night' });
  await bin({ kind: 'report', id: report.id });
  expect(await api().reports.list()).toEqual([]);
  expect(await found('night')).toEqual([]);
  expect(await api().reports.get({ id: report.id })).toEqual(report);
  await expect(api().reports.rename({ id: report.id, title: 'Day' })).rejects.toThrow('Report “Night” is in the bin');
  await restore({ kind: 'report', id: report.id });
  expect(await api().reports.list()).toEqual([report]);
  await bin({ kind: 'report', id: report.id });
  await api().history.emptyBin();
  await expect(api().reports.get({ id: report.id })).rejects.toThrow('There is no report');
});

describe('a model', () => {
  const model = (path: string): StoredModel => ({
    ...{ id: 'model-1', name: 'sd3', path, layout: 'all-in-one', family: 'sd3-medium', sizeBytes: 4, sha256: 'ab'.repeat(32) },
    ...{ addedAtMs: 1, leftOut: [], license: null, refinedFromSha256: null, parts: [], files: [] },
  });

  it('is in no list and is not sent anywhere; what the user has on disk stays when the bin is emptied', async () => {
    const path = join(records.dataDir, 'sd3.safetensors');
    writeFileSync(path, 'sd3.');
    records.parts.context.storage.models.save(model(path));
    await bin({ kind: 'model', id: 'model-1' });
    expect(await api().models.list()).toEqual([]);
    expect(() => records.services.models.verify('model-1')).toThrow('The model “sd3” is in the bin');
    await restore({ kind: 'model', id: 'model-1' });
    expect((await api().models.list()).map(({ name }) => name)).toEqual(['sd3']);
    await bin({ kind: 'model', id: 'model-1' });
    expect(await api().history.emptyBin()).toEqual({ removed: 1, freedBytes: 0, problems: [] });
    expect(existsSync(path)).toBe(true);
  });

  it('that was fetched to the folder of the program frees its room', async () => {
    mkdirSync(join(records.dataDir, 'weights'));
    const path = join(records.dataDir, 'weights', 'sd3.safetensors');
    writeFileSync(path, 'sd3.');
    records.parts.context.storage.models.save(model(path));
    await bin({ kind: 'model', id: 'model-1' });
    expect(await api().history.listBin()).toMatchObject([{ kind: 'model', sizeBytes: 4, place: path }]);
    expect(existsSync(path)).toBe(true);
    expect(await api().history.emptyBin()).toMatchObject({ freedBytes: 4 });
    expect(existsSync(path)).toBe(false);
  });

  it('that is added again is no longer in the bin', async () => {
    const { models } = records.parts.context.storage;
    models.save(model('/sd3'));
    await bin({ kind: 'model', id: 'model-1' });
    models.save(model('/sd3'));
    expect(await inBin()).toEqual([]);
  });
});

describe('a testbed', () => {
  const addTestbed = async (): Promise<{ id: string; nodeId: string }> => {
    const { id } = await api().testbeds.create({ name: 'Rack' });
    const node = await api().testbeds.addNode({ testbedId: id, host: '192.0.2.7', user: 'orin', name: 'orin-1', auth: 'password' });
    return { id, nodeId: node.id };
  };

  it('is there for no one while it is in the bin, and keeps nodes and their secrets', async () => {
    const { id, nodeId } = await addTestbed();
    await records.services.credentials.createVault('a long enough passphrase');
    await api().credentials.set({ of: { kind: 'password', nodeId }, secret: 'hunter2', holder: 'vault' });
    const before = await api().testbeds.list();
    await bin({ kind: 'testbed', id });
    expect(await api().testbeds.list()).toEqual([]);
    expect(await found('rack')).toEqual([]);
    expect(await found('orin')).toEqual([]);
    await expect(api().testbeds.get({ id })).rejects.toThrow('Testbed "Rack" is in the bin.');
    await expect(api().provisioning.start({ testbedId: id })).rejects.toThrow();
    expect(records.parts.context.storage.testbeds.getNode(nodeId)).toBeNull();
    expect((await api().credentials.status()).secrets).toMatchObject([{ kind: 'password', subject: nodeId, holder: 'vault' }]);
    await restore({ kind: 'testbed', id });
    expect(await api().testbeds.list()).toEqual(before);
    expect(await records.services.credentials.find({ kind: 'password', nodeId })).toBe('hunter2');
  });

  it('goes with its secrets when the bin is emptied', async () => {
    const { id, nodeId } = await addTestbed();
    await records.services.credentials.createVault('a long enough passphrase');
    await api().credentials.set({ of: { kind: 'password', nodeId }, secret: 'hunter2', holder: 'vault' });
    await bin({ kind: 'testbed', id });
    expect(await api().history.listBin()).toMatchObject([{ kind: 'testbed', name: 'Rack', count: 1 }]);
    expect(await api().history.emptyBin()).toMatchObject({ removed: 1, problems: [] });
    expect((await api().credentials.status()).secrets).toEqual([]);
    await expect(api().testbeds.get({ id })).rejects.toThrow('There is no testbed');
    expect(await inBin()).toEqual([]);
  });

  it('is shown in a report with the facts that are on record, and with the way back', async () => {
    const { id } = await addTestbed();
    const report = await api().reports.create({ title: 'Lab' });
    await api().reports.addBlocks({ id: report.id, sources: [{ kind: 'testbed', id, part: 'facts' }] });
    await bin({ kind: 'testbed', id });
    const { blocks } = await api().reports.preview({ id: report.id });
    expect(blocks).toMatchObject([{ problem: null, inBin: [{ kind: 'testbed', id }] }]);
  });
});
