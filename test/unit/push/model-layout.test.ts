import { expect, test } from 'vitest';
import { BLOCK_BYTES, blockCount, blockLength, isModelFilePath } from '../../../src/shared/model-layout.js';

test('the last block is as long as what is left', () => {
  const sizeBytes = 2 * BLOCK_BYTES + 5;

  expect(blockCount(sizeBytes)).toBe(3);
  expect([0, 1, 2].map((index) => blockLength(sizeBytes, index))).toEqual([BLOCK_BYTES, BLOCK_BYTES, 5]);
});

test.each(['model.safetensors', 'text_encoder/model-00001-of-00002.safetensors', "it's (one).json"])('%s stays in the model', (path) => {
  expect(isModelFilePath(path)).toBe(true);
});

test.each(['', '/etc/passwd', '../x', 'a/../x', 'a/./x', 'a//x', 'a/', '.hidden', 'a/.ssh/x', 'a\\..\\x', 'nul\0'])(
  '%j does not',
  (path) => {
    expect(isModelFilePath(path)).toBe(false);
  },
);
