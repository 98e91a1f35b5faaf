import { describe, expect, it } from 'vitest';
import { ImageNames, nameImage, unknownNameFields, type NamedImage } from '../../../src/shared/name-image.js';

const image: NamedImage = {
  runName: 'Live 1000',
  ordinal: 11,
  seed: 7,
  qualitySteps: 12,
  nodeName: 'ES 1',
  scheduler: 'random',
  prompt: 'A dog catches a frisbee',
  sha256: 'ab'.repeat(32),
  mediaType: 'image/png',
};

describe('the name of an exported image', () => {
  it('follows the pattern', () => {
    expect(nameImage('{run}-{task}', image)).toBe('Live-1000-0012.png');
    expect(nameImage('{prompt}_s{seed}_{steps}_{node}_{scheduler}_{hash}', image)).toBe(
      'A-dog-catches-a-frisbee_s7_12_ES-1_random_abababababab.png',
    );
    expect(nameImage('{task}', { ...image, mediaType: 'image/jpeg' })).toBe('0012.jpg');
  });

  it.each([
    ['../../etc/passwd', 'etc-passwd-0012.png'],
    ['C:\\Windows\\x:y*?', 'C-Windows-x-y-0012.png'],
    ['...', 'run-0012.png'],
    ['测试 run', '测试-run-0012.png'],
    ['a\u202Egnp.exe', 'a-gnp.exe-0012.png'],
    ['{seed}', 'seed-0012.png'],
  ])('is no path and no trick, of a run named %j', (runName, name) => {
    expect(nameImage('{run}-{task}', { ...image, runName })).toBe(name);
  });

  it('is no device and no endless name', () => {
    expect(nameImage('CON', image)).toBe('CON-.png');
    expect(nameImage('{prompt}{prompt}{prompt}{prompt}', { ...image, prompt: 'x'.repeat(5000) }).length).toBeLessThan(160);
  });

  it('is given once, also where a file system takes capitals for small letters', () => {
    const names = new ImageNames('{run}');
    const all = [image, image, { ...image, runName: 'LIVE 1000' }].map((each) => names.next(each));
    expect(all).toEqual(['Live-1000.png', 'Live-1000-2.png', 'LIVE-1000-3.png']);
  });

  it('says which fields there are not', () => {
    expect(unknownNameFields('{run}-{colour}-{task}')).toEqual(['colour']);
  });
});
