import { describe, expect, it } from 'vitest';
import { describeEnd, describeRate, describeReading, refinedPath } from '../../../../src/renderer/views/models/describe-model.js';
import { describePushed } from '../../../../src/renderer/views/models/push-state.js';

describe('where a refined model goes', () => {
  it.each([
    ['/models/sd3.safetensors', 'all-in-one', '/models/sd3-resd3m.safetensors'],
    ['/models/sd3.SafeTensors', 'all-in-one', '/models/sd3-resd3m.safetensors'],
    ['/models/sd3/', 'diffusers', '/models/sd3-resd3m'],
    ['C:\\models\\sd3\\', 'split', 'C:\\models\\sd3-resd3m'],
  ] as const)('%s (%s) goes to %s', (path, layout, expected) => {
    expect(refinedPath({ path, layout })).toBe(expected);
  });
});

describe('the rate of work on a model', () => {
  const progress = { phase: 'copying', doneBytes: 1, totalBytes: 2, bytesPerSec: 700e6, remainingSec: 12 } as const;

  it('is reported with what is left', () => {
    expect(describeRate(progress)).toBe('700 MB/s, about 12.0 s left');
  });

  it('is not told before it is known', () => {
    expect(describeRate({ ...progress, bytesPerSec: null, remainingSec: null })).toBeNull();
  });
});

describe('what came of work on a model', () => {
  const progress = { phase: 'fetching', doneBytes: 1e9, totalBytes: 5e9, bytesPerSec: null, remainingSec: null } as const;

  it.each([
    ['verify', 'succeeded', /every byte was read/i],
    ['fetch', 'succeeded', /published SHA-256/],
    ['fetch', 'paused', /1\.00 GB of 5\.00 GB are here and are kept/],
    ['fetch', 'failed', /are kept/],
  ] as const)('%s, %s', (kind, state, words) => {
    expect(describeEnd({ kind, state, progress })).toMatch(words);
  });

  it('is left to the error of what failed and keeps nothing, and to the report of a refinement', () => {
    expect(describeEnd({ kind: 'verify', state: 'failed', progress })).toBeNull();
    expect(describeEnd({ kind: 'strip', state: 'succeeded', progress })).toBeNull();
    expect(describeEnd({ kind: 'fetch', state: 'failed', progress: null })).toBeNull();
  });
});

it('says when every byte of a model was read last, and that it was not as on record', () => {
  expect(describeReading({ lastRead: null })).toBe('Not noted');
  expect(describeReading({ lastRead: { atMs: 0, isAsOnRecord: true } })).toMatch(/19(69|70)/);
  expect(describeReading({ lastRead: { atMs: 0, isAsOnRecord: false } })).toMatch(/^Not as on record on /);
});

it('says of a model that was on a node when every byte of it was verified there', () => {
  const outcome = { ...{ isUnchanged: true, totalBytes: 1, foundBytes: 1, sentBytes: 0, relayedBytes: 0, elapsedMs: 1 }, remotePath: 'x' };
  const push = (lastFullAtMs: number | null, extent: 'sampled' | 'full' = 'sampled') =>
    describePushed({
      ...{ nodeId: 'node-1', nodeName: 'orin', error: null },
      progress: {
        state: 'succeeded',
        totalBytes: 1,
        doneBytes: 1,
        foundBytes: 1,
        sentBytes: 0,
        relayedBytes: 0,
        bytesPerSec: null,
        remainingSec: null,
      },
      outcome: { ...outcome, carrier: null, check: { extent, differingFiles: [], lastFullAtMs } },
    });
  expect(push(null)).toBe('It was there already; some blocks were compared.');
  expect(push(0)).toMatch(/Every byte: last verified there on .*19(69|70)/);
  expect(push(0, 'full')).toBe('It was there already; every byte was compared.');
});
