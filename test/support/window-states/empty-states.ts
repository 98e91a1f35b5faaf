// What the window shows before anything was done, and where there is nothing.
import { SETTINGS_TABS } from '../../../src/renderer/views/settings/settings-tabs.js';
import { at, dialog, doing, type WindowState } from './window-state.js';

export const EMPTY_STATES: readonly WindowState[] = [
  at('empty-overview', '/'),
  at('empty-testbeds', '/testbeds', (page) => page.getByText('No testbed yet')),
  at('empty-datasets', '/datasets'),
  at('empty-models', '/models', (page) => page.getByText('No model yet')),
  at('empty-runs', '/runs'),
  at('empty-bin', '/runs/bin'),
  at('empty-new-run', '/runs/new'),
  at('empty-new-series', '/runs/new?as=series'),
  at('empty-series', '/series', (page) => page.getByText('No series yet')),
  at('empty-train', '/train'),
  at('empty-compare-curves', '/train/compare'),
  at('empty-studies', '/train/studies'),
  at('empty-jobs', '/jobs'),
  at('empty-gallery', '/gallery'),
  at('empty-compare', '/compare'),
  at('empty-table-v', '/table-v'),
  at('empty-table-v-cost', '/table-v?tab=cost'),
  at('empty-reports', '/reports'),
  ...SETTINGS_TABS.map(({ value }) => at(`settings-${value}`, `/settings?tab=${value}`)),
  at('unknown-page', '/nowhere/at/all'),
  ...['runs', 'series', 'testbeds', 'datasets', 'models', 'reports', 'train', 'train/studies'].map((path) =>
    at(`missing-${path.replace('/', '-')}`, `/${path}/none`, (page) => page.getByRole('alert')),
  ),
  at('guide', '/guide'),
  at('guide-table-v', '/guide/table-v'),
  doing('empty-activity', '/', async (page) => {
    await page.keyboard.press('Control+J');
  }),
  doing('tour', '/', async (page) => {
    await page.getByRole('button', { name: 'Take the tour' }).click();
    await page.getByRole('complementary', { name: 'Tour' }).waitFor();
  }),
  doing('after-tour', '/', async (page) => {
    await page.keyboard.press('Escape');
  }),
  dialog('dialog-virtual-testbed', '/testbeds', 'New virtual testbed'),
  dialog('dialog-real-testbed', '/testbeds', 'New real testbed'),
  dialog('dialog-import', '/datasets', 'Import a file'),
  dialog('dialog-add-model', '/models', 'Add a model'),
  dialog('dialog-fetch-weights', '/models', 'Fetch weights'),
  dialog('dialog-vault', '/settings?tab=secrets', 'Create vault'),
  dialog('dialog-new-report', '/reports', 'New report'),
  dialog('dialog-add-platform', '/table-v?tab=sources', 'Add a platform'),
  dialog('dialog-start-study', '/train/studies', /^Start/),
];
