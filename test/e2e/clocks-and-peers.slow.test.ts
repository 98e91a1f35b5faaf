// Two nodes reached by SSH whose clocks are off and of which one does not find the other: what the plan says of it in the window, and the way from
// there to clocks that are set. Each test continues where the one before ended.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.js';
import { findSshd } from '../support/find-tools.js';
import { makeOwnClock, type OwnClock } from '../support/own-clock.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { startRealSshd, type RealSshd } from '../support/real-sshd.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { makeSystemAccount, type SystemAccount } from '../support/system-account.js';
import { addNode, goTo, heading, provisioningSteps, readProgramKey, untilReady } from '../support/window-steps.js';

const HOUR_MS = 3_600_000;
/** What a clock may be off after it was set on a busy machine. */
const SLACK_MS = 20_000;
const LONG_MS = 120_000;

interface LabNode {
  name: string;
  host: string;
  account: SystemAccount;
  clock: OwnClock;
  server: RealSshd;
}

const sshd = findSshd();
let folder: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
const nodes: LabNode[] = [];
screenshotOnFailure(() => page);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-nodes-'));
  chmodSync(folder, 0o755);
  [program, browser] = await Promise.all([startProgram(join(folder, 'data')), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
  const key = await readProgramKey(page);
  // What the first node takes the second one's name for is an address at which no one is.
  if (sshd) for (const [name, host, hosts] of LAB) await addLabNode(sshd, { name, host, key, hosts });
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  for (const { name } of nodes) {
    const stopScript = join(folder, name, 'home', '.dedgeai', 'stop-agent.sh');
    if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
  }
  for (const { server } of nodes) await server.stop();
  for (const { account } of nodes) account.remove();
  rmSync(folder, { recursive: true, force: true });
});

const LAB = [
  ['orin-1', '127.0.0.1', ['192.0.2.1 localhost']],
  ['orin-2', 'localhost', ['127.0.0.1 localhost']],
] as const;

async function addLabNode(
  program: string,
  { name, host, key, hosts }: { name: string; host: string; key: string; hosts: readonly string[] },
): Promise<void> {
  const dir = join(folder, name);
  const homeDir = join(dir, 'home');
  mkdirSync(homeDir, { recursive: true });
  chmodSync(dir, 0o755);
  const account = makeSystemAccount({ homeDir });
  const clock = account && makeOwnClock({ dir, sudoUser: account.user, hosts });
  if (!account || !clock) return;
  const server = await startRealSshd({
    ...{ sshd: program, dir, authorizedKey: key, keepsAccounts: true, launchedBy: clock.launchedBy },
  });
  nodes.push({ name, host, account, clock, server });
}

describe('clocks and connections of nodes', () => {
  const able = (name: string, act: () => Promise<void>): void =>
    it(name, async ({ annotate }) => {
      if (nodes.length === LAB.length) await act();
      else await annotate('This machine has no sshd, no sudo, or no namespaces for nodes with clocks of their own.');
    });

  able('the plan names the node that the other does not find, and the clocks that are off', async () => {
    nodes[0]!.clock.setOffsetMs(3 * HOUR_MS);
    nodes[1]!.clock.setOffsetMs(-13 * HOUR_MS);
    await addTestbed();
    await page.getByRole('button', { name: 'Provision', exact: true }).first().click();
    await page.getByRole('button', { name: 'Review 2 host keys' }).click({ timeout: LONG_MS });
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Trust 2 keys/ })
      .click();

    const between = page.getByRole('region', { name: 'Between the nodes' });
    await between.getByText('1 not reached').waitFor({ timeout: LONG_MS });
    await between.getByText(/^orin-2 \(localhost, port \d+\).*orin-1/).waitFor();
    await between.getByText(/Others reach it/).waitFor();
    const table = between.getByRole('table', { name: 'Who reaches whom' });
    expect(await table.getByRole('row', { name: /^this computer/ }).innerText()).toMatch(/Reached\s+Reached/);
    await page.getByText('orin-1 is 3 hours ahead; orin-2 is 13 hours behind.').waitFor();
    await page.getByText("1 node can't be provisioned as things are.").waitFor();
  });

  able('a clock that is to be set wants the sudo password, which is given from the plan', async () => {
    await page.getByRole('checkbox', { name: /^Set 2 clocks/ }).check();
    for (const { name, account } of nodes) {
      await page.getByRole('button', { name: `Login and secrets of ${name}` }).click({ timeout: LONG_MS });
      const dialog = page.getByRole('dialog', { name: `Login of ${name}` });
      await dialog.getByLabel('Password for sudo').fill(account.password);
      await keepForSession(dialog);
      await dialog.getByRole('button', { name: 'Save login' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await planOf(name)
        .getByText(/^its clock, which is/)
        .waitFor({ state: 'attached', timeout: LONG_MS });
    }
    await page.getByText('Nothing has been changed yet.').waitFor();
    expect(nodes.map(({ clock }) => clock.offsetMs())).toEqual([3 * HOUR_MS, -13 * HOUR_MS]);
  });

  able('applied, the clocks are right, kept so where it was chosen, and measured when asked', async () => {
    await page.getByRole('combobox', { name: 'Clocks' }).click();
    await page.getByRole('option', { name: /^Keep right/ }).click();
    await planOf('orin-1')
      .getByText(/a program that sets the clock and does nothing else/)
      .waitFor({ state: 'attached', timeout: LONG_MS });
    await page.getByRole('button', { name: 'Apply', exact: true }).click();
    await provisioningSteps(page).waitFor();
    await untilReady(page);
    for (const { clock } of nodes) expect(Math.abs(clock.offsetMs())).toBeLessThan(SLACK_MS);
    expect(nodes.map(({ clock }) => clock.rootFiles().length)).toEqual([2, 2]);

    const clocks = page.getByRole('region', { name: 'Clocks' });
    await clocks.getByText('not looked at since the program started').first().waitFor();
    nodes[0]!.clock.setOffsetMs(-HOUR_MS);
    await clocks.getByRole('button', { name: 'Measure now' }).click();
    await clocks.getByText(/moved by (1 h|59 min)/).waitFor({ timeout: LONG_MS });
    expect(Math.abs(nodes[0]!.clock.offsetMs())).toBeLessThan(SLACK_MS);
  });

  able('an uninstall takes the right to set the clocks back', async () => {
    await page.getByRole('button', { name: 'Uninstall from nodes' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Uninstall from nodes' }).click();
    await provisioningSteps(page).getByText('Succeeded').nth(1).waitFor({ timeout: LONG_MS });
    expect(nodes.map(({ clock }) => clock.rootFiles())).toEqual([[], []]);
  });
});

/** The plan of a node, which is folded where nothing is in its way. */
function planOf(name: string): Locator {
  return page.getByRole('list', { name: `Plan of ${name}`, includeHidden: true });
}

async function keepForSession(dialog: Locator): Promise<void> {
  const holder = dialog.getByRole('combobox', { name: /^Keep/ });
  if ((await holder.count()) === 0 || (await holder.innerText()).includes('session')) return;
  await holder.click();
  await page.getByRole('option', { name: /^For this session only/ }).click();
}

async function addTestbed(): Promise<void> {
  await goTo(page, 'Testbeds');
  await page.getByRole('button', { name: 'New real testbed' }).first().click();
  const naming = page.getByRole('dialog', { name: 'New real testbed' });
  await naming.getByLabel('Name').fill('Lab bench');
  await naming.getByRole('button', { name: 'Create testbed' }).click();
  await heading(page, 'Lab bench').waitFor();
  for (const { name, host, account, server } of nodes) {
    await addNode(page, { host, sshPort: server.port, user: account.user, name });
  }
}
