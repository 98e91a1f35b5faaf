import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { create } from '@bufbuild/protobuf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SILENT_LOG } from '../../../src/agent/log.js';
import { ResultStore } from '../../../src/agent/results/result-store.js';
import { OutcomeStatus, type TaskOutcome, TaskOutcomeSchema } from '../../../src/shared/rpc/gen/agent_pb.js';

let directory: string;
let store: ResultStore;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dedgeai-results-'));
  store = await ResultStore.open(directory, SILENT_LOG);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function addSuccess(taskId: string, bytes: Buffer): Promise<TaskOutcome> {
  const sha256 = ResultStore.hashImage(bytes);
  await store.putImage(sha256, bytes);
  const outcome = create(TaskOutcomeSchema, {
    taskId,
    runId: 'r',
    baseStationId: 'bs',
    status: OutcomeStatus.SUCCEEDED,
    serviceMs: 12.5,
    image: { sha256, sizeBytes: BigInt(bytes.length), mediaType: 'image/png' },
  });
  await store.add(outcome);
  return outcome;
}

describe('the result store', () => {
  it('has a success and its image again after being reopened', async () => {
    const outcome = await addSuccess('a', Buffer.from('picture'));
    const reopened = await ResultStore.open(directory, SILENT_LOG);
    expect(reopened.list()).toEqual([outcome]);
    expect((await reopened.readImage(outcome.image?.sha256 ?? ''))?.toString()).toBe('picture');
  });

  it('keeps an image that two outcomes share until both are gone', async () => {
    const { image } = await addSuccess('a', Buffer.from('same'));
    await addSuccess('b', Buffer.from('same'));
    await store.remove('bs', 'a');
    expect(await store.readImage(image?.sha256 ?? '')).not.toBeNull();
    await store.remove('bs', 'b');
    expect(await store.readImage(image?.sha256 ?? '')).toBeNull();
    expect(await readdir(join(directory, 'images'))).toEqual([]);
  });

  it('takes file names from hashes, never from task ids', async () => {
    await addSuccess('../../etc/passwd', Buffer.from('x'));
    expect(await readdir(join(directory, 'outcomes'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/)]);
  });

  it('drops damaged, half-written and orphaned files and keeps the rest', async () => {
    await addSuccess('a', Buffer.from('good'));
    await writeFile(join(directory, 'outcomes', 'damaged.json'), '{"taskId": 4');
    await writeFile(join(directory, 'outcomes', 'cut.json.part'), '{}');
    await writeFile(join(directory, 'images', `${'0'.repeat(64)}.png`), 'orphan');
    const reopened = await ResultStore.open(directory, SILENT_LOG);
    expect(reopened.list().map((outcome) => outcome.taskId)).toEqual(['a']);
    expect(await readdir(join(directory, 'outcomes'))).toHaveLength(1);
    expect(await readdir(join(directory, 'images'))).toHaveLength(1);
  });

  it('never reads a file that it does not keep', async () => {
    await writeFile(join(directory, 'images', 'secret.png'), 'secret');
    expect(await store.readImage('secret')).toBeNull();
  });
});
