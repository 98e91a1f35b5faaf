// The push dialog over nodes of which some lack the memory for the model: warned of by name, and only while they are chosen. The models are on
// record as sd3_medium_incl_clips_t5xxlfp16.safetensors and reSD3-m have them; their files are holes.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStorage } from '../../src/main/adapters/storage/open-storage.js';
import type { Model } from '../../src/shared/model.js';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { buildModel, buildOrin, ORIN_FACTS } from '../support/path-fixtures.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { buildTestbed } from '../support/storage-fixtures.js';
import { goTo } from '../support/window-steps.js';

/** What a board says of its memory; 64 GB are an AGX Orin's, 8 GB an Orin Nano's. */
const BOARDS = [
  { name: 'agx', memoryTotalBytes: 64e9, memoryAvailableBytes: 60e9 },
  { name: 'busy', memoryTotalBytes: 64e9, memoryAvailableBytes: 6e9 },
  { name: 'nano', memoryTotalBytes: 8e9, memoryAvailableBytes: 6e9 },
];

let window: OpenWindow;
screenshotOnFailure(() => window.page);

function part(name: Model['parts'][number]['name'], sizeBytes: number): Model['parts'][number] {
  return { name, tensorCount: 10, sizeBytes, dtypes: ['F16'] };
}

const RESD3M = [part('transformer', 4.17e9), part('vae', 0.17e9), part('clip-l', 0.25e9), part('clip-g', 1.39e9)];

function modelOf(folder: string, id: string, name: string, parts: Model['parts'], sha256: string) {
  const sizeBytes = parts.reduce((sum, one) => sum + one.sizeBytes, 0);
  const path = join(folder, `${name}.safetensors`);
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  const files = [{ path: `${name}.safetensors`, sizeBytes, sha256 }];
  const { isPresent: _isPresent, lastRead: _lastRead, ...stored } = buildModel({ id, name, path, parts, sizeBytes, files, sha256 });
  return stored;
}

beforeAll(async () => {
  window = await openWindow((dataDir) => {
    const storage = openStorage({ dataDir, nowMs: Date.now });
    const nodes = BOARDS.map(({ name, ...memory }, ordinal) =>
      buildOrin(name, { ordinal, facts: { ...ORIN_FACTS, hostname: name, ...memory } }),
    );
    storage.testbeds.insertTestbed(buildTestbed({ kind: 'real', timeScale: 1, nodes }));
    storage.models.save(modelOf(dataDir, 'model-1', 'sd3-with-t5', [...RESD3M, part('t5', 9.79e9)], 'a'.repeat(64)));
    storage.models.save(modelOf(dataDir, 'model-2', 'resd3-m', RESD3M, 'b'.repeat(64)));
    storage.close();
  });
});
afterAll(() => window.close());

const shortNodes = () => window.page.getByRole('list', { name: 'Nodes that are short of memory' });
const dialog = () => window.page.getByRole('dialog', { name: 'Push to nodes' });

async function openPush(model: string): Promise<void> {
  await goTo(window.page, 'Models');
  await window.page.getByRole('link', { name: model, exact: true }).click();
  await window.page.getByRole('button', { name: 'Push to nodes' }).click();
  await dialog()
    .getByRole('checkbox', { name: /^nano / })
    .waitFor();
}

it('names the nodes that lack the memory for the variant, with the figures, what helps, and where it will be refused', async () => {
  await openPush('sd3-with-t5');

  await shortNodes().getByRole('listitem').nth(1).waitFor();
  const warnings = await shortNodes().getByRole('listitem').allInnerTexts();
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toMatch(
    /^busy: “sd3-with-t5” needs about 18\.8 GB of memory there .*of which 6\.00? GB are free now\. Without T5-XXL it needs less/,
  );
  expect(warnings[1]).toMatch(/^nano: .* and the node has 8\.00? GB in all, which its GPU shares\..*Provisioning refuses it there\.$/);
  expect(warnings[0]).not.toContain('Provisioning refuses');
  expect(await complaintsOfAxe(window.page, '[role=dialog]')).toEqual([]);
  if (process.env['DEDGEAI_SCREENSHOT']) await window.page.screenshot({ path: process.env['DEDGEAI_SCREENSHOT'] });
});

it('warns of no node that is not to get it, and stops no one', async () => {
  await dialog()
    .getByRole('checkbox', { name: /^nano / })
    .uncheck();
  await shortNodes().getByRole('listitem').filter({ hasText: 'nano:' }).waitFor({ state: 'detached' });
  expect(await shortNodes().getByRole('listitem').count()).toBe(1);

  await dialog()
    .getByRole('checkbox', { name: /^busy / })
    .uncheck();
  await shortNodes().waitFor({ state: 'detached' });
  await dialog()
    .getByRole('checkbox', { name: /^nano / })
    .check();
  await shortNodes().getByRole('listitem').filter({ hasText: 'nano:' }).waitFor();
  expect(await dialog().getByRole('button', { name: 'Push to 2 nodes' }).isEnabled()).toBe(true);
  await dialog().getByRole('button', { name: 'Cancel' }).click();
});

it('refuses nothing in words where the variant without T5-XXL is what is pushed, and warns of what is too little all the same', async () => {
  await openPush('resd3-m');

  await shortNodes().getByRole('listitem').first().waitFor();
  const warnings = (await shortNodes().getByRole('listitem').allInnerTexts()).join('\n');
  expect(warnings).toContain('nano:');
  expect(warnings).not.toMatch(/T5-XXL|Provisioning refuses|agx:/);
  expect(window.complaints).toEqual([]);
});
