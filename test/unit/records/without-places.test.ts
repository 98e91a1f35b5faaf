import { describe, expect, it } from 'vitest';
import { factsWithoutPlaces, textWithoutPlaces } from '../../../src/main/domain/archives/without-places.js';

describe('what leaves the machine', () => {
  it.each([
    ['connect ECONNREFUSED 192.168.1.17:8443', 'connect ECONNREFUSED (address)'],
    ['no route to [fe80::1a2b:3c4d:5e6f]:22', 'no route to (address)'],
    ['orin-3.lab.example:8443 closed the line', '(address) closed the line'],
    ['permission denied for edge@orin-3', 'permission denied for (login)'],
    ['cannot open /home/lab/models/sd3.safetensors: ENOENT', 'cannot open (path): ENOENT'],
    ['CUDA out of memory. Tried to allocate 2.00 GiB', 'CUDA out of memory. Tried to allocate 2.00 GiB'],
    ['node-2 was lost while the run was in progress.', 'node-2 was lost while the run was in progress.'],
    ['Control is 1.5 % of the mean service delay (at most 1 %).', 'Control is 1.5 % of the mean service delay (at most 1 %).'],
  ])('has no address, login or path: %s', (text, cleaned) => {
    expect(textWithoutPlaces(text)).toBe(cleaned);
    expect(textWithoutPlaces(cleaned)).toBe(cleaned);
  });

  it('has of the facts of a node what its figures are read by, and nothing that no program knows', () => {
    const facts = { hostname: 'orin-3', groups: ['sudo'], linkName: 'enp3s0', powerMode: 'MAXN', secret: 'x', deviceModel: 'Orin' };
    expect(factsWithoutPlaces(facts)).toEqual({ powerMode: 'MAXN', deviceModel: 'Orin' });
    expect(factsWithoutPlaces(null)).toBeNull();
  });
});
