import { describe, expect, it } from 'vitest';
import { encodeHeader, parseHeader } from '../../../src/main/domain/models/safetensors-header.js';
import type { SafetensorsHeader } from '../../../src/main/domain/models/safetensors-header.js';

/** Parses a header text in front of `dataBytes` bytes of data. */
function parse(header: string | Uint8Array, dataBytes: number): SafetensorsHeader {
  const json = Buffer.from(header);
  return parseHeader(json, 'some.safetensors', 8 + json.length + dataBytes);
}

const tensor = (name: string, start: number, end: number): string =>
  `"${name}":{"dtype":"U8","shape":[${end - start}],"data_offsets":[${start},${end}]}`;

describe('parseHeader', () => {
  it('reads tensors and metadata', () => {
    const header = parse('{"__metadata__":{"format":"pt"},"a":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]}}   ', 12);
    expect(header.metadata).toEqual({ format: 'pt' });
    expect(header.tensors).toEqual([{ name: 'a', dtype: 'F16', shape: [2, 3], startByte: 0, endByte: 12 }]);
  });

  it('accepts a scalar, an empty tensor and tensors out of order', () => {
    const header = parse(`{"s":{"dtype":"F32","shape":[],"data_offsets":[4,8]},${tensor('e', 4, 4)},${tensor('a', 0, 4)}}`, 8);
    expect(header.tensors.map(({ name }) => name)).toEqual(['s', 'e', 'a']);
  });

  it('accepts types of less than a byte when they fill whole bytes', () => {
    expect(parse('{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}', 2).tensors).toHaveLength(1);
  });

  it('takes a tensor called __proto__ for a tensor', () => {
    expect(parse(`{${tensor('__proto__', 0, 4)}}`, 4).tensors.map(({ name }) => name)).toEqual(['__proto__']);
  });

  it.each<[string, string | Uint8Array, number, RegExp]>([
    ['no JSON', '{"a":', 0, /not JSON/],
    ['a list', '[]', 0, /not a JSON object/],
    ['white space before the object', ' {}', 0, /not a JSON object/],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 0, /UTF-8/],
    ['a tensor that is named twice', `{${tensor('a', 0, 4)},${tensor('a', 4, 8)}}`, 8, /"a" twice/],
    ['a tensor that is named twice in two spellings', `{${tensor('a', 0, 4)},${tensor('\\u0061', 4, 8)}}`, 8, /"a" twice/],
    ['a key that is twice inside a tensor', '{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1, /"dtype" twice/],
    ['metadata that is named twice', '{"__metadata__":{},"__metadata__":{}}', 0, /"__metadata__" twice/],
    ['metadata that is no object', '{"__metadata__":[]}', 0, /metadata that is not a JSON object/],
    ['metadata that is no text', '{"__metadata__":{"steps":3}}', 0, /metadata "steps" that is not a text/],
    ['a tensor that is no object', '{"a":1}', 0, /tensor "a" by something/],
    ['a type no one knows', '{"a":{"dtype":"F17","shape":[1],"data_offsets":[0,2]}}', 2, /tensor "a" the unknown type "F17"/],
    ['no type', '{"a":{"shape":[1],"data_offsets":[0,2]}}', 2, /unknown type/],
    ['a negative size', '{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}', 1, /tensor "a" a shape that is not a list of sizes/],
    ['a broken size', '{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}', 1, /not a list of sizes/],
    ['no shape', '{"a":{"dtype":"U8","data_offsets":[0,1]}}', 1, /not a list of sizes/],
    [
      'sizes whose product is beyond any file',
      '{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,1]}}',
      1,
      /larger than any file/,
    ],
    ['one offset', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}', 1, /offsets that are not two/],
    ['a negative offset', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}', 1, /offsets that are not two/],
    ['an end before the start', '{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}', 1, /end \(0\) before it starts \(1\)/],
    [
      'a shape of other bytes than the offsets',
      '{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,2]}}',
      2,
      /2 bytes, but its shape \[2\] of F16 takes 4/,
    ],
    ['part of a byte', '{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}', 2, /takes 1.5/],
    ['a hole before the first tensor', `{${tensor('a', 2, 4)}}`, 4, /hole of 2 bytes before tensor "a"/],
    ['a hole between tensors', `{${tensor('a', 0, 2)},${tensor('b', 3, 4)}}`, 4, /hole of 1 bytes before tensor "b"/],
    ['tensors that overlap', `{${tensor('a', 0, 3)},${tensor('b', 2, 4)}}`, 4, /tensor "b" overlap/],
    ['two tensors at one place', `{${tensor('a', 0, 4)},${tensor('b', 0, 4)}}`, 4, /overlap/],
    ['bytes after the last tensor', `{${tensor('a', 0, 4)}}`, 7, /3 bytes after its last tensor/],
    ['data without a tensor', '{}', 1, /1 bytes after its last tensor/],
    [
      'a file that is cut off',
      `{${tensor('a', 0, 4)},${tensor('b', 4, 8)}}`,
      7,
      /cut off: tensor "b" ends at byte 8 of the data, of which 7/,
    ],
  ])('refuses %s and says where', (_what, header, dataBytes, message) => {
    expect(() => parse(header, dataBytes)).toThrow(
      expect.objectContaining({
        code: 'invalid-input',
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(/./) as string,
      }),
    );
    expect(() => parse(header, dataBytes)).toThrow(/some\.safetensors/);
  });

  it('lets no control character of a name through to the terminal', () => {
    expect(() => parse('{"a\\u001b[2Jb":1}', 0)).toThrow(/"a\?\[2Jb"/);
  });
});

describe('encodeHeader', () => {
  it('is read back as it was', () => {
    const tensors = [
      { name: '7', dtype: 'U8', shape: [3], startByte: 0, endByte: 3 },
      { name: '__proto__', dtype: 'F16', shape: [], startByte: 3, endByte: 5 },
      { name: 'ä"\\', dtype: 'F4', shape: [2], startByte: 5, endByte: 6 },
    ];
    const encoded = encodeHeader({ tensors, metadata: { format: 'pt' } });
    const header = parseHeader(encoded.subarray(8), 'some.safetensors', encoded.length + 6);
    expect(header).toEqual({
      tensors: expect.arrayContaining(tensors) as unknown,
      metadata: { format: 'pt' },
      dataOffsetBytes: encoded.length,
    });
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('lets the data start at a multiple of 8 bytes (%d letters more)', (more) => {
    expect(encodeHeader({ tensors: [], metadata: { text: 'x'.repeat(more) } }).length % 8).toBe(0);
  });
});
