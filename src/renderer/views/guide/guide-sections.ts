// The sections of docs/user-guide.md, by the ids of their headings: what a view's help may lead to.
export const GUIDE_SECTIONS = [
  'getting-started',
  'overview',
  'testbeds',
  'models',
  'datasets',
  'runs',
  'new-run',
  'a-run',
  'series',
  'train',
  'studies',
  'gallery',
  'compare',
  'table-v',
  'reports',
  'jobs-and-notifications',
  'settings',
  'keys',
] as const;

export type GuideSection = (typeof GUIDE_SECTIONS)[number];
