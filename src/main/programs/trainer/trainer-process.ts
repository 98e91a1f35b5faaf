// The parent's side of a training process.
import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { AppError } from '../../../shared/errors.js';
import { forkProgram } from '../child/fork-program.js';
import type { Log } from '../../adapters/log/log.js';
import { episodeMetricsSchema } from '../../domain/simulation/training/episode-metrics.js';
import type {
  StartTrainer,
  TrainerOutcome,
  TrainerProcess,
  TrainerReply,
  TrainerRequest,
} from '../../domain/simulation/training/trainer-messages.js';

const replySchema: z.ZodType<TrainerReply> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), episodes: z.array(episodeMetricsSchema), checkpointEpisodes: z.int().min(0) }),
  z.object({ kind: z.literal('ended'), outcome: z.enum(['succeeded', 'paused']) }),
  z.object({ kind: z.literal('failed'), error: errorShapeSchema }),
]);

/** How this program starts one. Without a log the process's standard error is this program's. */
export function trainerStarter(entryPath: string, log: Log | null = null): StartTrainer {
  return (task, onProgress) => startTrainer(forkProgram(entryPath, log), task, onProgress);
}

function startTrainer(child: ChildProcess, ...[task, onProgress]: Parameters<StartTrainer>): TrainerProcess {
  // A failed send means that the child is dying; its exit says the rest.
  const send = (request: TrainerRequest): void => void child.send(request, () => undefined);
  let isKilled = false;
  const ended = new Promise<TrainerOutcome>((resolve, reject) => {
    let answer: TrainerReply | null = null;
    let failure: Error | null = null;
    const finish = (death: string): void => {
      if (failure !== null) reject(failure);
      else if (answer?.kind === 'ended') resolve(answer.outcome);
      else if (answer?.kind === 'failed') reject(new AppError(answer.error.code, answer.error.message, answer.error.hint));
      else if (isKilled) reject(new AppError('cancelled', 'The training was canceled'));
      else reject(new AppError('io', `The process that trained ended (${death})`, 'Resume it: it continues from its last checkpoint.'));
    };
    child.on('message', (message) => {
      if (failure !== null || isKilled) return;
      try {
        const reply = replySchema.parse(message);
        if (reply.kind === 'progress') onProgress(reply.episodes, reply.checkpointEpisodes);
        else answer = reply;
      } catch (thrown) {
        failure = thrown instanceof Error ? thrown : new Error(String(thrown));
        child.kill('SIGKILL');
      }
    });
    child.once('error', (error) => finish(error.message));
    // Not 'exit': the last word may still be on its way then.
    child.once('close', (code, signal) => finish(signal ?? `status ${code ?? 'unknown'}`));
  });
  send({ kind: 'start', task });
  return {
    ended,
    pause: () => send({ kind: 'pause' }),
    kill() {
      isKilled = true;
      child.kill('SIGKILL');
    },
  };
}
