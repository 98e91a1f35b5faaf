// What the window shows while a run is in progress, and where something is wrong: the order matters, one leads to the next.
import { listStartedBy } from '../processes.js';
import { eventually } from '../until.js';
import { buildTrainingInput } from '../training-input.js';
import { at, dialog, visit, type StateContext, type WindowState } from './window-state.js';

/** Of real time several minutes on the slow testbed. */
const TASKS = 1000;
const started: string[] = [];
const live = (): string => started[0] ?? '';
const behind = (): string => started[1] ?? '';

async function startTwo({ api, ids }: StateContext): Promise<void> {
  const spec = { testbedId: ids.live, datasetId: ids.dataset, taskCount: TASKS, allowRepeatedPrompts: true, allowOverload: true };
  for (const name of ['Live 1000', 'Waits behind it']) started.push((await api.runs.start({ ...spec, name })).id);
}

async function untilEnded({ api }: StateContext, count: number): Promise<void> {
  await eventually(async () => {
    const { counts } = await api.runs.get({ id: live() });
    if (counts.succeeded < count) throw new Error(`${counts.succeeded} of ${count} have ended`);
  }, 240_000);
}

export const liveStates = (dataDir: string): readonly WindowState[] => [
  {
    name: 'live-starting',
    async open(context) {
      await startTwo(context);
      await visit(context.page, `/runs/${live()}`);
    },
  },
  {
    name: 'live',
    async open(context) {
      await untilEnded(context, 45);
      await visit(context.page, `/runs/${live()}`);
    },
  },
  at('live-tasks', () => `/runs/${live()}?tab=tasks`),
  at('live-task', () => `/runs/${live()}?task=5`),
  at('live-specification', () => `/runs/${live()}?tab=specification`),
  at('live-waiting', () => `/runs/${behind()}`),
  at('live-overview', '/'),
  at('live-testbed', ({ live: testbed }) => `/testbeds/${testbed}`),
  at('live-topology', ({ live: testbed }) => `/testbeds/${testbed}?tab=topology`),
  at('live-jobs', '/jobs'),
  at('live-runs', '/runs'),
  dialog('live-dialog-stop', () => `/runs/${live()}`, 'Stop now'),
  dialog('live-dialog-cancel-remaining', () => `/runs/${live()}`, 'Cancel remaining'),
  dialog('live-dialog-cancel-task', () => `/runs/${live()}?tab=tasks&task=${TASKS}`, 'Cancel this task'),
  dialog('live-dialog-pause', () => `/runs/${live()}`, 'Pause'),
  {
    name: 'live-node-lost',
    async open({ page, api, ids }) {
      const [node] = (await api.testbeds.get({ id: ids.live })).nodes;
      const agent = listStartedBy(process.pid, dataDir).find(
        ({ command }) => command.includes('agent.mjs') && command.includes(node?.id ?? 'none'),
      );
      if (!agent) throw new Error('The agent of the first node was not found');
      process.kill(agent.pid, 'SIGSTOP');
      await visit(page, `/runs/${live()}`);
      await page.getByRole('alert').getByText('Its tasks are re-sent to other nodes').waitFor({ timeout: 120_000 });
    },
  },
  at('lost-testbed', ({ live: testbed }) => `/testbeds/${testbed}`),
  at('lost-overview', '/'),
  {
    name: 'live-paused',
    async open({ page, api }) {
      await api.runs.pause({ id: live() });
      await visit(page, `/runs/${live()}`);
      await page.getByText('Its clock has stopped, too.').waitFor();
    },
  },
  {
    name: 'live-stopped',
    async open({ page, api }) {
      await api.runs.stopNow({ id: behind() });
      await api.runs.stopNow({ id: live() });
      await visit(page, `/runs/${live()}`);
      await page.locator('main header').getByText('Stopped', { exact: true }).waitFor({ timeout: 60_000 });
    },
  },
  {
    name: 'live-series',
    async open({ page, api, ids }) {
      const condition = { taskCount: 200, qualitySteps: { min: 10, max: 19 } };
      const { id } = await api.series.start({
        ...{ testbedId: ids.live, datasetId: ids.dataset, name: 'Series under way', conditions: [condition], repetitions: 4 },
        schedulers: [{ scheduler: 'random' }, { scheduler: 'round-robin' }],
        ...{ allowOverload: true, allowRepeatedPrompts: true },
      });
      started[2] = id;
      await visit(page, `/series/${id}`);
      await page.getByRole('button', { name: 'Finish this block' }).waitFor({ timeout: 60_000 });
    },
  },
  dialog('live-dialog-finish-block', () => `/series/${started[2]}`, 'Finish this block'),
  dialog('live-dialog-cancel-series', () => `/series/${started[2]}`, 'Cancel'),
  {
    name: 'live-training',
    async open({ page, api }) {
      await api.series.cancel({ id: started[2] ?? '' });
      started[3] = (await api.trainings.start(buildTrainingInput({ method: 'lad-ts', episodes: 100_000 }))).id;
      await visit(page, `/train/${started[3]}`);
      await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
    },
  },
  dialog('live-dialog-cancel-training', () => `/train/${started[3]}`, 'Cancel'),
  {
    name: 'live-training-paused',
    async open({ page, api }) {
      await api.trainings.pause({ id: started[3] ?? '' });
      await visit(page, `/train/${started[3]}`);
      await page.getByRole('button', { name: 'Resume', exact: true }).waitFor();
    },
  },
  at('stopped-tasks', () => `/runs/${live()}?tab=tasks`),
];
