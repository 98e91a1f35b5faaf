import { describe, expect, it } from 'vitest';
import { remarkOnModel } from '../../../src/shared/remark-on-model.js';

const part = (name: 't5' | 'vae') => ({ name, tensorCount: 1, sizeBytes: 1, dtypes: ['F16'] });

describe('what is said of a model', () => {
  it('is of one file without T5 that nothing is to refine, and that the vocabulary of CLIP is missing', () => {
    const remarks = remarkOnModel({ layout: 'all-in-one', parts: [part('vae')], leftOut: [] });
    expect(remarks[0]).toContain('it is reSD3-m as it is');
    expect(remarks[1]).toContain('worker-config');
  });

  it('is of a folder with T5 that it can be refined, and which weights nothing loads', () => {
    const remarks = remarkOnModel({ layout: 'diffusers', parts: [part('t5')], leftOut: ['vae/model.fp16.safetensors'] });
    expect(remarks[0]).toContain('T5 reads 256 tokens of a prompt, the CLIPs 77. Refine it');
    expect(remarks[1]).toContain('vae/model.fp16.safetensors');
  });

  it('is of one file with T5 that the vocabulary of T5 is missing as well', () => {
    const remarks = remarkOnModel({ layout: 'all-in-one', parts: [part('t5')], leftOut: [] });
    expect(remarks.at(-1)).toContain('tokenizer_3');
  });
});
