// What the window shows of a lab at rest, in which everything has been done once.
import type { Page } from 'playwright-core';
import { at, dialog, doing, visit, type WindowState } from './window-state.js';

const tile = (page: Page) => page.getByRole('list', { name: 'Images' }).getByRole('button', { name: /^Open image of task/ });

async function openViewer(page: Page): Promise<void> {
  await tile(page).first().focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('zoom').first().waitFor();
}

async function compareTwo(page: Page): Promise<void> {
  await tile(page).first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowRight');
  await page.getByText('2 images selected').waitFor();
  await page.keyboard.press('c');
  await page.getByRole('slider', { name: 'Where A ends and B starts' }).waitFor();
}

const TESTBED_TABS = ['nodes', 'topology', 'provisioning', 'learning', 'changes'] as const;

export const LAB_STATES: readonly WindowState[] = [
  at('overview', '/'),
  at('testbeds', '/testbeds'),
  ...TESTBED_TABS.map((tab) => at(`testbed-${tab}`, ({ testbed }) => `/testbeds/${testbed}?tab=${tab}`)),
  doing(
    'testbed-node',
    ({ testbed }) => `/testbeds/${testbed}`,
    async (page) => {
      await page.getByRole('group', { name: 'Nodes', exact: true }).getByRole('button', { name: 'node-1', exact: true }).click();
    },
  ),
  doing(
    'testbed-node-table',
    ({ testbed }) => `/testbeds/${testbed}`,
    async (page) => {
      await page.getByRole('button', { name: 'Table', exact: true }).click();
    },
  ),
  doing(
    'testbed-node-cards',
    ({ testbed }) => `/testbeds/${testbed}`,
    async (page) => {
      await page.getByRole('button', { name: 'Cards', exact: true }).click();
    },
  ),
  doing(
    'testbed-topology-table',
    ({ testbed }) => `/testbeds/${testbed}?tab=topology`,
    async (page) => {
      await page.getByRole('switch', { name: 'As table' }).click();
    },
  ),
  at('testbed-no-nodes', ({ empty }) => `/testbeds/${empty}`),
  at('testbed-failed', ({ real }) => `/testbeds/${real}`),
  ...['topology', 'provisioning', 'times', 'learning', 'changes'].map((tab) =>
    at(`testbed-failed-${tab}`, ({ real }) => `/testbeds/${real}?tab=${tab}`),
  ),
  doing(
    'testbed-failed-node',
    ({ real }) => `/testbeds/${real}`,
    async (page) => {
      await page.getByRole('group', { name: 'Nodes', exact: true }).getByRole('button').first().click();
    },
  ),
  doing(
    'testbed-plan',
    ({ real }) => `/testbeds/${real}`,
    async (page) => {
      await page.getByRole('button', { name: 'Provision', exact: true }).first().click();
      await page.getByText('Could not check', { exact: true }).first().waitFor();
    },
  ),
  dialog('dialog-add-node', ({ real }) => `/testbeds/${real}`, 'Add node'),
  doing(
    'dialog-paste-list',
    ({ real }) => `/testbeds/${real}`,
    async (page) => {
      await page.getByRole('button', { name: 'Paste a list' }).first().click();
      await page.getByLabel('Hosts').fill('lab@10.0.0.11 orin-11\nnot a host at all ! !\nssh -p 2222 lab@10.0.0.12\n[fe80::1]:22');
      await page.getByRole('button', { name: /^Add \d+ node/ }).waitFor();
    },
  ),
  at('datasets', '/datasets'),
  at('dataset', ({ dataset }) => `/datasets/${dataset}`),
  at('dataset-hostile', ({ hostileDataset }) => `/datasets/${hostileDataset}`),
  doing('dialog-import-preview', '/datasets', async (page) => {
    await page.getByRole('button', { name: 'Import a file' }).first().click();
    const captions = ['image,caption', 'a.jpg,A dog runs', 'a.jpg,A dog runs', 'b.jpg,', 'c.jpg,x', `d.jpg,${'very '.repeat(90)}long`].join(
      '\n',
    );
    const file = { name: `${'captions-of-the-lab-'.repeat(6)}.csv`, mimeType: 'text/csv', buffer: Buffer.from(captions) };
    await page.getByRole('dialog').locator('input[type=file]').setInputFiles(file);
    await page.getByRole('button', { name: /^Import [\d,]+ prompt/ }).waitFor();
  }),
  at('models', '/models'),
  at('model', ({ model }) => `/models/${model}`),
  dialog('dialog-refine', ({ model }) => `/models/${model}`, 'Refine to reSD3-m'),
  dialog('dialog-push', ({ model }) => `/models/${model}`, 'Push to nodes'),
  at('runs', '/runs'),
  doing('runs-inspector', '/runs', async (page) => {
    await page.getByRole('treegrid', { name: 'Runs' }).getByRole('row').nth(2).focus();
    await page.keyboard.press('p');
  }),
  doing('runs-selected', '/runs', async (page) => {
    for (const row of [2, 3]) await page.getByRole('treegrid', { name: 'Runs' }).getByRole('checkbox').nth(row).click();
  }),
  at('runs-by-series', '/runs?group=series'),
  at('runs-mistake', '/runs?q=n%3A%3E%3Dabc'),
  at('runs-no-match', '/runs?q=scheduler%3Arandom%20n%3A1'),
  at('bin', '/runs/bin'),
  dialog('dialog-empty-bin', '/runs/bin', 'Empty bin'),
  at('new-run', '/runs/new', (page) => page.getByRole('button', { name: 'Start run', disabled: false })),
  doing('new-run-mistake', '/runs/new', async (page) => {
    await page.getByLabel('Max steps').fill('400');
  }),
  at('new-run-copied', ({ runs }) => `/runs/new?from=${runs[1]}`),
  at('new-series', '/runs/new?as=series'),
  at('new-series-table-v', '/runs/new?as=series&preset=table-v'),
  at('run', ({ runs }) => `/runs/${runs[0]}`),
  at('run-tasks', ({ runs }) => `/runs/${runs[0]}?tab=tasks`),
  at('run-task', ({ runs }) => `/runs/${runs[0]}?tab=tasks&task=3`),
  at('run-board-task', ({ runs }) => `/runs/${runs[0]}?task=3`),
  at('run-specification', ({ runs }) => `/runs/${runs[0]}?tab=specification`),
  at('run-one-task', ({ oneTask }) => `/runs/${oneTask}`),
  at('run-500', ({ runs }) => `/runs/${runs[3]}`),
  at('run-invalid', ({ invalid }) => `/runs/${invalid}`),
  at('run-long-name', ({ longNamed }) => `/runs/${longNamed}`),
  at('run-long-name-tasks', ({ longNamed }) => `/runs/${longNamed}?tab=tasks&task=1`),
  dialog('dialog-run-again', ({ runs }) => `/runs/${runs[0]}`, 'Run again'),
  dialog('dialog-add-to-report', ({ runs }) => `/runs/${runs[0]}`, 'Add to report'),
  at('series-list', '/series'),
  at('series', ({ series }) => `/series/${series}`),
  at('train', '/train'),
  at('training', ({ training }) => `/train/${training}`),
  at('new-training', '/train/new'),
  at('compare-curves', ({ training }) => `/train/compare?trainings=${training}`),
  at('studies', '/train/studies'),
  at('study', ({ study }) => `/train/studies/${study}`),
  at('jobs', '/jobs'),
  at('gallery', '/gallery'),
  at('gallery-filtered', '/gallery?q=dog%20steps%3A%3E%3D12'),
  at('gallery-no-match', '/gallery?q=zebra%20crossing%20unheard'),
  doing('gallery-two-parameters', '/gallery', async (page) => page.getByRole('radio', { name: 'By two parameters' }).click()),
  doing('gallery-filters', '/gallery', async (page) => page.getByRole('button', { name: 'Filters' }).click()),
  doing('gallery-details', '/gallery', async (page) => {
    await tile(page).first().focus();
    await page.keyboard.press('p');
    await page.getByRole('region', { name: 'Details' }).waitFor();
  }),
  doing('gallery-selected', '/gallery', async (page) => {
    await tile(page).first().focus();
    await page.keyboard.press('Control+a');
    await page.getByText('images selected').waitFor();
  }),
  doing('gallery-export', '/gallery', async (page) => {
    await tile(page).first().focus();
    await page.keyboard.press('Control+a');
    await page.getByText('images selected').waitFor();
    await page.keyboard.press('e');
    await page.getByRole('dialog', { name: 'Export images' }).waitFor();
  }),
  doing('gallery-viewer', '/gallery', openViewer),
  doing('gallery-compare-slider', '/gallery', compareTwo),
  doing('gallery-compare-beside', '/gallery', async (page) => {
    await compareTwo(page);
    await page.getByRole('radio', { name: 'Side by side' }).click();
  }),
  at('compare', ({ runs }) => `/compare?runs=${runs.slice(0, 3).join(',')}`),
  at('compare-one', ({ runs }) => `/compare?runs=${runs[0]}`),
  at('compare-long', ({ runs, longNamed, invalid }) => `/compare?runs=${[runs[3], longNamed, invalid].join(',')}`),
  dialog('dialog-add-runs', ({ runs }) => `/compare?runs=${runs.slice(0, 2).join(',')}`, 'Add runs'),
  at('table-v', '/table-v'),
  at('table-v-chart', '/table-v?scale=log&chart=500'),
  ...['reductions', 'cost', 'sources'].map((tab) => at(`table-v-${tab}`, `/table-v?tab=${tab}`)),
  at('reports', '/reports'),
  at(
    'report-table-v',
    ({ report }) => `/reports/${report}`,
    (page) => page.getByLabel('Preview'),
  ),
  at(
    'report-run',
    ({ runReport }) => `/reports/${runReport}`,
    (page) => page.getByLabel('Preview'),
  ),
  dialog('dialog-add-blocks', ({ runReport }) => `/reports/${runReport}`, 'Add blocks'),
  dialog('dialog-add-text', ({ runReport }) => `/reports/${runReport}`, 'Add text'),
  ...['data', 'events', 'log', 'doctor', 'about'].map((tab) => at(`lab-settings-${tab}`, `/settings?tab=${tab}`)),
  doing('activity-jobs', '/', (page) => page.keyboard.press('Control+J')),
  doing('activity-notifications', '/', async (page) => {
    await page.keyboard.press('Control+J');
    await page.getByRole('tab', { name: /^Notifications/ }).click();
  }),
  doing('palette', '/', (page) => page.keyboard.press('Control+K')),
  doing('palette-run', '/', async (page) => {
    await page.keyboard.press('Control+K');
    await page.keyboard.type('random');
  }),
  doing('palette-nothing', '/', async (page) => {
    await page.keyboard.press('Control+K');
    await page.keyboard.type('xyzzy nothing');
  }),
  doing('help', '/runs', (page) => page.keyboard.press('?')),
  {
    name: 'row-menu',
    async open({ page }) {
      await visit(page, '/runs');
      await page.getByRole('treegrid', { name: 'Runs' }).getByRole('row').nth(2).click({ button: 'right' });
      await page.getByRole('menu').waitFor();
    },
  },
];
