import { describe, expect, it } from 'vitest';
import { linkWidthPx, listLinks, listMoves, listStops, moveStop, nameLink } from '../../../../src/renderer/views/testbeds/topology.js';
import type { RunFlow } from '../../../../src/shared/run.js';

const nodes = ['a', 'b', 'c'].map((id) => ({ id, name: `node-${id}` }));
function flow(change: Partial<RunFlow> = {}): RunFlow {
  return { links: [], results: [], running: [], out: [], perMinute: [], coveredMs: 60_000, ...change };
}
const result = (taskId: string, baseStationId: string, edgeServerId: string, atMs = 1) => ({
  ...{ taskId, ordinal: 0, baseStationId, edgeServerId, atMs },
});

describe('links', () => {
  it('are all pairs, with what the feed counts', () => {
    const links = listLinks(nodes, flow({ links: [{ baseStationId: 'a', edgeServerId: 'c', lastMinute: 4 }] }));
    expect(links).toHaveLength(9);
    expect(links.filter(({ lastMinute }) => lastMinute > 0)).toEqual([{ key: 'link 0 2', from: 0, to: 2, lastMinute: 4 }]);
  });

  it('say between which stations and servers, and how much came', () => {
    expect(nameLink({ key: '', from: 0, to: 2, lastMinute: 4 })).toBe('Base station 1 to edge server 3, 4 tasks in the last minute');
    expect(nameLink({ key: '', from: 1, to: 0, lastMinute: 1 })).toBe('Base station 2 to edge server 1, 1 task in the last minute');
    expect(nameLink({ key: '', from: 1, to: 0, lastMinute: 0 })).toBe('Base station 2 to edge server 1, no tasks in the last minute');
  });

  it('are wider the more tasks they have, and never too wide', () => {
    expect(linkWidthPx(0)).toBe(1);
    expect(linkWidthPx(1)).toBeGreaterThan(linkWidthPx(0));
    expect(linkWidthPx(10)).toBeGreaterThan(linkWidthPx(1));
    expect(linkWidthPx(1_000_000)).toBe(8);
  });
});

describe('the keyboard', () => {
  const stops = listStops(listLinks(nodes, undefined), 3);

  it('stays in a row with left, right, Home and End', () => {
    expect(moveStop('ArrowRight', 'station 0', stops)).toBe('station 1');
    expect(moveStop('ArrowLeft', 'station 0', stops)).toBe('station 0');
    expect(moveStop('End', 'link 0 1', stops)).toBe('link 2 2');
    expect(moveStop('Home', 'server 2', stops)).toBe('server 0');
  });

  it('goes down from a base station to its links and on to the edge server, and up again', () => {
    expect(moveStop('ArrowDown', 'station 1', stops)).toBe('link 1 0');
    expect(moveStop('ArrowDown', 'link 1 2', stops)).toBe('server 2');
    expect(moveStop('ArrowUp', 'link 1 2', stops)).toBe('station 1');
    expect(moveStop('ArrowUp', 'server 2', stops)).toBe('link 0 2');
    expect(moveStop('ArrowDown', 'server 2', stops)).toBe('server 2');
  });

  it('leaves other keys alone', () => {
    expect(moveStop('x', 'station 0', stops)).toBeNull();
  });

  it('reaches links without tasks only where there are few nodes', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ id: `n${index}`, name: `n${index}` }));
    const links = listLinks(many, flow({ links: [{ baseStationId: 'n3', edgeServerId: 'n5', lastMinute: 1 }] }));
    const few = listStops(links, many.length);
    expect(few.links).toEqual(['link 3 5']);
    expect(moveStop('ArrowDown', 'station 3', few)).toBe('link 3 5');
    expect(moveStop('ArrowDown', 'station 0', listStops(listLinks(many, undefined), many.length))).toBe('server 0');
  });
});

describe('what moves', () => {
  it('is nothing at the first look: no one saw it move', () => {
    expect(listMoves(nodes, undefined, flow({ results: [result('t', 'a', 'b')] }))).toEqual([]);
  });

  it('is a task that an edge server has started, and a result that has come', () => {
    const before = flow({
      results: [result('1', 'a', 'b')],
      running: [{ edgeServerId: 'b', baseStationId: 'a', taskId: '2', ordinal: 1 }],
    });
    const after = flow({
      results: [result('1', 'a', 'b'), result('2', 'a', 'b', 2)],
      running: [{ edgeServerId: 'b', baseStationId: 'c', taskId: '3', ordinal: 2 }],
    });
    expect(listMoves(nodes, before, after)).toEqual([
      { direction: 'down', from: 2, to: 1 },
      { direction: 'up', from: 0, to: 1 },
    ]);
    expect(listMoves(nodes, after, after)).toEqual([]);
  });

  it('is not drawn where a link has more than 30 tasks a second, nor of nodes that are gone', () => {
    const links = [{ baseStationId: 'a', edgeServerId: 'b', lastMinute: 1801 }];
    expect(listMoves(nodes, flow(), flow({ links, results: [result('1', 'a', 'b'), result('2', 'gone', 'b')] }))).toEqual([]);
  });
});
