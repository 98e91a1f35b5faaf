import { expect, it } from 'vitest';
import { canFetch, describeHere, fetchLabel, fetchOf, statusOf } from '../../../../src/renderer/views/models/wheels-state.js';
import type { WheelList } from '../../../../src/shared/wheels.js';
import { buildJob } from '../../../support/build-job.js';

const list = (change: Partial<WheelList> = {}): WheelList => ({
  ...{ jetpack: '6', title: 'JetPack 6', python: '3.10', notes: [], folder: '/data/wheels/jetpack-6', index: null },
  ...{ packages: ['torch', 'numpy 1.26.4'], hereCount: 1, missing: ['numpy 1.26.4'], hereBytes: 2_000_000 },
  ...change,
});
const job = (state: 'running' | 'paused' | 'succeeded', name = 'JetPack 6') =>
  buildJob({ kind: 'wheels', state, subject: { kind: 'wheels', id: null, name } });

it('says what is here, and what a fetch would bring', () => {
  expect(describeHere(list())).toBe('1 of 2, 2.00 MB');
  expect(describeHere(list({ hereCount: 0, hereBytes: 0 }))).toBe('0 of 2');
  expect([list(), list({ missing: [] }), list({ hereCount: 0 })].map((each) => statusOf(each).label)).toEqual([
    'Some missing',
    'All here',
    'None here',
  ]);
  expect(fetchLabel(list())).toBe('Fetch 1 wheel');
  expect(fetchLabel(list({ missing: [] }))).toContain('Compare');
});

it('follows the newest fetch for a JetPack until it has succeeded', () => {
  expect(fetchOf(list(), [job('running', 'JetPack 5'), job('paused'), job('running')])).toMatchObject({ state: 'paused' });
  expect(fetchOf(list(), [job('succeeded'), job('paused')])).toBeNull();
  expect(canFetch(list(), [job('running')])).toBe(false);
  expect(canFetch(list(), [job('paused')])).toBe(true);
});
