// Learning on the job: what ties trainings, runs and agents together.
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { OnTheJobService } from '../domain/simulation/on-the-job/on-the-job-service.js';
import type { RunService } from '../domain/runs/run-service.js';
import type { SeriesService } from '../domain/series/series-service.js';
import { nodesInUse } from '../../shared/node-use.js';
import { timingOf } from '../../shared/testbed.js';
import type { CompositionContext } from './context.js';
import type { SimulationServices } from './simulation.js';
import type { TestbedServices } from './testbed.js';

/** Of a node and run; agents keep fewer. */
const MAX_LISTED = 4000;

export function composeOnTheJob(
  { storage, isOwner, recordEvent, nowMs, log }: CompositionContext,
  parts: {
    monitor: AgentMonitor;
    testbeds: TestbedServices['testbeds'];
    trainings: SimulationServices['trainings'];
    learnsAlone: boolean;
    /** They come later than this: runs ask it whether they keep anything. */
    later: () => { runs: RunService; series: SeriesService };
  },
): OnTheJobService {
  const { monitor, testbeds, trainings, learnsAlone, later } = parts;
  const service = new OnTheJobService({
    ...{ store: storage.learning, trainings, startsAlone: learnsAlone, nowMs, log },
    getTestbed: (id) => {
      const testbed = testbeds.get(id);
      const { name } = testbed;
      // What it has seen with other nodes is of no use to those of now.
      const nodes = nodesInUse(testbed);
      const timesOf = (node: (typeof nodes)[number]) => {
        const { timeModel, speedFactor } = timingOf(node);
        return { name: node.name, fixedSec: timeModel.fixedSec / speedFactor, secPerStep: timeModel.secPerStep / speedFactor };
      };
      return { id, name, nodes: nodes.map(timesOf) };
    },
    endedRun: async (id, signal) => {
      await later().runs.ended(id, signal);
      const run = storage.runs.getRun(id)!;
      return {
        ...{ id, testbedId: run.spec.testbedId, state: run.state, isOfSeries: run.series !== null, nodes: run.nodesSnapshot },
        measuresLearning: run.spec.learning !== undefined,
        isInOrder: run.spec.queueOrder === undefined,
      };
    },
    tasksOf: (runId) => storage.runs.listTasks(runId),
    listExperience: async (nodeId, runId, signal) => {
      const all: unknown[] = [];
      try {
        for (;;) {
          const more = (await monitor.connectedClient(nodeId)?.listExperience(runId, all.length, signal)) ?? [];
          if (more.length === 0 || all.length >= MAX_LISTED) return all;
          all.push(...more);
        }
      } catch (thrown) {
        // An agent of before keeps nothing, and one that is gone can't be asked.
        log.info('A node says nothing of its decisions', { nodeId, runId, reason: String(thrown) });
        return all;
      }
    },
    obstacleOn: (testbedId) => {
      const holder = later().series.holderOf(testbedId);
      if (holder) return `Series “${holder.name}” is in progress, and measures what it names.`;
      const open = later().runs.openRunOnTestbed(testbedId);
      return open ? `Run “${open.spec.name}” is in progress.` : null;
    },
    record: recordEvent,
  });
  if (isOwner) service.recover();
  return service;
}
