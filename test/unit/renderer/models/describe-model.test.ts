import { describe, expect, it } from 'vitest';
import { describeRate, refinedPath } from '../../../../src/renderer/views/models/describe-model.js';

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
