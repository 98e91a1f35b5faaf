// The nodes of a testbed as base stations above and edge servers below, with the links between them: where each is drawn, what it is called,
// and where the keyboard goes. Every node is both. Pure.
import { formatQuantity } from '../../../shared/format.js';
import type { RunFlow } from '../../../shared/run.js';

export interface TopologyNode {
  id: string;
  name: string;
}

export interface TopologyLink {
  key: string;
  from: number;
  to: number;
  lastMinute: number;
}

/** More nodes than this are a heat grid. */
export const MAX_MAP_NODES = 16;
/** With more than this, links without tasks are drawn but can't be walked to: there are hundreds of them. */
const MAX_ALL_LINKS = 8;

/** Horizontal middle of a node, as a share of the width, 0..1. */
export function middleOf(index: number, count: number): number {
  return (index + 0.5) / count;
}

export function linkKey(from: number, to: number): string {
  return `link ${from} ${to}`;
}

/** All links, from the first base station's on. */
export function listLinks(nodes: readonly TopologyNode[], flow: RunFlow | undefined): TopologyLink[] {
  const counts = new Map(flow?.links.map((link) => [`${link.baseStationId} ${link.edgeServerId}`, link.lastMinute]));
  return nodes.flatMap((station, from) =>
    nodes.map((server, to) => ({ key: linkKey(from, to), from, to, lastMinute: counts.get(`${station.id} ${server.id}`) ?? 0 })),
  );
}

/** `Base station 1 to edge server 3, 4 tasks in the last minute` */
export function nameLink({ from, to, lastMinute }: TopologyLink): string {
  return `Base station ${from + 1} to edge server ${to + 1}, ${lastMinute === 0 ? 'no tasks' : formatQuantity(lastMinute, 'task')} in the last minute`;
}

/** Stroke of a link by its tasks of the last minute, px: grows with the logarithm, so that one task is seen beside a thousand. */
export function linkWidthPx(lastMinute: number): number {
  return lastMinute === 0 ? 1 : Math.min(8, 1.5 + Math.log2(1 + lastMinute));
}

export interface TopologyStops {
  stations: string[];
  /** Those that the keyboard reaches, in their order. */
  links: string[];
  servers: string[];
}

export function listStops(links: readonly TopologyLink[], count: number): TopologyStops {
  const reached = count <= MAX_ALL_LINKS ? links : links.filter(({ lastMinute }) => lastMinute > 0);
  return {
    stations: Array.from({ length: count }, (_, index) => `station ${index}`),
    links: reached.map(({ key }) => key),
    servers: Array.from({ length: count }, (_, index) => `server ${index}`),
  };
}

/** Where a key leads from a stop; null for keys that do not move. Left and right stay in a row; up and down change between the three rows. */
export function moveStop(key: string, current: string, stops: TopologyStops): string | null {
  const rows = [stops.stations, stops.links, stops.servers].filter((row) => row.length > 0);
  const rowIndex = rows.findIndex((row) => row.includes(current));
  const row = rows[rowIndex];
  if (!row) return rows[0]?.[0] ?? null;
  const at = row.indexOf(current);
  switch (key) {
    case 'ArrowRight':
      return row[Math.min(row.length - 1, at + 1)] ?? null;
    case 'ArrowLeft':
      return row[Math.max(0, at - 1)] ?? null;
    case 'Home':
      return row[0] ?? null;
    case 'End':
      return row.at(-1) ?? null;
    case 'ArrowDown':
    case 'ArrowUp': {
      const next = rows[rowIndex + (key === 'ArrowDown' ? 1 : -1)];
      return next ? nearest(current, next) : current;
    }
    default:
      return null;
  }
}

/** Down from a base station: its first link; from a link: its edge server. Up likewise. */
function nearest(current: string, row: readonly string[]): string | null {
  const [kind, first, second] = current.split(' ');
  const target = row[0]?.split(' ')[0];
  if (kind === 'link') return row.find((stop) => stop === `${target} ${target === 'server' ? second : first}`) ?? row[0] ?? null;
  if (target === 'link') {
    return row.find((stop) => stop.split(' ')[kind === 'station' ? 1 : 2] === first) ?? row[0] ?? null;
  }
  return row.find((stop) => stop.split(' ')[1] === first) ?? row[0] ?? null;
}

export interface Move {
  /** `down`: an edge server has started a base station's task. `up`: its result was accepted. */
  direction: 'down' | 'up';
  from: number;
  to: number;
}

/** Tasks per second and link above which dots say nothing: then width and number do. */
const MAX_DOTS_PER_SEC = 30;

/** What has moved between two looks, as the feed says; nothing at the first look. */
export function listMoves(nodes: readonly TopologyNode[], before: RunFlow | undefined, after: RunFlow | undefined): Move[] {
  if (!before || !after) return [];
  const index = new Map(nodes.map(({ id }, position) => [id, position]));
  const isCrowded = new Set(
    after.links.filter(({ lastMinute }) => lastMinute > 60 * MAX_DOTS_PER_SEC).map((link) => `${link.baseStationId} ${link.edgeServerId}`),
  );
  const move = (direction: Move['direction'], stationId: string, serverId: string): Move[] => {
    const [from, to] = [index.get(stationId), index.get(serverId)];
    return from === undefined || to === undefined || isCrowded.has(`${stationId} ${serverId}`) ? [] : [{ direction, from, to }];
  };
  const known = new Set(before.results.map(({ taskId, atMs }) => `${taskId} ${atMs}`));
  const wasRunning = new Set(before.running.map(({ edgeServerId, taskId }) => `${edgeServerId} ${taskId}`));
  return [
    ...after.running
      .filter(({ edgeServerId, taskId }) => !wasRunning.has(`${edgeServerId} ${taskId}`))
      .flatMap(({ baseStationId, edgeServerId }) => move('down', baseStationId, edgeServerId)),
    ...after.results
      .filter(({ taskId, atMs }) => !known.has(`${taskId} ${atMs}`))
      .flatMap(({ baseStationId, edgeServerId }) => move('up', baseStationId, edgeServerId)),
  ];
}
