import { describe, expect, it } from 'vitest';
import { keepEqualsTogether, shortenName, splitName } from '../../../../src/renderer/views/history/record-name.js';

describe('shortenName', () => {
  it('drops the name of the series in front', () => {
    expect(shortenName('Night: Random, |N| = 40, repetition 3', 'Night')).toBe('Random, |N| = 40, repetition 3');
  });

  it.each([
    ['of no series', 'Night: Random', null],
    ['that does not begin with it', 'Random', 'Night'],
    ['that is nothing else', 'Night: ', 'Night'],
  ])('keeps a name %s', (_which, name, seriesName) => {
    expect(shortenName(name, seriesName)).toBe(name);
  });
});

describe('splitName', () => {
  it.each([
    ['Random, |N| = 40, repetition 3', ['Random, |N| = 40, ', 'repetition 3']],
    ['Schedulers on five nodes', ['Schedulers on five ', 'nodes']],
    ['Flickr8k, and a long end that has no comma 12', ['Flickr8k, and a long end that has no comma ', '12']],
    ['a-name-of-a-single-word-that-is-long', ['a-name-of-a-single-word-that-is-long', '']],
  ])('cuts “%s” between words', (name, parts) => {
    expect(splitName(name)).toEqual(parts);
  });
});

it('keepEqualsTogether puts no-break spaces around an equals sign', () => {
  expect(keepEqualsTogether('|N| = 40, repetition 3')).toBe('|N|\u00A0=\u00A040, repetition 3');
});
