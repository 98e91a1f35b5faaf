// A node reached by SSH (OpenSSH's own server on this machine): a closed port, an unknown host key, a changed one. Each test continues where
// the one before ended.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../src/main/foundation/listen-port.js';
import { launchBrowser, openPage } from '../support/browser.js';
import { findSshd } from '../support/find-tools.js';
import { startProgram, type RunningProgram } from '../support/program.js';
import { startRealSshd, type RealSshd } from '../support/real-sshd.js';
import { screenshotOnFailure } from '../support/screenshot-on-failure.js';
import { addNode, createRealTestbed, goTo, planAndApply, provisioningSteps, readProgramKey, untilReady } from '../support/window-steps.js';

const TESTBED = 'Lab bench';
const sshd = findSshd();
let folder: string;
let program: RunningProgram;
let browser: Browser;
let page: Page;
let sshPort: number;
let server: RealSshd | undefined;
let alert: Locator;
screenshotOnFailure(() => page);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'real-node-'));
  [program, browser] = await Promise.all([startProgram(join(folder, 'data')), launchBrowser()]);
  ({ page } = await openPage(browser, program.url));
  alert = page.getByRole('alert');
  sshPort = await findFreePort('127.0.0.1', null);
});

afterAll(async () => {
  await browser.close();
  await program.stop();
  const stopScript = join(folder, 'node', 'home', '.dedgeai', 'stop-agent.sh');
  if (existsSync(stopScript)) execFileSync('/bin/sh', [stopScript]);
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

if (sshd) describe('a node reached by SSH', () => defineTests(sshd));
else
  it('is not tried: there is no sshd on this machine', async ({ annotate }) => {
    await annotate('There is no sshd on this machine, so nodes reached by SSH were not tried in the window.');
  });

function defineTests(sshdPath: string): void {
  it('that refuses connections fails with its address and what to check', async () => {
    await createRealTestbed(page, TESTBED);
    await addNode(page, { host: '127.0.0.1', sshPort, user: userInfo().username });
    await planAndApply(page, 'Provision', async () => {
      await page.getByText('Could not check', { exact: true }).waitFor();
      await page.getByText('1 node could not be checked.').waitFor();
      await page.getByText(`port ${sshPort} refuses connections`).waitFor();
    });
    await alert.getByText(`port ${sshPort} refuses connections`).waitFor();
    expect(await alert.innerText()).toContain('Check the port');
    await provisioningSteps(page).getByText('Skipped').first().waitFor();
  });

  it('asks for its host key when it is tried again after mending, with Cancel as the default', async () => {
    server = await startRealSshd({ sshd: sshdPath, dir: join(folder, 'node'), authorizedKey: await readProgramKey(page), port: sshPort });
    await openNodeProvisioning();
    await page.getByRole('button', { name: 'Retry failed (1)' }).click();
    const dialog = page.getByRole('dialog', { name: 'Is this the right node?' });
    await dialog.getByText(/SHA256:\S{43}/).waitFor();
    await dialog.getByRole('cell', { name: 'node-1', exact: true }).waitFor();
    expect(await focusedName(dialog)).toBe('Cancel');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await alert.getByText('host key').first().waitFor();
  });

  it('becomes ready once its key is trusted', async () => {
    await page.getByRole('button', { name: 'Review 1 host key' }).click();
    await page.getByRole('button', { name: 'Trust 1 key and retry' }).click();
    await untilReady(page);
    await provisioningSteps(page).getByText('Succeeded').waitFor();
  });

  it('that shows another key than before stops with both fingerprints, with Cancel as the default', async () => {
    await server!.restartWithNewHostKey();
    await planAndApply(page, 'Provision again', () => page.getByText('Host key not trusted yet').waitFor());
    const dialog = page.getByRole('dialog', { name: 'The host key has changed' });
    await dialog.waitFor();
    const fingerprints = new Set((await dialog.innerText()).match(/SHA256:[A-Za-z0-9+/]{43}/g));
    expect(fingerprints.size).toBe(2);
    expect(await focusedName(dialog)).toBe('Cancel');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('1 node failed').waitFor();
  });

  it('is ready again once the new key has replaced the old one by an explicit word', async () => {
    await page.getByRole('button', { name: 'Review 1 host key' }).click();
    await page.getByRole('button', { name: 'Replace the recorded key and retry' }).click();
    await untilReady(page);
  });

  it('has nothing to do in a plan made when it is ready, and takes up another way of keeping the agent running', async () => {
    await page.getByRole('button', { name: 'Preview changes', exact: true }).click();
    await page.getByText('Up to date').waitFor();
    await page.getByRole('combobox', { name: 'Kept running by' }).click();
    await page.getByRole('option', { name: /^User's systemd/ }).click();
    await page.getByText('1 step blocked').waitFor();
    await page.getByText('Choose the supervised way.').waitFor();
    await page.getByRole('combobox', { name: 'Kept running by' }).click();
    await page.getByRole('option', { name: /^Supervised/ }).click();
    await page.getByText('Up to date').waitFor();
  });

  it('has no image times to be measured while its worker is simulated', async () => {
    await page.getByRole('tab', { name: 'Calibration' }).click();
    const panel = page.getByRole('region', { name: 'Calibration' });
    await panel.getByText('not measured').waitFor();
    await panel.getByRole('button', { name: 'Measure', exact: true }).click();
    await panel.getByRole('alert').getByText('is simulated').waitFor();
    await page.getByRole('tab', { name: 'Provisioning' }).click();
  });

  it('is left as it was found by a removal, which is asked with what goes', async () => {
    await page.getByRole('button', { name: 'Uninstall from nodes' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('Stops the agent on 1 node (1 ready now)').waitFor();
    await dialog.getByText('Models that were pushed stay there').waitFor();
    await dialog.getByRole('button', { name: 'Uninstall from nodes' }).click();
    await page.getByText('Removal from nodes').waitFor();
    await provisioningSteps(page).getByText('Succeeded').waitFor();
    expect(existsSync(join(folder, 'node', 'home', '.dedgeai'))).toBe(false);
  });
}

async function openNodeProvisioning(): Promise<void> {
  await goTo(page, 'Testbeds');
  await page.getByRole('link', { name: TESTBED }).click();
  await page.getByRole('tab', { name: 'Provisioning' }).click();
}

/** Text of the dialog's element that has the focus: what Enter would press. */
async function focusedName(dialog: Locator): Promise<string> {
  return (await dialog.locator(':focus').innerText()).trim();
}
