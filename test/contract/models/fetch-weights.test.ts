// Fetching weights through the API of the program, from a page on loopback: the token from the environment or the vault, resumed, refused, and
// interrupted by the end of the program.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { assembleCore, type CoreParts } from '../../../src/main/composition/core.js';
import type { FetchWeightsInput } from '../../../src/shared/api/inputs.js';
import type { ModelJob } from '../../../src/shared/model.js';
import { SD3_LICENSE } from '../../../src/shared/weights.js';
import { buildEntry } from '../../support/build-entry.js';
import { startFileServer, untilKept } from '../../support/file-server.js';
import { until } from '../../support/until.js';
import { PUBLISHED, RIGHT_TOKEN, startWeightsPage, type WeightsPage } from '../../support/weights-page.js';

const PASSPHRASE = 'a long passphrase of the vault';
let modelWorkerPath: string;
let dir: string;
let page: WeightsPage;
let program: CoreParts;
let api: ReturnType<typeof createApiCaller>;

beforeAll(async () => {
  modelWorkerPath = await buildEntry('src/main/programs/model-worker/model-worker.ts');
});

async function open(change: { askSecret?: () => Promise<string>; isWithoutLock?: boolean } = {}): Promise<void> {
  const { askSecret, ...overrides } = change;
  program = await assembleCore({
    ...{ dataDir: join(dir, 'data'), shell: 'web', access: 'exclusive', activity: 'none' },
    ...(askSecret ? { askSecret } : {}),
    overrides: { weights: page.source, paths: { modelWorkerPath }, ...overrides },
  });
  api = createApiCaller({ services: program.core.services });
}

beforeEach(async () => {
  vi.stubEnv('HF_TOKEN', RIGHT_TOKEN);
  dir = await mkdtemp(join(tmpdir(), 'fetch-weights-'));
  page = await startWeightsPage();
  page.serve();
  await open();
});
afterEach(async () => {
  await program.core.close();
  await page.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  vi.unstubAllEnvs();
});

const folder = (): string => join(dir, 'weights');
const path = (): string => join(folder(), PUBLISHED);
const input = (): FetchWeightsInput => ({ file: PUBLISHED, folder: folder(), acceptLicense: true });
const half = (): number => Math.floor(page.bytes.length / 2);

/** The job when it has ended or is paused. */
async function ended({ id }: { id: string }): Promise<ModelJob> {
  for await (const _ of await api.models.watchJob({ id }));
  return api.models.job({ id });
}

/** Of which the first half is here, and whose server sends no more. */
async function startAndHang(): Promise<ModelJob> {
  page.serve({ hangsAfterBytes: half() });
  const job = await api.models.fetch(input());
  await untilKept(`${path()}.part`);
  return job;
}

/** What the program has on its disk, but for the vault. */
function everythingKept(): string {
  const data = join(dir, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join('\n');
}

describe('a fetch', () => {
  it('brings the weights here, compares them and puts them on record', async () => {
    const { state, model, error } = await ended(await api.models.fetch(input()));
    expect(error).toBeNull();
    expect(state).toBe('succeeded');
    expect(model).toMatchObject({ path: path(), sha256: page.sha256, license: { name: SD3_LICENSE.name } });
  });

  it('continues from where the connection broke', async () => {
    page.serve({ cutAfterBytes: half(), beforeCut: () => untilKept(`${path()}.part`) });
    const broken = await ended(await api.models.fetch(input()));
    expect(broken).toMatchObject({ state: 'failed', error: { code: 'io' } });
    const partBytes = statSync(`${path()}.part`).size;
    expect(await ended(await api.jobs.resume({ id: broken.id }))).toMatchObject({ state: 'succeeded' });
    expect(page.server.requests.at(-1)?.headers.range).toBe(`bytes=${partBytes}-`);
    expect(readFileSync(path()).equals(page.bytes)).toBe(true);
  });

  it('says that nothing comes any more, where the server sends no more', async () => {
    const { id } = await startAndHang();
    await until(async () => (await api.models.job({ id })).progress?.bytesPerSec === 0);
    expect(await api.models.job({ id })).toMatchObject({ state: 'running', progress: { remainingSec: null } });
    await api.jobs.cancel({ id });
  });

  it('pauses and resumes, as a job like any other', async () => {
    const { id } = await startAndHang();
    expect(await api.jobs.get({ id })).toMatchObject({ kind: 'model-job', title: 'Fetch weights', commands: ['pause', 'cancel'] });
    await api.jobs.pause({ id });
    expect(await api.models.job({ id })).toMatchObject({ state: 'paused', error: null });
    expect(await ended(await api.jobs.resume({ id }))).toMatchObject({ state: 'succeeded' });
    expect(page.server.requests.at(-1)?.headers.range).toMatch(/^bytes=\d+-$/);
  });

  it('is cancelled in the middle, and what is here is taken up when it is resumed', async () => {
    const { id } = await startAndHang();
    await api.jobs.cancel({ id });
    expect(await api.models.job({ id })).toMatchObject({ state: 'cancelled' });
    expect(existsSync(`${path()}.part`)).toBe(true);
    expect(await ended(await api.jobs.resume({ id }))).toMatchObject({ state: 'succeeded' });
  });

  it('is paused after the program was killed in the middle, and resumed by the next one', async () => {
    const { id } = await startAndHang();
    // Opened beside the one that runs: for it, a row that says running was interrupted.
    const killed = program;
    await open({ isWithoutLock: true });
    expect(await api.jobs.get({ id })).toMatchObject({ state: 'paused', commands: ['cancel', 'resume'] });
    const { state } = await ended(await api.jobs.resume({ id }));
    expect(state).toBe('succeeded');
    await killed.core.close();
  });

  it('is paused when the program ends', async () => {
    const { id } = await startAndHang();
    await program.core.close();
    await open();
    expect(await api.jobs.get({ id })).toMatchObject({ state: 'paused' });
  });

  it('asks the page for nothing that is here, and leaves another file of that name as it is', async () => {
    await ended(await api.models.fetch(input()));
    page.server.requests.length = 0;
    expect(await ended(await api.models.fetch(input()))).toMatchObject({ state: 'succeeded' });
    expect(page.server.requests).toEqual([]);
    for (const other of [Buffer.from('mine'), randomBytes(page.bytes.length)]) {
      writeFileSync(path(), other);
      expect((await ended(await api.models.fetch(input()))).state).toBe('failed');
      expect(readFileSync(path()).equals(other)).toBe(true);
    }
  });

  it('keeps nothing of a file with another SHA-256', async () => {
    page.serve({ body: randomBytes(1_000) });
    const { error } = await ended(await api.models.fetch(input()));
    expect(error?.message).toContain(`instead of ${page.sha256}`);
    expect(readdirSync(folder())).toEqual([]);
  });

  it('is refused without the license, and before a byte where there is no room', async () => {
    await expect(api.models.fetch({ ...input(), acceptLicense: false })).rejects.toMatchObject({
      message: expect.stringContaining(SD3_LICENSE.url) as string,
    });
    await program.core.close();
    const [file] = page.source.files ?? [];
    page.source = { ...page.source, files: [{ ...file!, sizeBytes: 2 ** 60 }] };
    await open();
    expect(await ended(await api.models.fetch(input()))).toMatchObject({ state: 'failed', error: { code: 'no-space' } });
    expect(page.server.requests).toEqual([]);
  });
});

describe('the token', () => {
  const keep = (secret = RIGHT_TOKEN, holder: 'vault' | 'session' = 'vault'): Promise<unknown> =>
    api.credentials.set({ of: { kind: 'token', account: 'hugging-face' }, secret, holder });

  beforeEach(() => vi.stubEnv('HF_TOKEN', undefined));

  it('is asked for with everything that is to be done, where there is none, and where it may not fetch', async () => {
    expect((await api.models.weights()).token).toEqual({ source: 'none' });
    const { error } = await ended(await api.models.fetch(input()));
    expect(error).toMatchObject({
      code: 'secret-missing',
      hint: expect.stringMatching(/huggingface\.co.*secret set hugging-face.*HF_TOKEN.*--accept-license/) as string,
    });
    await keep('hf_wrong', 'session');
    expect((await ended(await api.models.fetch(input()))).error).toMatchObject({
      code: 'unsupported',
      hint: expect.stringContaining('Accept') as string,
    });
  });

  it('comes out of the vault where the environment has none, and before it where it has one', async () => {
    await api.credentials.createVault({ passphrase: PASSPHRASE });
    await keep();
    expect((await api.models.weights()).token).toMatchObject({ source: 'kept', holder: 'vault', isReadable: true });
    expect(await ended(await api.models.fetch(input()))).toMatchObject({ state: 'succeeded' });
    vi.stubEnv('HF_TOKEN', 'hf_of_the_environment');
    expect((await api.models.weights()).token).toEqual({ source: 'environment' });
    rmSync(path());
    expect((await ended(await api.models.fetch(input()))).error).toMatchObject({ code: 'unsupported' });
  });

  it('is in a locked vault after a restart, which is said, and whose passphrase a person at the terminal is asked for', async () => {
    await api.credentials.createVault({ passphrase: PASSPHRASE });
    await keep();
    await program.core.close();
    await open();
    expect((await api.models.weights()).token).toMatchObject({ source: 'kept', holder: 'vault', isReadable: false });
    expect((await ended(await api.models.fetch(input()))).error).toMatchObject({ code: 'vault-locked' });
    await program.core.close();
    const questions: string[] = [];
    await open({ askSecret: (question?: string) => Promise.resolve((questions.push(question ?? ''), PASSPHRASE)) });
    expect(await ended(await api.models.fetch(input()))).toMatchObject({ state: 'succeeded' });
    expect(questions).toEqual(['Passphrase of the vault']);
  });

  it('is in no answer, no record and no log, and goes to that server alone', async () => {
    await api.credentials.createVault({ passphrase: PASSPHRASE });
    await keep();
    const job = await ended(await api.models.fetch(input()));
    await keep('hf_another_that_is_refused_there', 'vault');
    rmSync(path());
    const refused = await ended(await api.models.fetch(input()));
    expect(refused.state).toBe('failed');
    const answers = [
      job,
      refused,
      await api.jobs.list(),
      await api.jobs.get({ id: refused.id }),
      await api.models.weights(),
      await api.credentials.status(),
      await api.app.events(),
    ];
    expect(JSON.stringify(answers)).not.toMatch(/hf_/);
    expect(everythingKept()).not.toMatch(/hf_a/);
    expect(page.server.requests.map(({ headers }) => headers.authorization)).toContain(`Bearer ${RIGHT_TOKEN}`);
  });

  it('with a character that no token has is refused where it is given', async () => {
    await expect(keep('hf_abc def', 'session')).rejects.toMatchObject({ message: expect.stringContaining('that no token has') as string });
    vi.stubEnv('HF_TOKEN', 'hf_\u20ac');
    expect((await ended(await api.models.fetch(input()))).error).toMatchObject({
      code: 'invalid-input',
      message: expect.stringContaining('HF_TOKEN') as string,
    });
  });
});

describe('what is offered', () => {
  it('has files, sizes, license and page, and what of it is here', async () => {
    expect(await api.models.weights()).toMatchObject({
      page: page.server.url,
      license: SD3_LICENSE,
      folder: join(dir, 'data', 'weights'),
      files: [{ file: PUBLISHED, sizeBytes: page.bytes.length, sha256: page.sha256, hereBytes: 0 }],
    });
    mkdirSync(folder());
    writeFileSync(`${path()}.part`, page.bytes.subarray(0, 100));
    const offer = await api.models.weights({ folder: folder() });
    expect(offer.files).toMatchObject([{ hereBytes: 100 }]);
    expect(offer.freeBytes).toBeGreaterThan(0);
    await expect(api.models.weights({ folder: 'weights' })).rejects.toMatchObject({
      message: expect.stringContaining('not absolute') as string,
    });
  });
});

describe('a mirror in HF_ENDPOINT', () => {
  const MIRRORED = `/stabilityai/stable-diffusion-3-medium/resolve/main/${PUBLISHED}`;

  it('is where the files come from and the token goes, is shown before, and what it sends is compared alike', async () => {
    const mirror = await startFileServer();
    try {
      mirror.files.set(MIRRORED, { body: page.bytes, token: RIGHT_TOKEN });
      vi.stubEnv('HF_ENDPOINT', `${mirror.url}/`);
      expect(await api.models.weights()).toMatchObject({
        page: page.server.url,
        mirror: `${mirror.url}/stabilityai/stable-diffusion-3-medium`,
      });
      expect(await ended(await api.models.fetch(input()))).toMatchObject({ state: 'succeeded' });
      expect(readFileSync(path())).toEqual(page.bytes);
      expect(page.server.requests).toEqual([]);
    } finally {
      await mirror.close();
    }
  });

  it('hands on to another server without the token', async () => {
    const [mirror, store] = [await startFileServer(), await startFileServer()];
    try {
      store.files.set('/blob', { body: page.bytes });
      mirror.files.set(MIRRORED, { body: '', token: RIGHT_TOKEN, redirectTo: `${store.url}/blob` });
      vi.stubEnv('HF_ENDPOINT', mirror.url);
      expect(await ended(await api.models.fetch(input()))).toMatchObject({ state: 'succeeded' });
      expect(mirror.requests.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${RIGHT_TOKEN}`]);
      expect(store.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    } finally {
      await Promise.all([mirror.close(), store.close()]);
    }
  });

  it.each([
    ['http://mirror.example', 'is not encrypted'],
    ['https://user:word@mirror.example', 'has a login in it'],
    ['ftp://mirror.example', 'is no web address'],
    ['not an address', 'is no web address'],
  ])('%s is refused before anything is asked for', async (address, words) => {
    vi.stubEnv('HF_ENDPOINT', address);
    await expect(api.models.weights()).rejects.toMatchObject({ message: expect.stringContaining(words) as string });
    expect((await ended(await api.models.fetch(input()))).error).toMatchObject({ code: 'invalid-input' });
    expect(page.server.requests).toEqual([]);
  });
});
