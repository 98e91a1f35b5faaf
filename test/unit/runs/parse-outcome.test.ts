import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { type LeaseNews, parseOutcome } from '../../../src/main/domain/runs/parse-outcome.js';
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

const lease = { runId: 'run-1', taskId: 'run-1-00000', baseStationId: 'node-a', epoch: 1 };
const read = (change?: Parameters<typeof outcome>[0]): LeaseNews => parseOutcome(outcome(change), lease, nodes);
const nonsense = { kind: 'failed', end: { countsAsFailure: true } };

describe('an outcome of an agent', () => {
  it('takes the rest of the service delay as control', () => {
    const news = read();
    expect(news).toMatchObject({ lease, kind: 'succeeded' });
    expect(news.kind === 'succeeded' && news.report).toMatchObject({
      edgeServerId: 'node-b',
      delays: { controlMs: 10, serviceMs: 18_550 },
      imageSha256: 'a'.repeat(64),
    });
  });

  it.each([
    ['a negative duration', { waitingMs: -1 }],
    ['a duration that is no number', { computeMs: Number.NaN }],
    ['an infinite duration', { serviceMs: Number.POSITIVE_INFINITY }],
    ['an image name that is a path', { image: { sha256: '../../etc/passwd', sizeBytes: 1n } }],
    ['no image', { image: undefined }],
  ])('counts as a failure of the task with %s', (_what, change) => {
    expect(read(change)).toMatchObject({ ...nonsense, end: { message: expect.stringMatching(/^The agent's report does not make sense/) } });
  });

  it('counts as a failure of the task when it names an edge server that is not part of the testbed', () => {
    expect(read({ edgeServerId: 'node-x' })).toMatchObject(nonsense);
  });

  it('tells a failure of the task from one of a node or a line, and cuts its reason', () => {
    const failed = { status: OutcomeStatus.FAILED, isRetryable: true };
    expect(read({ ...failed, errorMessage: 'x'.repeat(9000) })).toEqual({
      ...{ lease, kind: 'failed' },
      end: { message: 'x'.repeat(500), edgeServerId: 'node-b', countsAsFailure: true, isRetryable: true },
    });
    expect(read({ ...failed, isLost: true })).toMatchObject({ end: { message: 'The agent gave no reason.', countsAsFailure: false } });
  });

  it('that is canceled says nothing more', () => {
    expect(read({ status: OutcomeStatus.CANCELLED })).toEqual({ lease, kind: 'cancelled' });
  });
});
