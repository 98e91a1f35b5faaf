// Real boards as they are once their facts have been read, measured and provisioned: put on record, since there are none here. Also the host keys
// that the program asks about, which a server in this process shows.
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { openStorage } from '../../../src/main/adapters/storage/open-storage.js';
import type { Model } from '../../../src/shared/model.js';
import { buildModel, buildOrin, ORIN_FACTS } from '../path-fixtures.js';
import { startRecordingServer, type RecordingSshServer } from '../ssh-server.js';
import { buildTestbed } from '../storage-fixtures.js';
import { untilEnded } from './fill-program.js';
import { at, dialog, doing, visit, type StateContext, type WindowState } from './window-state.js';

const BOARDS = [
  { name: 'orin-1', memoryTotalBytes: 64e9, memoryAvailableBytes: 60e9 },
  { name: 'orin-2-in-the-rack-beside-the-window-of-the-hall', memoryTotalBytes: 64e9, memoryAvailableBytes: 6e9 },
  { name: 'nano', memoryTotalBytes: 8e9, memoryAvailableBytes: 6e9, powerMode: '15W' },
];

/** The testbed `testbed-1` of three boards and a model with T5-XXL, whose file is a hole. */
export function fillBoards(dataDir: string): void {
  const storage = openStorage({ dataDir, nowMs: Date.now });
  const calibration = { fixedSec: 1.93, secPerStep: 0.82, residualSec: 0.07, imageCount: 6, measuredAtMs: Date.now() - 86_400_000 };
  const nodes = BOARDS.map(({ name, ...facts }, ordinal) =>
    buildOrin(name, {
      ...{ ordinal, host: `192.168.1.${11 + ordinal}`, provisionState: 'ready', calibration: ordinal === 2 ? null : calibration },
      ...(ordinal === 1 && { heldLimit: 2 }),
      facts: { ...ORIN_FACTS, hostname: name, ...facts },
    }),
  );
  storage.testbeds.insertTestbed(buildTestbed({ name: 'Boards in the hall', kind: 'real', timeScale: 1, nodes }));
  storage.models.save(modelIn(dataDir));
  storage.close();
}

function modelIn(folder: string) {
  const part = (name: Model['parts'][number]['name'], sizeBytes: number) => ({ name, tensorCount: 10, sizeBytes, dtypes: ['F16'] });
  const parts = [part('transformer', 4.17e9), part('vae', 0.17e9), part('clip-l', 0.25e9), part('clip-g', 1.39e9), part('t5', 9.79e9)];
  const sizeBytes = parts.reduce((sum, one) => sum + one.sizeBytes, 0);
  const [fileName, sha256] = ['sd3_medium_incl_clips_t5xxlfp16.safetensors', 'a'.repeat(64)];
  const path = join(folder, fileName);
  writeFileSync(path, '');
  truncateSync(path, sizeBytes);
  const files = [{ path: fileName, sizeBytes, sha256 }];
  const { isPresent: _isPresent, lastRead: _lastRead, ...stored } = buildModel({ path, parts, sizeBytes, files, sha256 });
  return stored;
}

const BENCH = '/testbeds/testbed-1';

async function openLogin(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Login and secrets' }).first().click();
  await page.getByRole('dialog', { name: /^Login of/ }).waitFor();
}

/** Over `fillBoards`. */
export const BOARD_STATES: readonly WindowState[] = [
  at('boards', BENCH),
  at('boards-calibration', `${BENCH}?tab=times`),
  at('boards-provisioning', `${BENCH}?tab=provisioning`),
  at('boards-node', `${BENCH}?node=node-nano`),
  doing('dialog-push-short-of-memory', '/models/model-1', async (page) => {
    await page.getByRole('button', { name: 'Push to nodes' }).click();
    await page.getByRole('list', { name: 'Nodes that are short of memory' }).getByRole('listitem').nth(1).waitFor();
  }),
  dialog('dialog-fetch-wheels', '/models', /^Fetch wheels for/),
  doing('dialog-node-login', `${BENCH}?node=node-orin-1`, openLogin),
  doing('dialog-node-login-password', `${BENCH}?node=node-orin-1`, async (page) => {
    await openLogin(page);
    await page
      .getByRole('dialog', { name: /^Login of/ })
      .getByRole('combobox')
      .first()
      .click();
    await page.getByRole('option', { name: 'A password' }).first().click();
  }),
  dialog('dialog-remove-node', BENCH, /^Remove orin-2/),
  dialog('dialog-uninstall', `${BENCH}?tab=provisioning`, 'Uninstall from nodes'),
  doing('menu-of-node', BENCH, async (page) => {
    await page
      .getByRole('article')
      .first()
      .click({ button: 'right', position: { x: 60, y: 60 } });
    await page.getByRole('menu').waitFor();
  }),
  doing('dialog-limit-node', BENCH, async (page) => {
    await page
      .getByRole('article')
      .nth(1)
      .click({ button: 'right', position: { x: 60, y: 60 } });
    await page.getByRole('menuitem', { name: /limit/i }).click();
    await page.getByRole('dialog', { name: /^Limit/ }).waitFor();
  }),
  doing('dialog-limit-node-mistake', BENCH, async (page) => {
    await page
      .getByRole('article')
      .first()
      .click({ button: 'right', position: { x: 60, y: 60 } });
    await page.getByRole('menuitem', { name: /limit/i }).click();
    await page.getByLabel('Tasks at a time').fill('0');
  }),
  dialog('dialog-rename-real-testbed', BENCH, 'Rename'),
  // Remembered from here on.
  doing('boards-table', BENCH, (page) => page.getByRole('button', { name: 'Table', exact: true }).click()),
];

/** Nodes that a server in this process answers for; `close` ends them. */
export function hostKeyStates(): { states: readonly WindowState[]; close(): Promise<void> } {
  const servers: RecordingSshServer[] = [];
  let testbedId = '';
  async function provision({ api, page }: StateContext): Promise<void> {
    const { id } = await api.provisioning.start({ testbedId });
    await untilEnded(async () => (await api.provisioning.get({ id })).state);
    await visit(page, `/testbeds/${testbedId}?tab=provisioning`);
  }
  async function addNodes({ api }: StateContext): Promise<void> {
    testbedId = (await api.testbeds.create({ name: 'Keys' })).id;
    for (const [index, name] of ['keys-1', 'keys-2', 'keys-3'].entries()) {
      const server = await startRecordingServer({ acceptsLogin: false });
      servers.push(server);
      await api.testbeds.addNode({ testbedId, name, host: '127.0.0.1', port: server.port, user: 'lab', agentPort: 7411 + index });
    }
  }
  const question = (page: Page) => page.getByRole('dialog', { name: /^(Is this the right|Are these the right|The host key)/ });
  return {
    states: [
      {
        name: 'dialog-host-keys-unknown',
        async open(context) {
          await addNodes(context);
          await provision(context);
          await question(context.page).waitFor();
        },
      },
      {
        name: 'host-keys-failed',
        async open({ page }) {
          await visit(page, `/testbeds/${testbedId}?tab=provisioning`);
          // It asks by itself once its page is there.
          await question(page).waitFor();
          await question(page).getByRole('button', { name: 'Cancel' }).click();
          await question(page).waitFor({ state: 'detached' });
        },
      },
      {
        name: 'dialog-host-key-changed',
        async open(context) {
          const { api } = context;
          const [first] = (await api.testbeds.get({ id: testbedId })).nodes;
          const probe = await api.hostKeys.probe({ id: first?.id ?? '' });
          await api.hostKeys.answer({ nodeId: first?.id ?? '', fingerprint: probe.fingerprint, replace: false });
          const [server] = servers;
          await server!.close();
          servers[0] = await startRecordingServer({ acceptsLogin: false, port: server!.port });
          await provision(context);
          await question(context.page).waitFor();
        },
      },
    ],
    async close() {
      for (const server of servers) await server.close();
    },
  };
}
