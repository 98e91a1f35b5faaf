import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { parseSuccess } from '../../../src/main/domain/runs/parse-outcome.js';
import { OutcomeStatus, TaskOutcomeSchema } from '../../../src/shared/rpc/gen/agent_pb.js';

const nodes = new Set(['node-a', 'node-b']);

const outcome = (change: Exclude<MessageInitShape<typeof TaskOutcomeSchema>, { $typeName: string }> = {}) =>
  create(TaskOutcomeSchema, {
    taskId: 'run-1-00000',
    status: OutcomeStatus.SUCCEEDED,
    edgeServerId: 'node-b',
    uploadMs: 10,
    waitingMs: 200,
    computeMs: 18_300,
    downloadMs: 30,
    serviceMs: 18_550,
    computeStartMs: 210,
    computeEndMs: 18_510,
    image: { sha256: 'a'.repeat(64), sizeBytes: 1000n, widthPx: 512, heightPx: 512, mediaType: 'image/png', isSimulated: true },
    ...change,
  });

describe('parseSuccess', () => {
  it('takes the rest of the service delay as control', () => {
    const report = parseSuccess(outcome(), nodes);
    expect(report).toMatchObject({ edgeServerId: 'node-b', delays: { controlMs: 10, serviceMs: 18_550 }, imageSha256: 'a'.repeat(64) });
  });

  it.each([
    ['a negative duration', { waitingMs: -1 }],
    ['a duration that is no number', { computeMs: Number.NaN }],
    ['an infinite duration', { serviceMs: Number.POSITIVE_INFINITY }],
    ['an image name that is a path', { image: { sha256: '../../etc/passwd', sizeBytes: 1n } }],
    ['no image', { image: undefined }],
  ])('refuses %s', (_what, change) => {
    expect(parseSuccess(outcome(change), nodes)).toHaveProperty('problem');
  });

  it('refuses an edge server that is not part of the testbed', () => {
    expect(parseSuccess(outcome({ edgeServerId: 'node-x' }), nodes)).toHaveProperty('problem');
  });
});
