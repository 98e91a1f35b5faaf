// Weights and wheels for nodes without internet, fetched in the window: from a page and a package index on loopback.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WheelTable } from '../../src/main/domain/nodes/wheels/wheel-table.js';
import { SD3_LICENSE } from '../../src/shared/weights.js';
import { untilKept } from '../support/file-server.js';
import { openWindowOver, type WindowOver } from '../support/open-window-over.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { PUBLISHED, RIGHT_TOKEN, startWeightsPage, type WeightsPage } from '../support/weights-page.js';
import { goTo, heading } from '../support/window-steps.js';

const TORCH = 'torch-2.8.0-cp310-cp310-linux_aarch64.whl';
const NUMPY = 'numpy-1.26.4-cp310-cp310-manylinux_2_17_aarch64.whl';
const torch = randomBytes(900_000);
const numpy = randomBytes(1_000);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
let weights: WeightsPage;
let window: WindowOver;
screenshotOnFailure(() => window.page);

beforeAll(async () => {
  vi.stubEnv('HF_TOKEN', undefined);
  weights = await startWeightsPage();
  const { server } = weights;
  server.files.set(`/jp6/${TORCH}`, { body: torch });
  const listed = { filename: NUMPY, url: `../../files/${NUMPY}`, hashes: { sha256: sha256(numpy) } };
  server.files.set('/simple/numpy/', { body: JSON.stringify({ files: [listed] }) });
  server.files.set(`/files/${NUMPY}`, { body: numpy });
  const table: WheelTable = {
    jetpacks: {
      6: {
        ...{ title: 'JetPack 6.2', python: '3.10', machine: 'aarch64', notes: ['A note on this torch.'] },
        files: [{ name: TORCH, url: `${server.url}/jp6/${TORCH}`, sha256: sha256(torch) }],
        packages: [{ name: 'numpy', version: '1.26.4', sha256: sha256(numpy) }],
      },
    },
  };
  window = await openWindowOver({
    weights: weights.source,
    wheels: { readTable: () => Promise.resolve(table), userIndex: () => null },
  });
});
afterAll(async () => {
  await window.close();
  await weights.close();
  vi.unstubAllEnvs();
});

const dialogNamed = (name: string): Locator => window.page.getByRole('dialog', { name });
const work = (): Locator => window.page.getByRole('region', { name: 'Work on models' });
const weightsFolder = (): string => join(window.dataDir, 'weights');

async function openFetch(): Promise<Locator> {
  await goTo(window.page, 'Models');
  await window.page.getByRole('button', { name: 'Fetch weights' }).first().click();
  const dialog = dialogNamed('Fetch weights');
  await dialog.getByRole('radio', { name: new RegExp(PUBLISHED) }).waitFor();
  return dialog;
}

async function acceptAndFetch(dialog: Locator): Promise<void> {
  await dialog.getByRole('checkbox', { name: /^I have accepted/ }).check();
  await dialog.getByRole('button', { name: 'Fetch', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe('weights', () => {
  it('are offered with their size, license, page and room, and not fetched before license and token are there', async () => {
    const dialog = await openFetch();
    expect(await dialog.getByRole('link', { name: SD3_LICENSE.name }).getAttribute('href')).toBe(SD3_LICENSE.url);
    expect(await dialog.getByRole('link', { name: weights.server.url }).getAttribute('href')).toBe(weights.server.url);
    await dialog.getByText(/needed, .* free there/).waitFor();
    expect(await dialog.getByLabel('Folder on this machine').inputValue()).toBe(weightsFolder());
    await dialog.getByText('Confirm the license first.').waitFor();
    await dialog.getByRole('checkbox', { name: /^I have accepted/ }).check();
    await dialog.getByText('Enter a token first.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Fetch', exact: true }).isDisabled()).toBe(true);
  });

  it('take a token that is written once, forgotten on wish, and refused where it can be none', async () => {
    const dialog = dialogNamed('Fetch weights');
    const field = dialog.getByLabel('Hugging Face access token');
    await field.fill('hf_wrong token');
    await dialog.getByRole('button', { name: 'Keep token' }).click();
    await dialog.getByText(/that no token has/).waitFor();
    await field.fill('hf_wrong');
    await dialog.getByRole('button', { name: 'Keep token' }).click();
    await dialog.getByText(/Kept since .*this session only/).waitFor();
    await dialog.getByRole('button', { name: 'Forget token' }).click();
    await dialog.getByText('No token kept yet.').waitFor();
    expect(await field.inputValue()).toBe('');
    await field.fill('hf_wrong');
    await field.press('Enter');
    await dialog.getByText(/Kept since/).waitFor();
  });

  it('whose page refuses the token say what to do', async () => {
    weights.serve();
    await acceptAndFetch(dialogNamed('Fetch weights'));
    await work()
      .getByText(/Accept the terms on its page/)
      .waitFor();
  });

  it('are fetched with progress, paused, found again by the next start of the program, and resumed', async () => {
    weights.serve({ hangsAfterBytes: Math.floor(weights.bytes.length / 2) });
    const dialog = await openFetch();
    await dialog.getByRole('button', { name: 'Forget token' }).click();
    await dialog.getByLabel('Hugging Face access token').fill(RIGHT_TOKEN);
    await dialog.getByRole('button', { name: 'Keep token' }).click();
    await dialog.getByText(/Kept since/).waitFor();
    await acceptAndFetch(dialog);
    await untilKept(join(weightsFolder(), `${PUBLISHED}.part`));
    await work().getByRole('progressbar').first().waitFor();
    await work()
      .getByRole('button', { name: /^Pause: Fetching/ })
      .click();
    await work()
      .getByText(/are here and are kept/)
      .waitFor();
    await window.restart();
    await goTo(window.page, 'Models');
    await work().getByText('Paused').waitFor();
    // The token was of the session that has ended.
    const again = await openFetch();
    await again.getByLabel('Hugging Face access token').fill(RIGHT_TOKEN);
    await again.getByRole('button', { name: 'Keep token' }).click();
    await again.getByText(/Kept since/).waitFor();
    await again.getByText(/are there already: the rest is fetched/).waitFor();
    await again.getByRole('button', { name: 'Cancel' }).click();
    await work()
      .getByRole('button', { name: /^Resume: Fetching/ })
      .click();
    await work().getByText('Every byte has the published SHA-256.').waitFor();
    expect(readFileSync(join(weightsFolder(), PUBLISHED)).equals(weights.bytes)).toBe(true);
    expect(weights.server.requests.some(({ headers }) => headers.range !== undefined)).toBe(true);
  });

  it('are on record, with the day they were verified, and verified again with what came of it', async () => {
    await window.page.getByRole('table', { name: 'Models' }).getByRole('link', { name: 'sd3_medium_incl_clips' }).click();
    await heading(window.page, 'sd3_medium_incl_clips').waitFor();
    await window.page.getByText('Last verified here').waitFor();
    await window.page.getByRole('button', { name: 'Verify', exact: true }).click();
    const panel = window.page.getByRole('region', { name: 'Verification' });
    await panel.getByText('Every byte was read and is as on record:').waitFor();
    const path = join(weightsFolder(), PUBLISHED);
    const bytes = Buffer.from(weights.bytes);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await window.page.getByRole('button', { name: 'Verify', exact: true }).click();
    await panel.getByText(/is not as on record/).waitFor();
    await window.page.getByText(/^Not as on record on/).waitFor();
    await goTo(window.page, 'Models');
    await window.page.getByRole('table', { name: 'Models' }).getByText('not as on record').waitFor();
  });

  it('leave the token out of everything that the window gets', () => {
    expect(window.received.join()).toContain('hugging-face');
    expect(window.received.join()).not.toContain(RIGHT_TOKEN);
  });

  it('leave a token in the list of kept secrets that is forgotten there, and brought back without coming to the window', async () => {
    await goTo(window.page, 'Settings');
    await window.page.getByRole('tab', { name: 'Secrets' }).click();
    const forget = window.page.getByRole('button', { name: 'Forget the token of Hugging Face' });
    await forget.click();
    await window.page.getByText(/^None\. Keys without/).waitFor();
    await window.page.getByText('Hugging Face access token forgotten.', { exact: true }).waitFor();
    await window.page.getByRole('button', { name: 'Undo', exact: true }).click();
    await forget.waitFor();
    expect(window.received.join()).not.toContain(RIGHT_TOKEN);
    await forget.click();
    await window.page.getByText(/^None\. Keys without/).waitFor();
  });
});

describe('wheels', () => {
  const panel = (): Locator => window.page.getByRole('region', { name: 'Wheels for nodes' });
  const row = (): Locator => panel().getByRole('row', { name: /JetPack 6\.2/ });
  const openWheels = async (): Promise<Locator> => {
    await panel().getByRole('button', { name: 'Fetch wheels for JetPack 6.2' }).click();
    return dialogNamed('Wheels for JetPack 6.2');
  };

  it('are listed with what is here, and need an index without a login', async () => {
    await goTo(window.page, 'Models');
    await row().getByText('None here').waitFor();
    const dialog = await openWheels();
    await dialog.getByText('A note on this torch.').waitFor();
    await dialog.getByText(TORCH).waitFor();
    await dialog.getByRole('button', { name: 'Fetch 2 wheels' }).click();
    await dialog.getByText('No package index is named.').waitFor();
    await dialog.getByLabel('Package index').fill('http://lab:hunter2@127.0.0.1/simple/');
    await dialog.getByRole('button', { name: 'Fetch 2 wheels' }).click();
    await dialog.getByText(/with a login in it would be on record/).waitFor();
  });

  it('come with progress, are canceled in the middle of a file, and continue there', async () => {
    const { server } = weights;
    server.files.set(`/jp6/${TORCH}`, { body: torch, hangsAfterBytes: 400_000 });
    const dialog = dialogNamed('Wheels for JetPack 6.2');
    await dialog.getByLabel('Package index').fill(`${server.url}/simple/`);
    await dialog.getByRole('button', { name: 'Fetch 2 wheels' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await panel()
      .getByText(new RegExp(`^${TORCH.replaceAll('.', '\\.')}, .* of 900 kB`))
      .waitFor();
    await row()
      .getByRole('button', { name: /^Cancel:/ })
      .click();
    await window.page.getByRole('button', { name: 'Cancel job' }).click();
    await row().getByText('Canceled').waitFor();
    await row()
      .getByRole('button', { name: /^Resume:/ })
      .click();
    await row().getByText('All here').waitFor();
    const folder = join(window.dataDir, 'wheels', 'jetpack-6');
    expect([TORCH, NUMPY].every((name) => existsSync(join(folder, name)))).toBe(true);
    expect(readFileSync(join(folder, TORCH)).equals(torch)).toBe(true);
    await row().getByText('2 of 2').waitFor();
  });

  it('remember the index that was used last', async () => {
    const dialog = await openWheels();
    expect(await dialog.getByLabel('Package index').inputValue()).toBe(`${weights.server.url}/simple/`);
    await dialog.getByRole('button', { name: 'Compare and fetch what differs' }).click();
    await row().getByText('All here').waitFor();
  });

  it('made no complaint in the browser', () => {
    expect(window.complaints).toEqual([]);
  });
});
