// The training process: learns away from the process that answers the window, on one thread. Ends with its parent; its checkpoint is
// whole at any moment.
import type { EpisodeMetrics } from '../../../shared/training.js';
import { writeOnnx } from '../../../scheduling/graph/onnx/write-onnx.js';
import { openInferenceSession } from '../../adapters/inference/inference-session.js';
import { describeFailureToParent } from '../../adapters/log/report-internal-error.js';
import { PROGRAM_VERSION } from '../../foundation/program-version.js';
import { simulateEpisodes } from '../../domain/simulation/training/simulate-episodes.js';
import { trainEpisodes } from '../../domain/simulation/training/train-episodes.js';
import type { SimulationTask, TrainerReply, TrainerRequest, TrainingTask } from '../../domain/simulation/training/trainer-messages.js';

/** Real ms between two reports at the least: small episodes take less than that. */
const REPORT_INTERVAL_MS = 100;

let isPausing = false;

/** Resolves when the parent has it; a parent that is gone waits for nothing. */
function reply(message: TrainerReply): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });
}

/** Gathers points and sends them at most every REPORT_INTERVAL_MS. */
function createReporter() {
  let waiting: EpisodeMetrics[] = [];
  let checkpointEpisodes = 0;
  let timer: NodeJS.Timeout | null = null;
  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const episodes = waiting;
    waiting = [];
    return reply({ kind: 'progress', episodes, checkpointEpisodes });
  };
  return {
    flush,
    add(episodes: readonly EpisodeMetrics[], newCheckpointEpisodes: number): void {
      waiting.push(...episodes);
      checkpointEpisodes = newCheckpointEpisodes;
      timer ??= setTimeout(() => void flush(), REPORT_INTERVAL_MS);
    },
  };
}

function cpuNowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function act(task: TrainingTask | SimulationTask): Promise<TrainerReply> {
  const reporter = createReporter();
  const common = {
    isPausing: () => isPausing,
    cpuNowMs,
    onProgress: (episodes: EpisodeMetrics[], checkpointEpisodes: number) => reporter.add(episodes, checkpointEpisodes),
  };
  try {
    if ('policy' in task) return { kind: 'ended', outcome: await simulateEpisodes(task, common) };
    const outcome = await trainEpisodes(task, {
      ...common,
      openGraph: (graph) => openInferenceSession(writeOnnx(graph, { name: 'training', producerVersion: PROGRAM_VERSION, metadata: {} })),
    });
    return { kind: 'ended', outcome };
  } finally {
    await reporter.flush();
  }
}

process.on('message', (request: TrainerRequest) => {
  if (request.kind === 'pause') {
    isPausing = true;
    return;
  }
  void act(request.task)
    .catch((thrown: unknown): TrainerReply => ({ kind: 'failed', error: describeFailureToParent(thrown) }))
    .then(reply)
    .finally(() => {
      if (process.connected) process.disconnect();
    });
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent asks for a pause.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => (isPausing = true));
