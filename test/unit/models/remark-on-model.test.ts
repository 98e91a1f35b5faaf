import { describe, expect, it } from 'vitest';
import { listModelNeeds, remarkOnModel } from '../../../src/shared/remark-on-model.js';

const part = (name: 't5' | 'vae') => ({ name, tensorCount: 1, sizeBytes: 1, dtypes: ['F16'] });

describe('what is said of a model', () => {
  it('is of one file without T5 that nothing is to refine, and that the vocabulary of CLIP is missing', () => {
    const model = { layout: 'all-in-one' as const, parts: [part('vae')], leftOut: [] };
    expect(remarkOnModel(model)).toEqual([expect.stringContaining('it is reSD3-m as it is')]);
    expect(listModelNeeds(model)).toEqual([expect.stringContaining('worker-config')]);
  });

  it('is of a folder with T5 that it can be refined, and which weights nothing loads', () => {
    const model = { layout: 'diffusers' as const, parts: [part('t5')], leftOut: ['vae/model.fp16.safetensors'] };
    const remarks = remarkOnModel(model);
    expect(remarks[0]).toContain('T5 reads 256 tokens of a prompt, the CLIPs 77. Refine it for reSD3-m');
    expect(remarkOnModel(model, 'model strip')[0]).toContain('Refine it (model strip) for reSD3-m');
    expect(remarks[1]).toContain('vae/model.fp16.safetensors');
    expect(listModelNeeds(model)).toEqual([]);
  });

  it('is of one file with T5 that the vocabulary of T5 is missing as well', () => {
    expect(listModelNeeds({ layout: 'all-in-one', parts: [part('t5')] }).at(-1)).toContain('tokenizer_3');
  });
});
