import { expect, test } from 'vitest';
import { lookAtNode, whyNoRoom } from '../../../src/main/domain/models/push/look-at-node.js';

const model = { sha256: 'a'.repeat(64), files: [{ path: 'one', sizeBytes: 1000, sha256: 'b'.repeat(64) }] };

function look(stdout: string) {
  return lookAtNode({
    exec: () => Promise.resolve({ code: 0, stdout, stderr: '', isTruncated: false }),
    nodeName: 'orin',
    model,
  });
}

test('a model under its name with the right size is whole', async () => {
  expect(await look('free 5\nwhole\nfile 0 - - 0 1000\n')).toMatchObject({ isWhole: true, missingBytes: 0 });
});

test('a model whose file has another size is not', async () => {
  expect(await look('free 5\nwhole\nfile 0 - - 0 999\n')).toMatchObject({ isWhole: false });
});

test('holes of an unfinished file are still to come', async () => {
  const holes = { ...model, files: [{ ...model.files[0]!, sizeBytes: 10_240 }] };
  const there = await lookAtNode({
    exec: () => Promise.resolve({ code: 0, stdout: 'free 8\nfile 0 - 10240 2 -\n', stderr: '', isTruncated: false }),
    nodeName: 'orin',
    model: holes,
  });

  expect(there.missingBytes).toBe(8_192);
  expect(whyNoRoom(there, 0)).toBeNull();
  expect(whyNoRoom(there, 1)).toMatch(/free/);
});

test.each(['', 'free lots\nfile 0 - - 0 -', 'free 5\n', 'free 5\nfile 7 - - 0 -\n'])(
  'an answer that makes no sense (%j) is refused',
  async (stdout) => {
    await expect(look(stdout)).rejects.toMatchObject({ code: 'ssh-command-failed', message: expect.stringContaining('orin') as string });
  },
);
