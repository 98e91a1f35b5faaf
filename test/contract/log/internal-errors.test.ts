// What no one foresaw, at every border: in the log with its stack, and outside with the id under which the log has it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../src/shared/errors.js';
import { createApiCaller } from '../../../src/main/api/router.js';
import { findErrorShape } from '../../../src/main/api/trpc.js';
import { handleAsset } from '../../../src/main/api/handle-asset.js';
import { type Core, createCore } from '../../../src/main/composition/core.js';
import { readLastLines } from '../../../src/main/adapters/log/read-log.js';
import { standInFor } from '../../support/stand-in-services.js';
import type { Services } from '../../../src/main/api/services.js';

let dataDir: string;
let core: Core;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'dedgeai-faults-'));
  core = await createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' });
});
afterEach(async () => {
  await core.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const broken = (): never => {
  throw new TypeError('Cannot read properties of undefined');
};

function withBroken(services: Services): Services {
  return {
    ...services,
    testbeds: Object.assign(Object.create(services.testbeds) as Services['testbeds'], {
      list: broken,
      async *watch() {
        yield [];
        await Promise.resolve();
        broken();
      },
    }),
    images: standInFor('images', {
      imagePath: () => Promise.reject(new RangeError('out of bounds')),
      thumbnailPath: broken,
      examine: broken,
    }),
  };
}

function errorsInLog(): { requestId: string | undefined; stack: string | null; doing: string | undefined }[] {
  const { lines } = core.services.app.logTail({ lines: 100, runId: null });
  const field = (line: (typeof lines)[number], name: string): string | undefined =>
    line.fields.find((candidate) => candidate.name === name)?.value;
  return lines
    .filter(({ level }) => level === 'error')
    .map((line) => ({ requestId: field(line, 'requestId'), doing: field(line, 'doing'), stack: line.stack }));
}

async function shapeOf(act: () => Promise<unknown>): Promise<ReturnType<typeof findErrorShape>> {
  return act().then(
    () => expect.unreachable(),
    (thrown: unknown) => findErrorShape(thrown),
  );
}

test('a query that breaks is in the log under the id that its hint names', async () => {
  const api = createApiCaller({ services: withBroken(core.services) });

  const shape = await shapeOf(() => api.testbeds.list());

  expect(shape).toMatchObject({ code: 'internal', message: 'Cannot read properties of undefined' });
  const [fault, ...others] = errorsInLog();
  expect(others).toEqual([]);
  expect(fault!.requestId).toMatch(/^request-/);
  expect(shape.hint).toContain(fault!.requestId);
  expect(fault!.doing).toBe('answering testbeds.list');
  expect(fault!.stack).toMatch(/internal-errors\.test\.ts/);
});

test('so is a subscription that breaks after its first value', async () => {
  const api = createApiCaller({ services: withBroken(core.services) });
  const values: unknown[] = [];

  const shape = await shapeOf(async () => {
    for await (const value of await api.testbeds.watch({ id: 'any' })) values.push(value);
  });

  expect(values).toEqual([[]]);
  expect(shape.hint).toContain(errorsInLog()[0]!.requestId);
});

test('so is an asset', async () => {
  const answer = await handleAsset(new Request(`http://127.0.0.1/images/${'a'.repeat(64)}`), withBroken(core.services));

  expect(answer!.status).toBe(500);
  const shape = (await answer!.json()) as { hint: string };
  expect(shape.hint).toContain(errorsInLog()[0]!.requestId);
});

test('what the program foresees is an answer, and no line of the log', async () => {
  const api = createApiCaller({ services: core.services });

  const shape = await shapeOf(() => api.testbeds.get({ id: 'nobody' }));
  await shapeOf(() => api.testbeds.create({ name: 3 as never }));

  expect(shape.code).toBe('not-found');
  expect(errorsInLog()).toEqual([]);
});

test('a database that cannot be opened leaves its reason in the log', async () => {
  const { path } = core.services.app.logTail({ lines: 1, runId: null });
  await core.close();
  writeFileSync(join(dataDir, 'dedgeai.sqlite'), 'this is no database, whatever its name says'.repeat(200));

  await expect(createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' })).rejects.toBeInstanceOf(AppError);

  const last = readLastLines(path, 5).find(({ level }) => level === 'error');
  expect(last?.message).toBe('The database could not be opened');
  expect(last?.stack).toContain('open-database');
  rmSync(join(dataDir, 'dedgeai.sqlite'));
  core = await createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' });
});
