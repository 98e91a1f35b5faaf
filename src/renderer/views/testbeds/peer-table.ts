// Who reaches whom as rows of a table; pure.
import { PEER_ANSWER_TITLES, type PeerAnswer, type PeerReach } from '../../../shared/peer-reach.js';
import type { Status, StatusTone } from '../../components/status.js';

/** More fit no screen: then only the rows and problems that matter are shown. */
export const MAX_NODES_IN_TABLE = 20;

export interface PeerCell extends Status {
  /** Why it was not tried, for the pointer. */
  title: string | undefined;
}

export interface PeerRow {
  /** Null for this computer. */
  fromId: string | null;
  /** In the order of the nodes; null for the node itself and for what was left out. */
  cells: (PeerCell | null)[];
}

const TONES: Record<PeerAnswer, StatusTone> = {
  reached: 'ok',
  refused: 'danger',
  silent: 'danger',
  'no-route': 'danger',
  'no-name': 'danger',
  failed: 'danger',
  'not-tried': 'idle',
};

/** All rows in a lab; of more nodes those that do not reach all others. */
export function listPeerRows({ nodes, tries }: PeerReach): PeerRow[] {
  const found = new Map(tries.map((one) => [`${one.fromId ?? ''}>${one.toId}`, one]));
  const rows = [null, ...nodes.map(({ nodeId }) => nodeId)].map((fromId): PeerRow => {
    const cells = nodes.map(({ nodeId }): PeerCell | null => {
      const one = found.get(`${fromId ?? ''}>${nodeId}`);
      return one ? { tone: TONES[one.answer], label: PEER_ANSWER_TITLES[one.answer], title: one.why ?? undefined } : null;
    });
    return { fromId, cells };
  });
  return nodes.length <= MAX_NODES_IN_TABLE ? rows : rows.filter(({ cells }) => cells.some((cell) => cell !== null && cell.tone !== 'ok'));
}

export function reachStatus({ tries }: PeerReach): Status {
  const isTried = ({ answer }: { answer: PeerAnswer }): boolean => answer !== 'not-tried';
  const closed = tries.filter((one) => isTried(one) && one.answer !== 'reached').length;
  if (closed > 0) return { tone: 'danger', label: `${closed} not reached` };
  if (!tries.some(isTried)) return { tone: 'idle', label: 'Not tried' };
  return tries.every(isTried) ? { tone: 'ok', label: 'All reached' } : { tone: 'warning', label: 'All that were tried reached' };
}
