// Every view with its address and title. Hash addresses work in both shells without a server's help. Knows the types of the router alone: what
// is asked for is looked up before there is a router (first-view.ts).
import type { RouteRecordRaw } from 'vue-router';
import type { GuideSection } from './views/guide/guide-sections.js';

declare module 'vue-router' {
  interface RouteMeta {
    title: string;
    /** Where the user's guide says what the view is for. */
    guide: GuideSection;
    /** A form or text: its lines end where they can still be read. Everything else takes the window's width. */
    isProse?: boolean;
  }
}

export const routes: readonly RouteRecordRaw[] = [
  {
    path: '/',
    name: 'overview',
    component: () => import('./views/overview/OverviewView.vue'),
    meta: { title: 'Overview', guide: 'overview' },
  },
  {
    path: '/testbeds',
    name: 'testbeds',
    component: () => import('./views/testbeds/TestbedsView.vue'),
    meta: { title: 'Testbeds', guide: 'testbeds' },
  },
  {
    path: '/testbeds/:testbedId',
    name: 'testbed',
    component: () => import('./views/testbeds/TestbedView.vue'),
    props: true,
    meta: { title: 'Testbed', guide: 'testbeds' },
  },
  {
    path: '/datasets',
    name: 'datasets',
    component: () => import('./views/datasets/DatasetsView.vue'),
    meta: { title: 'Datasets', guide: 'datasets' },
  },
  {
    path: '/datasets/:datasetId',
    name: 'dataset',
    component: () => import('./views/datasets/DatasetView.vue'),
    props: true,
    meta: { title: 'Dataset', guide: 'datasets' },
  },
  { path: '/models', name: 'models', component: () => import('./views/models/ModelsView.vue'), meta: { title: 'Models', guide: 'models' } },
  {
    path: '/models/:modelId',
    name: 'model',
    component: () => import('./views/models/ModelView.vue'),
    props: true,
    meta: { title: 'Model', guide: 'models' },
  },
  // Query `q` is the search, `sort=-total` the order, `group` the groups.
  { path: '/runs', name: 'runs', component: () => import('./views/history/HistoryView.vue'), meta: { title: 'Runs', guide: 'runs' } },
  { path: '/runs/bin', name: 'bin', component: () => import('./views/history/BinView.vue'), meta: { title: 'Bin', guide: 'runs' } },
  // One composer: `as=series` for a series. Query `from=<run id>` fills the form with that run's settings, `series=<id>` with a series';
  // `testbedId`, `datasetId`, `count`, `schedulers` and `preset=table-v` choose those.
  {
    path: '/runs/new',
    name: 'new-run',
    component: () => import('./views/composer/NewRunView.vue'),
    meta: { title: 'New run', guide: 'new-run' },
  },
  {
    path: '/runs/:runId',
    name: 'run',
    component: () => import('./views/runs/RunView.vue'),
    props: true,
    meta: { title: 'Run', guide: 'a-run' },
  },
  {
    path: '/series',
    name: 'series-list',
    component: () => import('./views/series/SeriesListView.vue'),
    meta: { title: 'Series', guide: 'series' },
  },
  {
    path: '/series/:seriesId',
    name: 'series',
    component: () => import('./views/series/SeriesView.vue'),
    props: true,
    meta: { title: 'One series', guide: 'series' },
  },
  { path: '/train', name: 'train', component: () => import('./views/train/TrainView.vue'), meta: { title: 'Train', guide: 'train' } },
  // Query `from=<training id>` fills the form with that training's settings, `testbed=<id>` starts with its copy.
  {
    path: '/train/new',
    name: 'new-training',
    component: () => import('./views/train/NewTrainingView.vue'),
    meta: { title: 'New training', guide: 'train', isProse: true },
  },
  // Query `trainings=<ids>` and `chart=<metric>` say what is compared, `seeds=each` that every seed has its line.
  {
    path: '/train/compare',
    name: 'compare-trainings',
    component: () => import('./views/train/CompareTrainingsView.vue'),
    meta: { title: 'Compare curves', guide: 'train' },
  },
  {
    path: '/train/studies',
    name: 'studies',
    component: () => import('./views/studies/StudiesView.vue'),
    meta: { title: 'Studies', guide: 'studies' },
  },
  // Query `measure` says what the figure shows, `axis=zero` where its axis starts.
  {
    path: '/train/studies/:runId',
    name: 'study-run',
    component: () => import('./views/studies/StudyRunView.vue'),
    props: true,
    meta: { title: 'Study', guide: 'studies' },
  },
  {
    path: '/train/:trainingId',
    name: 'training',
    component: () => import('./views/train/TrainingView.vue'),
    props: true,
    meta: { title: 'Training', guide: 'train' },
  },
  {
    path: '/jobs',
    name: 'jobs',
    component: () => import('./views/jobs/JobsView.vue'),
    meta: { title: 'Jobs', guide: 'jobs-and-notifications' },
  },
  {
    path: '/gallery',
    name: 'gallery',
    component: () => import('./views/gallery/GalleryView.vue'),
    meta: { title: 'Gallery', guide: 'gallery' },
  },
  // Query `runs=<ids>`, `group`, `reference`, `hidden=<ids>` and `valid=yes` say what is compared and how.
  {
    path: '/compare',
    name: 'compare',
    component: () => import('./views/comparison/CompareView.vue'),
    meta: { title: 'Compare', guide: 'compare' },
  },
  {
    path: '/table-v',
    name: 'table-v',
    component: () => import('./views/table-v/TableVView.vue'),
    meta: { title: 'Table V', guide: 'table-v' },
  },
  {
    path: '/reports',
    name: 'reports',
    component: () => import('./views/reports/ReportsView.vue'),
    meta: { title: 'Reports', guide: 'reports' },
  },
  {
    path: '/reports/:reportId',
    name: 'report',
    component: () => import('./views/reports/ReportView.vue'),
    props: true,
    meta: { title: 'Report', guide: 'reports' },
  },
  // Query `tab` is the open part.
  {
    path: '/settings',
    name: 'settings',
    component: () => import('./views/settings/SettingsView.vue'),
    meta: { title: 'Settings', guide: 'settings' },
  },
  {
    path: '/guide/:section?',
    name: 'guide',
    component: () => import('./views/guide/GuideView.vue'),
    props: true,
    meta: { title: 'User guide', guide: 'getting-started', isProse: true },
  },
  { path: '/system', redirect: (to) => ({ name: 'settings', query: to.query }), meta: { title: 'Settings', guide: 'settings' } },
  {
    path: '/:rest(.*)*',
    name: 'unknown',
    component: () => import('./views/UnknownView.vue'),
    meta: { title: 'No such page', guide: 'getting-started' },
  },
];
