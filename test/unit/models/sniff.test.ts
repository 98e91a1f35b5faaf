import { describe, expect, it } from 'vitest';
import { sniff } from '../../../src/main/domain/models/read-safetensors.js';
import { buildSafetensors, frame } from '../../support/model-files.js';

describe('sniff', () => {
  it('takes a safetensors file for one', () => {
    expect(sniff(buildSafetensors([{ name: 'a', dtype: 'U8', shape: [4] }]))).toBe('safetensors');
  });

  it('does not take a header of 640 bytes for a pickle, though both start with 80 02', () => {
    expect(sniff(frame('{}'.padEnd(0x280)))).toBe('safetensors');
  });

  it.each([2, 3, 4, 5])('knows a pickle of protocol %d', (protocol) => {
    expect(sniff(Buffer.from([0x80, protocol, 0x7d, 0x71, 0, 0x28, 0x58, 3, 0, 0]))).toBe('pickle');
  });

  it('knows what torch.save writes', () => {
    expect(sniff(Buffer.from('PK\x03\x04\0\0\b\b\0\0archive/data.pkl', 'latin1'))).toBe('pickle');
  });

  it.each([
    ['gguf', 'GGUF\x03\0\0\0\0\0'],
    ['lfs-pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:12'],
    ['web-page', '\n<!DOCTYPE html><html><body>Log in'],
    ['unknown', 'Some text'],
    ['unknown', ''],
    ['unknown', 'short'],
  ])('calls it %s: %j', (kind, text) => {
    expect(sniff(Buffer.from(text, 'latin1'))).toBe(kind);
  });
});
