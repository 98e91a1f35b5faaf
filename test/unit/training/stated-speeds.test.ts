import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from 'commander';
import { withStatedSpeeds } from '../../../src/main/domain/simulation/training/stated-speeds.js';
import { loadOfStreams, statedSpeeds } from '../../../src/main/shells/cli/parse-arguments.js';

const nodes = [1, 0.5, 0.25].map((speed) => ({ fixedSec: 4 / speed, secPerStep: 1 / speed }));

describe('stated speeds of nodes', () => {
  it('are next to the first node, whatever the others have on record', () => {
    expect(withStatedSpeeds(nodes, [1, 0.8, 2])).toEqual([
      { fixedSec: 4, secPerStep: 1 },
      { fixedSec: 5, secPerStep: 1.25 },
      { fixedSec: 2, secPerStep: 0.5 },
    ]);
  });

  it('are one for each node', () => {
    expect(() => withStatedSpeeds(nodes, [1, 0.5])).toThrow('2 speeds are stated for 3 nodes');
    expect(() => withStatedSpeeds(nodes, [1])).toThrow('1 speed is stated for 3 nodes');
  });

  it('are named where one is none', () => {
    expect(() => withStatedSpeeds(nodes, [1, 0, 1])).toThrow('Speed 2 is 0: a speed lies above 0 and is at most 100');
    expect(() => withStatedSpeeds(nodes, [1, 1, 101])).toThrow('Speed 3 is 101');
  });

  it('come as numbers, or as how far nodes are from their record', () => {
    expect(statedSpeeds('1,0.7,0.5')).toEqual([1, 0.7, 0.5]);
    expect(statedSpeeds('throttling')).toBe('throttling');
    expect(() => statedSpeeds('1,fast')).toThrow('“fast” is not a number.');
    expect(() => statedSpeeds('fast')).toThrow(InvalidArgumentError);
    expect(() => loadOfStreams('0')).toThrow('between 0.1 and 10');
    expect(loadOfStreams('0.6')).toBe(0.6);
  });
});
