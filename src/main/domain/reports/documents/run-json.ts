import { serviceOf } from '../../../../shared/service.js';
import { nameNodes, type RunReportData } from './report-data.js';

/** Grows with every change that a reader of the document would notice. */
const SCHEMA_VERSION = 2;

/** The whole run as one document: specification, hash, nodes, figures, tasks. */
export function buildRunJson(data: RunReportData): string {
  const { run, nodes, tasks, timelines } = data;
  const nameOf = nameNodes(nodes);
  const document = {
    schemaVersion: SCHEMA_VERSION,
    kind: 'dedgeai-run',
    units:
      'Fields named ...Ms and ...Sec are model time (real time x timeScale); ...AtMs are wall-clock epoch milliseconds; hostDelayMs is real milliseconds.',
    programVersion: data.programVersion,
    service: serviceOf(run.spec),
    run,
    nodes,
    utilisation: timelines.map(({ nodeId, nodeName, executed, busyMs, utilization }) => ({
      nodeId,
      nodeName,
      executed,
      busyMs,
      utilisation: utilization,
    })),
    tasks: tasks.map((task) => ({
      ...task,
      baseStationName: nameOf(task.baseStationId),
      edgeServerName: nameOf(task.edgeServerId),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
