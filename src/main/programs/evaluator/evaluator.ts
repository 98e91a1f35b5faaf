// The evaluation process: simulates away from the process that answers the window, on one thread. Does one thing, answers, ends.
import { writeOnnx } from '../../../scheduling/graph/onnx/write-onnx.js';
import { compareVersions } from '../../../scheduling/testbed/compare-versions.js';
import { openInferenceSession } from '../../adapters/inference/inference-session.js';
import { describeFailureToParent } from '../../adapters/log/report-internal-error.js';
import { PROGRAM_VERSION } from '../../foundation/program-version.js';
import type { EvaluatorReply, EvaluatorRequest } from '../../domain/simulation/training/evaluator-messages.js';
import { measureBaselines } from '../../domain/simulation/training/measure-baselines.js';
import { measurePolicy } from '../../domain/simulation/training/measure-policy.js';

async function act(request: EvaluatorRequest): Promise<EvaluatorReply> {
  switch (request.kind) {
    case 'detail': {
      const detail = await measurePolicy(request, (graph) =>
        openInferenceSession(writeOnnx(graph, { name: 'policy', producerVersion: PROGRAM_VERSION, metadata: {} })),
      );
      return { kind: 'detail', detail };
    }
    case 'baselines':
      return { kind: 'baselines', baselines: await measureBaselines(request) };
    case 'versions':
      return { kind: 'versions', comparison: await compareVersions({ ...request, nowMs: () => performance.now() }) };
  }
}

/** Resolves when the parent has it; a parent that is gone waits for nothing. */
function reply(message: EvaluatorReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}

process.on('message', (request: EvaluatorRequest) => {
  void act(request)
    .catch((thrown: unknown): EvaluatorReply => ({ kind: 'failed', error: describeFailureToParent(thrown) }))
    .then(reply)
    .finally(() => {
      if (process.connected) process.disconnect();
    });
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent ends this process.
process.on('SIGINT', () => undefined);
