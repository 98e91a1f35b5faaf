import { expect, test } from 'vitest';
import { toApiErrorShape } from '../../../src/renderer/api/errors.js';
import { neutralize } from '../../../src/renderer/api/neutral-text.js';
import { TransferError } from '../../../src/renderer/api/transfer-error.js';

test('text that would turn its sentence around shows that it tried to, however deep it stands', () => {
  const value = { run: { spec: { name: 'abc\u202edef', tags: ['\u2066x\u2069'] } }, count: 3, none: null };

  expect(neutralize(value)).toEqual({ run: { spec: { name: 'abc\ufffddef', tags: ['\ufffdx\ufffd'] } }, count: 3, none: null });
});

test('what needs nothing is the same value, so that nothing is drawn again for it', () => {
  const value = { prompt: 'שני כלבים רצים', rows: [{ at: 1 }, { at: 2 }] };

  expect(neutralize(value)).toBe(value);
});

test('errors too: their messages quote names', () => {
  const shape = toApiErrorShape(new TransferError({ code: 'io', message: 'File \u202egpj.exe is broken', hint: null }));

  expect(shape.message).toBe('File \ufffdgpj.exe is broken');
});
