// A caption set that is not lines, in the window and in a terminal: what it holds is seen, and corrected, before anything is stored.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runCliJson } from '../support/cli.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { chooseDatasetFile, goTo } from '../support/window-steps.js';

const RESULTS = join(import.meta.dirname, '../fixtures/captions/flickr30k-results.csv');
/** Runs a command on a terminal of its own; a part of util-linux. */
const SCRIPT = '/usr/bin/script';
const METADATA = join(import.meta.dirname, '../fixtures/captions/metadata.csv');

describe('in the window', () => {
  let window: OpenWindow;
  screenshotOnFailure(() => window.page);
  beforeAll(async () => {
    window = await openWindow();
  }, 120_000);
  afterAll(async () => {
    await window.close();
    expect(window.complaints).toEqual([]);
  });

  it('shows the columns that were found, and imports another one that is chosen', async () => {
    const { page } = window;
    const dialog = await chooseDatasetFile(page, METADATA);
    await dialog.getByRole('button', { name: 'Import 4 prompts' }).waitFor();
    expect(await dialog.locator('dl').innerText()).toContain('Hugging Face metadata.csv');
    await dialog.getByRole('combobox', { name: 'Caption column' }).click();
    await page.getByRole('option', { name: /^caption_1/ }).click();
    await dialog.getByRole('button', { name: 'Import 2 prompts' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'metadata', exact: true }).click();
    await page.getByText('Two children fly a kite').first().waitFor();
    expect(await page.getByRole('table', { name: 'Prompts' }).innerText()).not.toContain('A potter');
  });

  it('marks prompts that look like rows, and says how many', async () => {
    const { page } = window;
    const dialog = await chooseDatasetFile(page, RESULTS);
    await dialog.getByRole('button', { name: 'Import 4 prompts anyway' }).waitFor();
    expect(await dialog.getByText('Line 6 did not fit').isVisible()).toBe(true);
    await dialog.getByRole('combobox', { name: 'Delimiter' }).click();
    await page.getByRole('option', { name: /^None/ }).click();
    await dialog.getByText('5 of 6 captions').waitFor();
    expect(await dialog.getByRole('img', { name: 'Doubtful' }).count()).toBe(5);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await goTo(page, 'Datasets');
    expect(await page.getByRole('link', { name: 'flickr30k-results' }).count()).toBe(0);
  });

  it('refuses what it does not read, with a remedy that can be taken there', async () => {
    const { page } = window;
    const dialog = await chooseDatasetFile(page, {
      name: 'set.yml',
      mimeType: 'text/plain',
      buffer: Buffer.from('a:\n  - text: A tram\n'),
    });
    const alert = dialog.getByRole('alert');
    await alert.getByText('is YAML').waitFor();
    await dialog.getByRole('combobox', { name: 'Delimiter' }).click();
    await page.getByRole('option', { name: /^None/ }).click();
    await dialog.getByRole('button', { name: 'Import 2 prompts' }).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });
});

describe('in a terminal', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dataset-import-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const command = (...args: string[]): string[] => ['dataset', ...args, '--data', join(folder, 'data')];
  const listed = async (): Promise<unknown> => (await runCliJson(command('list'))).document;

  it('shows what a file holds and stores nothing with --preview', async () => {
    const shown = await runCli(command('import', METADATA, '--preview'));
    expect(shown.status, shown.stderr).toBe(0);
    for (const text of ['Hugging Face metadata.csv', 'columns caption_0, caption_1', 'A potter turns a wide bowl']) {
      expect(shown.stdout).toContain(text);
    }
    expect(await listed()).toEqual([]);
  });

  it('refuses what is doubtful where no one can be asked, and says what can be done', async () => {
    const path = join(folder, 'names.txt');
    writeFileSync(path, '1.jpg\n2.jpg\n');
    const refused = await runCliJson(command('import', path));
    expect(refused).toMatchObject({ status: 2, document: { error: { code: 'dataset-invalid' } } });
    expect(refused.stderr).toContain('2 of 2 captions (100.0 %) may be none');
    expect(refused.stderr).toContain('--yes');
    expect(await listed()).toEqual([]);
    expect(await runCliJson(command('import', path, '--yes'))).toMatchObject({ status: 0, document: { promptCount: 2 } });
  });

  it('imports a column that is chosen, after the preview', async () => {
    const imported = await runCliJson(command('import', METADATA, '--column', 'caption_1', '--name', 'Second'));
    expect(imported, imported.stderr).toMatchObject({
      status: 0,
      document: { name: 'Second', format: 'huggingface-metadata', promptCount: 2, options: { columns: ['caption_1'] } },
    });
    expect(imported.stderr).toContain('Two children fly a kite');
  });

  it.runIf(existsSync(SCRIPT))('asks on a terminal, and takes only a yes', async () => {
    const onTerminal = async (answer: string): Promise<string> => {
      const words = [process.execPath, 'out/main/cli.js', ...command('import', METADATA, '--name', `After ${answer}`)];
      const line = words.map((word) => `'${word}'`).join(' ');
      const child = spawn(SCRIPT, ['-qec', line, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
      let output = '';
      for await (const text of child.stdout.setEncoding('utf8')) {
        output += String(text);
        if (output.includes('[y/N]') && !child.stdin.writableEnded) child.stdin.end(`${answer}\n`);
      }
      return output;
    };
    const refused = await onTerminal('n');
    expect(refused).toContain('A potter turns a wide bowl');
    expect(refused).toContain('Import 4 prompts? [y/N]');
    expect(refused).toContain('Nothing was imported');
    expect(await onTerminal('y')).toContain('Imported 4 prompts as “After y”');
    expect(JSON.stringify(await listed())).not.toContain('After n');
  });

  it('refuses a column that is not there, with those that are', async () => {
    const refused = await runCliJson(command('import', METADATA, '--column', 'words'));
    expect(refused).toMatchObject({ status: 2, document: { error: { code: 'invalid-input' } } });
    expect(refused.stderr).toContain('"caption_0"');
  });
});
