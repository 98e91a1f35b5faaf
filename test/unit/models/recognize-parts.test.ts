import { describe, expect, it } from 'vitest';
import { describePart, findParts } from '../../../src/main/domain/models/recognize-parts.js';
import type { FoundPart } from '../../../src/main/domain/models/recognize-parts.js';
import { allInOneTensors, clipTensors, t5Tensors, tensorBytes, transformerTensors, vaeTensors } from '../../support/model-files.js';
import type { TensorSpec } from '../../support/model-files.js';

function find(specs: readonly TensorSpec[]): FoundPart[] {
  let end = 0;
  const tensors = specs.map((spec) => {
    const startByte = end;
    end += tensorBytes(spec);
    return { ...spec, startByte, endByte: end };
  });
  return findParts(tensors, 'a file');
}

const names = (specs: readonly TensorSpec[]): string[] => find(specs).map(({ name }) => name);

describe('findParts', () => {
  it('finds every part of an all-in-one file', () => {
    expect(names(allInOneTensors())).toEqual(['vae', 'transformer', 'clip-g', 't5', 'clip-l']);
  });

  it('keeps tensors of no part as others', () => {
    expect(names([...allInOneTensors(), { name: 'model_ema.decay', dtype: 'F32', shape: [1] }])).toContain('other');
  });

  it.each([
    ['clip-l', clipTensors('', 768)],
    ['clip-g', clipTensors('', 1280)],
    ['t5', t5Tensors('')],
    ['vae', vaeTensors('')],
    ['transformer', transformerTensors('')],
    ['other', [{ name: 'lora_down.weight', dtype: 'F16', shape: [4] }]],
  ])('tells a separate file of %s by its keys', (name, specs) => {
    expect(names(specs)).toEqual([name]);
  });

  it('calls SD3 medium by its sizes', () => {
    expect(find(transformerTensors())[0]?.family).toBe('sd3-medium');
  });

  it('does not call a small model SD3 medium', () => {
    expect(find(transformerTensors(undefined, 64, 384))[0]?.family).toBe('sd3-other');
  });

  it('refuses SD3.5 medium by its position embedding', () => {
    expect(() => find(transformerTensors(undefined, 147_456))).toThrow(
      expect.objectContaining({ code: 'unsupported', message: expect.stringContaining('SD3.5 medium') as string }),
    );
  });

  it('refuses SD3.5 large by its width', () => {
    expect(() => find(transformerTensors(undefined, 36_864, 14_592))).toThrow(/SD3\.5 large/);
  });

  it('refuses a VAE of four channels', () => {
    expect(() => find(vaeTensors('first_stage_model.', 4))).toThrow(/VAE of 4 latent channels/);
  });

  it('refuses a CLIP of another width', () => {
    expect(() => find(clipTensors('', 1024))).toThrow(/CLIP of width 1024/);
  });

  it.each([
    ['model.diffusion_model.joint_blocks.0.context_block.adaLN_modulation.1.bias', 'transformer'],
    ['model.diffusion_model.pos_embed', 'transformer'],
    ['text_encoders.clip_l.transformer.text_model.embeddings.position_embedding.weight', 'clip-l'],
    ['text_encoders.clip_g.transformer.text_model.embeddings.position_embedding.weight', 'clip-g'],
    ['text_encoders.t5xxl.transformer.shared.weight', 't5'],
    ['first_stage_model.decoder.conv_in.weight', 'vae'],
  ])('names the key when %s is missing', (key, part) => {
    expect(() => find(allInOneTensors().filter(({ name }) => name !== key))).toThrow(
      expect.objectContaining({ code: 'invalid-input', message: `The model file a file lacks ${key}, by which its part ${part} is known` }),
    );
  });
});

describe('describePart', () => {
  it('counts tensors, bytes and types, the largest first', () => {
    const [part] = find([...t5Tensors('', 'F8_E4M3'), { name: 'scale', dtype: 'F32', shape: [2] }]);
    expect(describePart(part!)).toEqual({ name: 't5', tensorCount: 3, sizeBytes: 15 + 4096 + 8, dtypes: ['F8_E4M3', 'F32'] });
  });
});
