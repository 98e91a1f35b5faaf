// The path from unboxed nodes to Table V: told from what every other domain has on record.
import { CHECK_KINDS, checkOfEvent } from '../domain/nodes/provisioning/check-record.js';
import { PathService } from '../domain/path/path-service.js';
import type { Services } from '../api/services.js';
import type { CompositionContext } from './context.js';
import type { NodeAccess } from './node-access.js';

/** What the path is told from. */
export type PathSources = Pick<
  Services,
  'provisioning' | 'hostKeys' | 'models' | 'wheels' | 'datasets' | 'runs' | 'modelPushes' | 'comparison'
>;

/** `sources` is asked only after everything has been built. */
export function composePath(
  { storage, jobs, nowMs }: CompositionContext,
  { connector }: NodeAccess,
  sources: () => PathSources,
): PathService {
  return new PathService({
    listTestbeds: () => storage.testbeds.listTestbeds(),
    listDesired: (testbedId) => sources().provisioning.listDesired(testbedId),
    hostKeyAtMs: (node) => connector.hostKeyRecord(node)?.atMs ?? null,
    listQuestions: (testbedId) => sources().hostKeys.listQuestions(testbedId),
    lastChecks: () => {
      const events = storage.events.newestBySubject(CHECK_KINDS);
      return new Map(
        [...events].flatMap(([nodeId, event]) => {
          const check = checkOfEvent(event);
          return check ? [[nodeId, check] as const] : [];
        }),
      );
    },
    lastProvision: (nodeId) => storage.provisioning.lastOfNode(nodeId),
    listModels: () => sources().models.list(),
    listWheels: () => sources().wheels.list(),
    listDatasets: () => sources().datasets.list(),
    listRuns: () => sources().runs.list(),
    listPushes: () => sources().modelPushes.list(),
    listOpenJobs: () => jobs.list({ isOpen: true }),
    compare: (runIds) => sources().comparison.compare({ runIds, includeInvalid: false, cloudConcurrency: 1 }),
    nowMs,
  });
}
