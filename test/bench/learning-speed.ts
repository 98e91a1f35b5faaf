// CPU time of the learning at the paper's scale (20 stations, up to 50 tasks a slot, Table IV): one update of all agents, the decisions of
// a slot, one decision, and whole episodes with learning. Other programs on a shared machine slow CPU time too, so the median of several
// batches is beside the fastest.
import { openInferenceSession } from '../../src/main/adapters/inference/inference-session.js';
import { createEnvironment } from '../../src/scheduling/environment/environment.js';
import { PRESETS } from '../../src/scheduling/environment/presets.js';
import type { Graph } from '../../src/scheduling/graph/graph.js';
import { writeOnnx } from '../../src/scheduling/graph/onnx/write-onnx.js';
import { createLearner, LEARNING_METHODS, type LearningMethod, PAPER_LEARNING } from '../../src/scheduling/learning/learner.js';
import { createLearningRun } from '../../src/scheduling/learning/learning-run.js';
import { buildPolicyGraph } from '../../src/scheduling/learning/policy-graph.js';
import { paperTrainingSettings } from '../../src/scheduling/learning/training-settings.js';
import { createRandom } from '../../src/random/random.js';

const SIZES = { agents: 20, servers: 20, stateSize: 22 };
const TASKS = 50;
const BATCHES = 7;
/** Before learning starts, and so that the compiler has seen the code. */
const WARM_UP_EPISODES = 2;

interface Timing {
  medianCpuMs: number;
  fastestCpuMs: number;
}

interface LearningSpeedRow {
  method: LearningMethod;
  updateOf20Agents: Timing;
  /** 20 x 50 decisions. */
  slotDecisions: Timing;
  /** A policy that travels alone, for one task. */
  oneDecision: Timing;
  episode: Timing;
}

/** Of all methods, or of one. Throws an Error where there is no such method. */
export async function measureLearning(say: (text: string) => void, only?: string): Promise<LearningSpeedRow[]> {
  const rows: LearningSpeedRow[] = [];
  const methods = LEARNING_METHODS.filter((method) => only === undefined || method === only);
  if (methods.length === 0) throw new Error(`There is no method ${only}: ${LEARNING_METHODS.join(', ')}`);
  for (const method of methods) {
    const learner = createLearner(method, { ...PAPER_LEARNING, ...SIZES });
    const parameters = learner.initialize(createRandom(1)).actor;
    const alone = parameters.slice(0, parameters.length / SIZES.agents);
    const row: LearningSpeedRow = {
      method,
      updateOf20Agents: await timeGraph(learner.buildUpdate(), 40),
      slotDecisions: await timeGraph(buildPolicyGraph(learner.actor, { ...SIZES, batchSize: TASKS }), 100),
      oneDecision: await timeGraph(buildPolicyGraph(learner.actor, { ...SIZES, agents: 1, batchSize: 1, parameters: alone }), 1000),
      episode: await timeEpisodes(method),
    };
    rows.push(row);
    const format = (name: string, { medianCpuMs, fastestCpuMs }: Timing, digits: number): string =>
      `${name} ${medianCpuMs.toFixed(digits)} ms (fastest ${fastestCpuMs.toFixed(digits)})`;
    say(
      [
        `${method}: ${format('update', row.updateOf20Agents, 2)} (promised for lad-ts: 4)`,
        format('slot', row.slotDecisions, 2),
        `${format('decision', row.oneDecision, 3)} (promised: 0.1)`,
        `${format('episode', row.episode, 0)} (promised for lad-ts: 450)`,
      ].join(', '),
    );
  }
  return rows;
}

async function timeGraph(graph: Graph, runsPerBatch: number): Promise<Timing> {
  const session = await open(graph);
  const random = createRandom(1);
  const inputs = Object.fromEntries(
    Object.entries(session.inputShapes).map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, Float32Array.from({ length }, () => random.nextFloat())];
    }),
  );
  const timing = await time(async () => {
    for (let run = 0; run < runsPerBatch; run++) await session.run(inputs);
  }, runsPerBatch);
  await session.close();
  return timing;
}

async function timeEpisodes(method: LearningMethod): Promise<Timing> {
  const environment = createEnvironment(PRESETS.reference, 1);
  const run = await createLearningRun({ method, settings: paperTrainingSettings(method), environment, seed: 1, openGraph: open });
  let episode = 0;
  const runNext = async (): Promise<void> => {
    const arrivals = environment.makeArrivals(episode);
    await run.trainEpisode(arrivals, createRandom(episode));
    episode++;
  };
  while (episode < WARM_UP_EPISODES) await runNext();
  return time(runNext, 1);
}

const open = (graph: Graph) => openInferenceSession(writeOnnx(graph, { name: 'bench', producerVersion: '0', metadata: {} }));

/** One batch to warm up, then the CPU milliseconds of a run in each of BATCHES batches. */
async function time(runBatch: () => Promise<void>, runsPerBatch: number): Promise<Timing> {
  await runBatch();
  const cpuMs: number[] = [];
  for (let batch = 0; batch < BATCHES; batch++) {
    const before = process.cpuUsage();
    await runBatch();
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1000 / runsPerBatch);
  }
  cpuMs.sort((a, b) => a - b);
  return { medianCpuMs: cpuMs[Math.floor(BATCHES / 2)]!, fastestCpuMs: cpuMs[0]! };
}
