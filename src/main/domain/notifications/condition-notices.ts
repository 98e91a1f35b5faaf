// What needs a person for as long as it is so: a node that is lost in a live run, a changed host key, a full disk, a start that was missed. Pure.
import { formatBytes, formatPercent } from '../../../shared/format.js';
import type { Notice } from '../../../shared/notification.js';
import type { HostKeyQuestion } from '../../../shared/provisioning.js';

/** A node that does not answer, of a run that is under way. */
export interface LostNode {
  runId: string;
  runName: string;
  nodeId: string;
  nodeName: string;
  /** Real ms without a word from it. */
  lostMs: number;
  problem: string | null;
}

export interface AskedHostKey {
  question: HostKeyQuestion;
  nodeName: string;
  testbed: { id: string; name: string };
}

/** A run or series whose time has passed while no program was there to start it. */
export interface MissedStart {
  kind: 'run' | 'series';
  id: string;
  name: string;
  /** When it was to start, epoch ms. */
  atMs: number;
}

export interface DiskRoom {
  path: string;
  freeBytes: number;
  totalBytes: number;
}

export interface Conditions {
  lostNodes: readonly LostNode[];
  hostKeys: readonly AskedHostKey[];
  missedStarts: readonly MissedStart[];
  /** Null where the file system does not say. */
  disk: DiskRoom | null;
  /** Of all testbeds. */
  nodeIds: readonly string[];
  /** Of the host keys on record now. */
  trustedFingerprints: readonly string[];
}

/** Real ms: a node is back from most breaks of a connection before. */
export const LOST_AFTER_MS = 60_000;
const LOW_SHARE = 0.1;
/** Of a large disk a tenth is still room for a hundred thousand images. */
const LOW_BYTES = 50e9;
/** It is over only well above the limit, or every image would tip it. */
const OVER_FACTOR = 1.2;

export function listConditionNotices({ lostNodes, hostKeys, missedStarts, disk }: Conditions): Notice[] {
  return [
    ...lostNodes.filter(({ lostMs }) => lostMs >= LOST_AFTER_MS).map(noticeOfLostNode),
    ...hostKeys.filter(({ question }) => question.recordedFingerprint !== null).map(noticeOfHostKey),
    ...missedStarts.map(noticeOfMissedStart),
    ...(disk && isLow(disk, 1) ? [noticeOfDisk(disk)] : []),
  ];
}

/**
 * Whether what was said once is so no longer. `wasSeen`: whether it was so since the program was started; what no one has looked at since then,
 * as the key of a node that no one has connected to, counts as it was.
 */
export function isOver({ key, kind }: Pick<Notice, 'key' | 'kind'>, conditions: Conditions, wasSeen: boolean): boolean {
  const { lostNodes, hostKeys, missedStarts, disk, nodeIds, trustedFingerprints } = conditions;
  if (kind === 'node-lost') return !lostNodes.some((node) => keyOfLostNode(node) === key);
  if (kind === 'start-missed') return !missedStarts.some((missed) => keyOfMissedStart(missed) === key);
  if (kind === 'disk-low') return disk !== null && !isLow(disk, OVER_FACTOR);
  if (hostKeys.some((asked) => keyOfHostKey(asked) === key)) return false;
  const [, nodeId = '', ...fingerprint] = key.split(':');
  return wasSeen || !nodeIds.includes(nodeId) || trustedFingerprints.includes(fingerprint.join(':'));
}

function isLow({ freeBytes, totalBytes }: DiskRoom, factor: number): boolean {
  return freeBytes < factor * Math.min(LOW_SHARE * totalBytes, LOW_BYTES);
}

const DISK_KEY = 'disk-low';
const keyOfMissedStart = ({ id, atMs }: MissedStart): string => `start-missed:${id}:${atMs}`;
const keyOfHostKey = ({ question }: AskedHostKey): string => `host-key:${question.nodeId}:${question.fingerprint}`;
const keyOfLostNode = ({ runId, nodeId }: LostNode): string => `node-lost:${runId}:${nodeId}`;

function noticeOfLostNode(node: LostNode): Notice {
  const { runId, runName, nodeName, problem } = node;
  return {
    key: keyOfLostNode(node),
    kind: 'node-lost',
    subject: { kind: 'run', id: runId, name: runName },
    title: `Node “${nodeName}” is lost in run “${runName}”`,
    detail: problem ?? 'It has not answered for over a minute. Its tasks are re-sent to the other nodes.',
    workedMs: null,
  };
}

function noticeOfHostKey(asked: AskedHostKey): Notice {
  const { question, nodeName, testbed } = asked;
  const { fingerprint, host, port } = question;
  return {
    key: keyOfHostKey(asked),
    kind: 'host-key-changed',
    subject: { kind: 'testbed', ...testbed },
    title: `Node “${nodeName}” shows another host key`,
    detail: `${host}:${port} shows ${fingerprint}. Nothing is sent to it until you have compared the fingerprint and accepted the key.`,
    workedMs: null,
  };
}

function noticeOfMissedStart(missed: MissedStart): Notice {
  const { kind, id, name } = missed;
  return {
    key: keyOfMissedStart(missed),
    kind: 'start-missed',
    subject: { kind, id, name },
    title: `${kind === 'run' ? 'Run' : 'Series'} “${name}” was not started at its time`,
    detail: 'The program was not running then. Start it now, choose another time, or cancel it.',
    workedMs: null,
  };
}

function noticeOfDisk({ path, freeBytes, totalBytes }: DiskRoom): Notice {
  return {
    key: DISK_KEY,
    kind: 'disk-low',
    subject: { kind: 'data-folder', id: null, name: path },
    title: 'The disk of the data folder is almost full',
    detail: `${formatBytes(freeBytes)} are free (${formatPercent(freeBytes / totalBytes)}). Empty the bin, or move the data folder to a larger disk.`,
    workedMs: null,
  };
}
