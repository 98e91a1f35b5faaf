// A slow node is found on its card, left out of new runs, limited and taken back; a lost one is reached again; the testbed gets another name.
// Each test continues where the one before ended.
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStorage } from '../../src/main/adapters/storage/open-storage.js';
import { openPage } from '../support/browser.js';
import { runCliJson } from '../support/cli.js';
import { complaintsOfAxe } from '../support/complaints-of-axe.js';
import { listStartedBy } from '../support/processes.js';
import { paletteOf } from '../support/palette-steps.js';
import { startProgram } from '../support/program.js';
import { openWindow, type OpenWindow } from '../support/open-window.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { goTo, heading, prepareRuns, startRun, untilRunIs } from '../support/window-steps.js';

/** An image takes about a second of real time. */
const TIME_SCALE = 20;

let window: OpenWindow;
let page: Page;
screenshotOnFailure(() => page);

beforeAll(async () => {
  window = await openWindow();
  ({ page } = window);
  await prepareRuns(page, { name: 'Lab', nodes: 3, timeScale: TIME_SCALE });
  await window.program.stop();
  await page.close();
  // From now on the record of node-2 says that it is 2.5 times as fast as it is.
  const storage = openStorage({ dataDir: window.dataDir, nowMs: Date.now });
  const slow = storage.testbeds.listTestbeds()[0]!.nodes[1]!;
  storage.testbeds.updateNode(slow.id, { virtual: { ...slow.virtual!, speedFactor: 2.5 } });
  storage.close();
  window.program = await startProgram(window.dataDir);
  ({ page } = await openPage(window.browser, window.program.url));
});

afterAll(() => window.close());

const { palette, field } = paletteOf(() => page);
const card = (name: string): Locator => page.getByRole('article', { name, exact: true });
const toast = (text: string | RegExp): Locator => page.getByText(text).first();
const composerNote = (): Locator => page.getByRole('form', { name: 'New run' }).getByRole('note');

async function openTestbed(name = 'Lab'): Promise<void> {
  await goTo(page, 'Testbeds');
  await page.getByRole('link', { name, exact: true }).first().click();
  await heading(page, name).waitFor();
}

async function openComposer(): Promise<void> {
  await goTo(page, 'Runs');
  await page.getByRole('link', { name: 'New run' }).first().click();
  await page.getByRole('form', { name: 'New run' }).waitFor();
}

it('the card of a straggler says so and leaves the node out, with what keeps it until then', async () => {
  await startRun(page, { name: 'With a straggler', count: 120 });
  await openTestbed();
  await card('node-2')
    .getByText(/\d\.\d× slower than set/)
    .waitFor({ timeout: 120_000 });
  await card('node-2').getByRole('button', { name: 'Exclude node-2' }).click();
  await toast(/^node-2 is excluded from new runs\. It holds for new runs: run “With a straggler” keeps the nodes/).waitFor();
  await card('node-2').getByText('Excluded', { exact: true }).waitFor();
  expect(await complaintsOfAxe(page)).toEqual([]);
});

it('the composer counts the nodes and names the one that is left out; Ctrl+Z takes it back', async () => {
  await openComposer();
  expect(await composerNote().innerText()).toContain('2 of 3 nodes, without node-2');
  await goTo(page, 'Runs');
  await page.keyboard.press('Control+Z');
  await openComposer();
  await expect.poll(() => composerNote().count()).toBe(0);
});

it('the palette excludes and limits any node of the testbed', async () => {
  await openTestbed();
  await page.keyboard.press('Control+K');
  await field().fill('>exclude node-2');
  await palette()
    .getByRole('option', { name: /^Exclude node-2 from new runs/ })
    .waitFor();
  await page.keyboard.press('Enter');
  await card('node-2').getByText('Excluded', { exact: true }).waitFor();
  await page.keyboard.press('Control+K');
  await field().fill('>limit the tasks of node-3');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Limit node-3' });
  expect(await complaintsOfAxe(page, '[role=dialog]')).toEqual([]);
  await dialog.getByLabel('Tasks at a time').fill('0');
  await dialog.getByText('A whole number from 1 to 1000').waitFor();
  await dialog.getByLabel('Tasks at a time').fill('1');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await card('node-3').getByText('Limited to 1').waitFor();
  await page.locator('main header').getByText('New runs use 2 of 3 nodes, without node-2; node-3 holds at most 1 task').waitFor();
});

it('a run on what is left says so in its head, and in its specification', async () => {
  await startRun(page, { name: 'Two nodes', count: 6 });
  await untilRunIs(page, 'Succeeded', 180_000);
  await page.locator('main header').getByText('Lab (2 of 3 nodes, limited)').waitFor();
  await page.getByRole('tab', { name: 'Specification' }).click();
  const panel = page.getByRole('tabpanel', { name: 'Specification' });
  await panel.getByText('2 of 3 nodes, without node-2; node-3 holds at most 1 task').waitFor();
});

it('a node that hangs says that it does not answer, and answers once it goes on', async () => {
  await openTestbed();
  const agents = listStartedBy(window.program.pid, window.dataDir).filter(({ command }) => command.includes('agent.mjs'));
  for (const { pid } of agents) process.kill(pid, 'SIGSTOP');
  try {
    await card('node-1').getByRole('button', { name: 'Reconnect node-1' }).click({ timeout: 60_000 });
    await page
      .getByText(/^node-1 does not answer: /)
      .first()
      .waitFor({ timeout: 60_000 });
  } finally {
    for (const { pid } of agents) process.kill(pid, 'SIGCONT');
  }
  // It may be back by itself before the button is pressed.
  const reconnect = card('node-1').getByRole('button', { name: 'Reconnect node-1' });
  if ((await reconnect.count()) > 0) await reconnect.click({ timeout: 5_000 }).catch(() => undefined);
  await card('node-1').getByText('Ready', { exact: true }).waitFor({ timeout: 60_000 });
});

it('a testbed is renamed by its key, and has its name again by Undo', async () => {
  await openTestbed();
  await page.keyboard.press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename testbed' });
  await dialog.getByLabel('Name').fill('Rack A');
  await page.keyboard.press('Enter');
  await heading(page, 'Rack A').waitFor();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await heading(page, 'Lab').waitFor();
});

it('a training of the testbed goes into the composer, with its policy and the nodes that it was made for', async () => {
  const train = [
    'train',
    '--testbed',
    'Lab',
    '--episodes',
    '2',
    '--set',
    'hiddenSize=4',
    '--set',
    'learningStarts=20',
    '--data',
    window.dataDir,
  ];
  const { status, stderr, document } = await runCliJson(train);
  expect(status, stderr).toBe(0);
  const { id, spec } = document as { id: string; spec: { twin: { nodeNames: string[] } } };
  expect(spec.twin.nodeNames).toEqual(['node-1', 'node-3']);
  await page.goto(`${new URL('/', page.url()).href}#/train/${id}`);
  await page.getByRole('link', { name: 'Use in a run' }).click();
  const form = page.getByRole('form', { name: 'New run' });
  await form.waitFor();
  await expect.poll(() => form.getByRole('combobox', { name: 'Testbed', exact: true }).innerText()).toContain('Lab');
  await expect.poll(() => form.getByRole('radio', { name: /^Learned policy/ }).isChecked()).toBe(true);
  await form.getByRole('combobox', { name: 'Policy', exact: true }).waitFor();
});

it('the terminal says and does the same, beside the open window', async () => {
  const cli = async (...args: string[]): Promise<unknown> => {
    const { status, stderr, document } = await runCliJson([...args, '--data', window.dataDir]);
    expect(status, stderr).toBe(0);
    return document;
  };
  await openTestbed();
  expect(await cli('node', 'include', 'node-2')).toMatchObject({ node: { name: 'node-2' }, before: { isExcluded: true } });
  await card('node-2').getByText('Excluded', { exact: true }).waitFor({ state: 'detached' });
  await cli('node', 'limit', 'node-3', 'none');
  await card('node-3').getByText('Limited to 1').waitFor({ state: 'detached' });
  await cli('node', 'exclude', 'node-1');
  await card('node-1').getByText('Excluded', { exact: true }).waitFor();
  await cli('testbed', 'rename', 'Lab', 'Rack B');
  await heading(page, 'Rack B').waitFor();
  expect(await cli('node', 'reconnect', 'node-1')).toMatchObject({ isConnected: true });
  const { status, stderr } = await runCliJson(['node', 'limit', 'node-3', '0', '--data', window.dataDir]);
  expect(status).toBe(2);
  expect(stderr).toContain('is not from 1 to 1000');
});
