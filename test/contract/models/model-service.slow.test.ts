import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelProcess } from '../../../src/main/programs/model-worker/model-process.js';
import type { ModelTask } from '../../../src/main/domain/models/model-worker-messages.js';
import type { OneTaskRequest } from '../../../src/main/programs/child/serve-one-task.js';
import type { JobEngine } from '../../../src/main/domain/jobs/job-engine.js';
import { ModelService } from '../../../src/main/domain/models/model-service.js';
import { ModelRepository } from '../../../src/main/adapters/storage/model-repository.js';
import type { ModelJob } from '../../../src/shared/model.js';
import { makeJobEngine } from '../../support/job-fixtures.js';
import { buildEntry } from '../../support/build-entry.js';
import { SD3_LICENSE } from '../../../src/shared/weights.js';
import { allInOneTensors, buildSafetensors, transformerTensors, writeSparseModel } from '../../support/model-files.js';
import { openTemporaryDatabase } from '../../support/storage-fixtures.js';
import type { TemporaryDatabase } from '../../support/storage-fixtures.js';

const MIB = 1024 * 1024;
let worker: string;
let temporary: TemporaryDatabase;
let service: ModelService;
let jobs: JobEngine;
let folder: string;
let inputPath: string;
let outputPath: string;
let events: string[];
/** Wall clock, epoch ms. */
let nowMs: number;

beforeAll(async () => {
  worker = await buildEntry('src/main/programs/model-worker/model-worker.ts');
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'model-service-'));
  inputPath = join(folder, 'sd3.safetensors');
  outputPath = join(folder, 'refined.safetensors');
  temporary = openTemporaryDatabase();
  events = [];
  let number = 0;
  const newId = (prefix: string): string => `${prefix}-${++number}`;
  nowMs = 1_000;
  jobs = makeJobEngine({ newId, nowMs: () => nowMs });
  service = new ModelService({
    jobs,
    isInBin: () => false,
    models: new ModelRepository(temporary.database),
    worker: new ModelProcess(worker),
    weights: {
      page: 'http://127.0.0.1:1',
      mirror: () => null,
      token: () => Promise.resolve(null),
      describeToken: () => Promise.resolve({ source: 'none' }),
      folder: join(folder, 'weights'),
    },
    newId,
    nowMs: () => nowMs,
    recordEvent: ({ kind, subjectId }) => events.push(`${kind} ${subjectId ?? ''}`),
  });
});
afterEach(async () => {
  await jobs.close();
  temporary.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** The job when it has ended; `onChange` sees every snapshot on the way. */
async function end(job: ModelJob, onChange: (job: ModelJob) => void = () => undefined): Promise<ModelJob> {
  for await (const snapshot of service.watchJob(job.id, new AbortController().signal)) onChange(snapshot);
  return service.getJob(job.id);
}

describe('models on record', () => {
  it('puts a model with its parts and hash on record', async () => {
    const bytes = buildSafetensors(allInOneTensors());
    writeFileSync(inputPath, bytes);
    const { state, model } = await end(service.add({ acceptLicense: true, path: inputPath }));
    expect(state).toBe('succeeded');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(model).toMatchObject({ name: 'sd3', layout: 'all-in-one', sizeBytes: bytes.length, sha256, isPresent: true });
    expect(service.list()).toEqual([model]);
    expect(service.get(model!.id)).toEqual(model);
    expect(events).toEqual([`model-added ${model!.id}`]);
  });

  it('brings a model up to date when its path is added again', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const first = await end(service.add({ acceptLicense: true, path: inputPath, name: 'Mine' }));
    writeFileSync(inputPath, buildSafetensors(allInOneTensors(['t5'])));
    const second = await end(service.add({ acceptLicense: true, path: inputPath }));
    expect(second.model).toMatchObject({ id: first.model!.id, name: 'Mine', parts: { length: 4 } });
    expect(service.list()).toEqual([second.model]);
  });

  it('takes a model off the record and leaves its file', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const { model } = await end(service.add({ acceptLicense: true, path: inputPath }));
    await service.remove(model!.id);
    expect(service.list()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['sd3.safetensors']);
    expect(() => service.get(model!.id)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  it('compares every byte with the record, and names the file that differs', async () => {
    const bytes = buildSafetensors(allInOneTensors());
    writeFileSync(inputPath, bytes);
    const { model } = await end(service.add({ acceptLicense: true, path: inputPath }));
    expect(service.get(model!.id).lastRead).toEqual({ atMs: 1_000, isAsOnRecord: true });
    nowMs = 2_000;
    expect(await end(service.verify(model!.id))).toMatchObject({ state: 'succeeded', model: { id: model!.id } });
    expect(service.get(model!.id).lastRead).toEqual({ atMs: 2_000, isAsOnRecord: true });
    nowMs = 3_000;
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(inputPath, bytes);
    const { state, error } = await end(service.verify(model!.id));
    expect(state).toBe('failed');
    expect(error).toMatchObject({ code: 'conflict', message: expect.stringContaining('not as on record: sd3.safetensors') as string });
    expect(service.get(model!.id).lastRead).toEqual({ atMs: 3_000, isAsOnRecord: false });
    nowMs = 4_000;
    await end(service.add({ path: inputPath }));
    expect(service.get(model!.id).lastRead).toEqual({ atMs: 4_000, isAsOnRecord: true });
  });

  it('says when the file is not there any more', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const { model } = await end(service.add({ acceptLicense: true, path: inputPath }));
    rmSync(inputPath);
    expect(service.get(model!.id).isPresent).toBe(false);
  });

  it('puts nothing on record of a file that is no model, and tells why', async () => {
    writeFileSync(inputPath, 'PK\x03\x04');
    expect(await end(service.add({ acceptLicense: true, path: inputPath }))).toMatchObject({
      state: 'failed',
      error: { code: 'unsupported' },
    });
    expect(service.list()).toEqual([]);
  });

  it('refuses a relative path', () => {
    expect(() => service.add({ path: 'sd3.safetensors' })).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  });
});

describe('the license of the weights', () => {
  it('has to be accepted before weights of SD3 medium are hashed, and is on record then', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const refused = await end(service.add({ path: inputPath }));
    expect(refused).toMatchObject({ state: 'failed', progress: null, error: { code: 'invalid-input' } });
    expect(refused.error?.message).toContain(SD3_LICENSE.url);
    expect(refused.error?.hint).toContain('--accept-license');
    expect(service.list()).toEqual([]);
    const { model } = await end(service.add({ path: inputPath, acceptLicense: true }));
    expect(model?.license).toEqual({ ...SD3_LICENSE, acceptedAtMs: 1_000 });
    expect((await end(service.add({ path: inputPath }))).model?.license).toEqual(model?.license);
  });

  it('is not asked for of a small model for trials', async () => {
    const tiny = [...allInOneTensors(['transformer']), ...transformerTensors(undefined, 64, 384)];
    writeFileSync(inputPath, buildSafetensors(tiny));
    expect((await end(service.add({ path: inputPath }))).model).toMatchObject({ family: 'sd3-other', license: null });
  });
});

describe('refining', () => {
  it('tells the bytes before, after and saved', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const { report } = await end(service.refine({ path: inputPath, outputPath }));
    expect(report).toMatchObject({ inputPath, outputPath, savedBytes: report!.beforeBytes - report!.afterBytes });
  });

  it('puts what it wrote on record, with what it was made of and the license of that', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const { model: original } = await end(service.add({ path: inputPath, acceptLicense: true }));
    const { report, model } = await end(service.refine({ path: inputPath, outputPath }));
    expect(model).toMatchObject({ name: 'refined', path: outputPath, sha256: report!.sha256, refinedFromSha256: original!.sha256 });
    expect(model!.license).toEqual(original!.license);
    expect(service.list().map(({ id }) => id)).toContain(model!.id);
  });

  it('takes no more memory for 512 MiB than for a small file, and tells rate and rest on the way', async () => {
    writeFileSync(inputPath, buildSafetensors(allInOneTensors()));
    const small = await end(service.refine({ path: inputPath, outputPath: join(folder, 'small') }));
    writeSparseModel(inputPath, 512 * MIB, 256 * MIB);
    const seen: ModelJob['progress'][] = [];
    const { report } = await end(service.refine({ path: inputPath, outputPath }), ({ progress }) => seen.push(progress));
    expect(report!.afterBytes).toBeGreaterThan(512 * MIB);
    expect(report!.peakMemoryBytes - small.report!.peakMemoryBytes).toBeLessThan(64 * MIB);
    expect(seen.findLast((progress) => progress?.phase === 'copying')).toMatchObject({ doneBytes: report!.afterBytes, remainingSec: 0 });
    expect(seen.some((progress) => (progress?.remainingSec ?? 0) > 0 && (progress?.bytesPerSec ?? 0) > 0)).toBe(true);
  });

  it('leaves nothing of a job that is canceled in the middle', async () => {
    writeSparseModel(inputPath, 512 * MIB, 256 * MIB);
    const job = service.refine({ path: inputPath, outputPath });
    const ended = await end(job, ({ progress }) => progress && void jobs.cancel(job.id));
    expect(ended).toMatchObject({ state: 'cancelled', error: { code: 'cancelled' } });
    expect(readdirSync(folder)).toEqual(['sd3.safetensors']);
  });

  it.runIf(process.platform === 'linux')('leaves nothing of a process that is killed in the middle', async () => {
    writeSparseModel(inputPath, 512 * MIB, 256 * MIB);
    const job = service.refine({ path: inputPath, outputPath });
    let killed = false;
    const ended = await end(job, ({ progress, state }) => {
      if (killed || !progress || state !== 'running') return;
      killed = true;
      const processId = /\.(\d+)\.part$/.exec(readdirSync(folder).find((name) => name.endsWith('.part')) ?? '')?.[1];
      process.kill(Number(processId), 'SIGKILL');
    });
    expect(ended).toMatchObject({ state: 'failed', error: { code: 'io', message: expect.stringContaining('SIGKILL') as string } });
    expect(readdirSync(folder)).toEqual(['sd3.safetensors']);
  });

  it('leaves nothing when the program itself is killed in the middle: the process hears it and ends', async () => {
    writeSparseModel(inputPath, 512 * MIB, 256 * MIB);
    const child = fork(worker, [], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const exited = once(child, 'exit');
    child.send({ kind: 'start', task: { kind: 'refine', inputPath, outputPath, overwrite: false } } satisfies OneTaskRequest<ModelTask>);
    await once(child, 'message');
    expect(readdirSync(folder)).toHaveLength(2);
    child.disconnect();
    await exited;
    expect(readdirSync(folder)).toEqual(['sd3.safetensors']);
  });

  it('refuses a second job for the same output', async () => {
    writeSparseModel(inputPath, 64 * MIB, 256 * MIB);
    const job = service.refine({ path: inputPath, outputPath });
    expect(() => service.refine({ path: inputPath, outputPath })).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect((await end(job)).state).toBe('succeeded');
  });

  it('is canceled when the program closes', async () => {
    writeSparseModel(inputPath, 512 * MIB, 256 * MIB);
    const job = service.refine({ path: inputPath, outputPath });
    await jobs.close();
    expect(service.getJob(job.id).state).toBe('cancelled');
    expect(readdirSync(folder)).toEqual(['sd3.safetensors']);
  });
});
