// The output of all nodes as one log, by time, and what of it is looked for. Its texts are the nodes' own: shown, never obeyed. Pure.
import { withoutOverrides } from '../../../shared/foreign-text.js';
import type { NodeProvision, ProvisionLine, ProvisionStepName } from '../../../shared/provisioning.js';

export interface LogLine extends ProvisionLine {
  /** Unique in a log, and the same when more lines come. */
  key: string;
  nodeId: string;
  nodeName: string;
  isError: boolean;
}

type LogNode = Pick<NodeProvision, 'nodeId' | 'nodeName' | 'steps' | 'output'>;

/** Lines without an instant, of versions before, stand before all others of their node. */
export function mergeLog(nodes: readonly LogNode[], nodeId: string | null): LogLine[] {
  const lines = nodes.filter((node) => nodeId === null || node.nodeId === nodeId).flatMap((node) => [...linesOf(node), ...errorsOf(node)]);
  // Stable: lines of one instant stay in their order.
  return lines.sort((left, right) => (left.atMs ?? 0) - (right.atMs ?? 0));
}

function linesOf({ nodeId, nodeName, output }: LogNode): LogLine[] {
  // The oldest lines of a node go as new ones come: counted from the end of time, a line keeps its key by its instant and place in it.
  let lastAtMs: number | null = null;
  let place = 0;
  return output.map((line) => {
    place = line.atMs === lastAtMs ? place + 1 : 0;
    lastAtMs = line.atMs;
    return { ...line, text: withoutOverrides(line.text), key: `${nodeId} ${line.atMs ?? 0} ${place}`, nodeId, nodeName, isError: false };
  });
}

function errorsOf({ nodeId, nodeName, steps }: LogNode): LogLine[] {
  return steps.flatMap(({ name, error, finishedAtMs }) =>
    error && error.code !== 'cancelled'
      ? [
          {
            atMs: finishedAtMs,
            step: name,
            text: withoutOverrides(error.message),
            key: `${nodeId} error ${name}`,
            nodeId,
            nodeName,
            isError: true,
          },
        ]
      : [],
  );
}

/** Indexes of the lines in which all words occur, in any order and case; none without a word. */
export function findLines(lines: readonly LogLine[], search: string): number[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return [];
  return lines.flatMap((line, index) => {
    const text = `${line.nodeName} ${line.step ?? ''} ${line.text}`.toLowerCase();
    return words.every((word) => text.includes(word)) ? [index] : [];
  });
}

/** Where the lines of a node's step start; the last line of the node before it where it printed none; null where it printed nothing. */
export function indexOfStep(lines: readonly LogLine[], nodeId: string, step: ProvisionStepName | null): number | null {
  const first = lines.findIndex((line) => line.nodeId === nodeId && line.step === step);
  if (first >= 0) return first;
  const any = lines.findLastIndex((line) => line.nodeId === nodeId);
  return any >= 0 ? any : null;
}

/** As text for a file or the clipboard, a line each. */
export function formatLog(lines: readonly LogLine[]): string {
  return lines
    .map(({ atMs, nodeName, step, text }) => [atMs === null ? '-' : new Date(atMs).toISOString(), nodeName, step ?? '-', text].join('\t'))
    .join('\n');
}
