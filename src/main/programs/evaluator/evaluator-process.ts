// The parent's side of an evaluation process.
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { AppError } from '../../../shared/errors.js';
import { comparisonSchema } from '../../../shared/on-the-job-schema.js';
import type { PolicyDetail, TrainingBaselines } from '../../../shared/training.js';
import { forkProgram } from '../child/fork-program.js';
import type { Log } from '../../adapters/log/log.js';
import type { EvaluatorReply, EvaluatorRequest, RunEvaluator } from '../../domain/simulation/training/evaluator-messages.js';

const detailSchema: z.ZodType<PolicyDetail> = z.object({
  checkpointEpisodes: z.int(),
  episodes: z.int(),
  meanDelaySec: z.number(),
  p95DelaySec: z.number(),
  optTsMeanDelaySec: z.number(),
  optTsP95DelaySec: z.number(),
  ratioToOptTs: z.number(),
  entropyNats: z.number(),
  perServer: z.array(z.object({ server: z.int(), capacityGigacyclesPerSec: z.number(), share: z.number(), shareOfWork: z.number() })),
  byWork: z.array(
    z.object({
      fromGigacycles: z.number(),
      toGigacycles: z.number(),
      count: z.int(),
      meanDelaySec: z.number(),
      p95DelaySec: z.number(),
      optTsMeanDelaySec: z.number(),
    }),
  ),
});

const baselinesSchema: z.ZodType<TrainingBaselines> = z.object({
  episodes: z.int(),
  optTsDelaySec: z.number(),
  capacityProportionalDelaySec: z.number(),
  limitDelaySec: z.number(),
});

const replySchema: z.ZodType<EvaluatorReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('detail'), detail: detailSchema }),
  z.object({ kind: z.literal('baselines'), baselines: baselinesSchema }),
  z.object({ kind: z.literal('versions'), comparison: comparisonSchema }),
  z.object({ kind: z.literal('failed'), error: errorShapeSchema }),
]);

/** How this program runs one. Without a log the process's standard error is this program's. */
export function evaluatorRunner(entryPath: string, log: Log | null = null): RunEvaluator {
  return (request, signal) => runEvaluator(entryPath, request, signal, log);
}

function runEvaluator<Kind extends EvaluatorRequest['kind']>(
  entryPath: string,
  request: Extract<EvaluatorRequest, { kind: Kind }>,
  signal: AbortSignal,
  log: Log | null,
): Promise<Extract<EvaluatorReply, { kind: Kind }>> {
  if (signal.aborted) return Promise.reject(new AppError('cancelled', 'The evaluation was canceled'));
  const { promise, resolve, reject } = Promise.withResolvers<Extract<EvaluatorReply, { kind: Kind }>>();
  const child = forkProgram(entryPath, log);
  const kill = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let message: unknown = null;
  const finish = (death: string): void => {
    signal.removeEventListener('abort', kill);
    if (signal.aborted) return reject(new AppError('cancelled', 'The evaluation was canceled'));
    const { data: reply } = replySchema.safeParse(message);
    if (reply?.kind === request.kind) resolve(reply as Extract<EvaluatorReply, { kind: Kind }>);
    else if (reply?.kind === 'failed') reject(new AppError(reply.error.code, reply.error.message, reply.error.hint));
    else reject(new AppError('io', `The process that evaluated ended without an answer (${death})`, 'Try again.'));
  };
  child.once('message', (received) => (message = received));
  child.once('error', (error) => finish(error.message));
  // Not 'exit': the answer may still be on its way then.
  child.once('close', (code, deadly) => finish(deadly ?? `status ${code ?? 'unknown'}`));
  // A failed send means that the child is dying; its exit says the rest.
  child.send(request, () => undefined);
  return promise;
}
