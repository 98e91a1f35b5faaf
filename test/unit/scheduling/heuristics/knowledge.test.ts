import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../../../src/scheduling/environment/check-policy.js';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import type { AnyHeuristicRow, Decide, Heuristic } from '../../../../src/scheduling/heuristics/heuristic.js';
import { HEURISTIC_NAMES, HEURISTICS } from '../../../../src/scheduling/heuristics/heuristics.js';
import type {
  KnowledgeKind,
  KnownQueues,
  KnownReports,
  KnownServers,
  KnownSpeeds,
} from '../../../../src/scheduling/heuristics/knowledge.js';
import { scheduleByHeuristic } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { checkLocality } from '../../../../src/scheduling/policies/simulator/check-locality.js';
import { simulateHeuristic } from '../../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom } from '../../../../src/random/random.js';
import { handArrivals, handEnvironment, smallConfig } from '../environment/small-environment.js';

const small = createEnvironment(smallConfig(), 3);
const words = { title: 'Probe', sentence: 'Probes.' };

/** A row of a kind whose heuristic shows what it is handed, and keeps all tasks at home. */
function probeRow(knows: KnowledgeKind, see: (station: KnownServers) => void): AnyHeuristicRow {
  const create = () => (station: KnownServers, place: (task: number, server: number) => void) => {
    see(station);
    for (let task = 0; task < station.taskCount; task++) place(task, station.local);
  };
  return { ...words, knows, create };
}

async function runByHand(row: AnyHeuristicRow): Promise<number[]> {
  const policy = simulateHeuristic('probe', row);
  return [...(await runEpisode({ environment: handEnvironment, arrivals: handArrivals, policy, random: createRandom(1) })).choices];
}

const SERVERS = ['isReachable', 'local', 'reachable', 'serverCount', 'taskCount'];
const DELAYS = ['computeSec', 'delaySec', 'leastDelay', 'speeds', 'work'];
const MEMBERS: Record<KnowledgeKind, string[]> = {
  servers: SERVERS,
  speeds: [...SERVERS, 'speeds'],
  reports: [...SERVERS, ...DELAYS, 'expect'],
  queues: [...SERVERS, ...DELAYS],
  slot: [...SERVERS, ...DELAYS, 'slotWork'],
};

describe('what a heuristic is handed', () => {
  it.each(Object.keys(MEMBERS) as KnowledgeKind[])('in the simulator has the members of “%s” and no others', async (kind) => {
    const seen = new Set<string>();
    await runByHand(probeRow(kind, (station) => seen.add(Object.keys(station).sort().join())));
    expect([...seen]).toEqual([MEMBERS[kind].toSorted().join()]);
  });

  it.each(['servers', 'speeds', 'reports'] as const)('on a testbed has the members of “%s” and no others', (kind) => {
    let seen: string[] = [];
    const create: Heuristic<typeof kind> = () => (station, place) => {
      seen = Object.keys(station).sort();
      place(0, station.local);
    };
    const server = { fixedSec: 1, secPerStep: 1, backlogSec: 0, linkMbps: 100, isReachable: true };
    const row = { ...words, knows: kind, create } as Parameters<typeof scheduleByHeuristic>[1];
    scheduleByHeuristic('probe', row).decideBatch(
      [{ id: 'a', qualitySteps: 10, inputBits: 8 }],
      { selfIndex: 0, edgeServers: [server] },
      createRandom(1),
    );
    expect(seen).toEqual(MEMBERS[kind].toSorted());
  });

  it('fits its type only: what needs true queues or the whole slot cannot be a row that knows less', () => {
    const onQueues: Heuristic<'queues'> = () => (station: KnownQueues, place) => place(0, station.leastDelay(0, station.reachable));
    const onSlot: Heuristic<'slot'> = () => (station, place) => place(0, station.slotWork()[0]! > 1 ? 0 : 1);
    // @ts-expect-error speeds are not told to a heuristic that knows the servers only
    const speeds: Heuristic<'servers'> = () => (station: KnownSpeeds, place) => place(0, station.speeds[0]!);
    // @ts-expect-error nor are delays to one that knows the speeds
    const withSpeeds: AnyHeuristicRow = { ...words, knows: 'speeds', create: onQueues };
    // @ts-expect-error nor the tasks of all stations to one that knows the reports
    const withReports: AnyHeuristicRow = { ...words, knows: 'reports', create: onSlot };
    // @ts-expect-error nor to one that knows the true queues
    const withQueues: AnyHeuristicRow = { ...words, knows: 'queues', create: onSlot };
    // @ts-expect-error a testbed can't tell the true queues
    const onTestbed: Parameters<typeof scheduleByHeuristic>[1] = { ...words, knows: 'queues', create: onQueues };
    expect([speeds, withSpeeds, withReports, withQueues, onTestbed]).toHaveLength(5);
  });

  it("reaches no task of another station, whose numbers would lie behind its own, and no other station's link", async () => {
    const reaches: [string, (station: KnownReports) => number][] = [
      ['work', (station) => station.work(station.taskCount)],
      ['work before', (station) => station.work(-1)],
      ['delay', (station) => station.delaySec(station.taskCount, 0)],
      ['computation', (station) => station.computeSec(station.taskCount, 0)],
      ['least delay', (station) => station.leastDelay(station.taskCount, station.reachable)],
    ];
    for (const [what, reach] of reaches) {
      const create: Heuristic<'reports'> = () => (station, place) => place(0, reach(station));
      await expect(runByHand({ ...words, knows: 'reports', create }), what).rejects.toThrow(/There is no task -?\d+ in a batch of \d/);
    }
    const delays: number[] = [];
    const create: Heuristic<'reports'> = () => (station, place) => {
      delays.push(station.delaySec(0, station.serverCount), station.delaySec(0, -1));
      for (let task = 0; task < station.taskCount; task++) place(task, 0);
    };
    await runByHand({ ...words, knows: 'reports', create });
    expect(delays.every(Number.isNaN)).toBe(true);
  });

  it('reports do not grow by what a station places or another expects; true queues grow by all that is placed', async () => {
    const delaysOf = async (knows: 'reports' | 'queues'): Promise<number[]> => {
      const delays: number[] = [];
      const decide: Decide<KnownQueues> = (station, place) => {
        for (let task = 0; task < station.taskCount; task++) {
          delays.push(station.delaySec(0, 0));
          place(task, 0);
        }
      };
      await runByHand({ ...words, knows, create: () => decide });
      return delays.slice(0, 3);
    };
    // Task 0 of station 0, twice, then task 0 of station 1: 12 Gigacycles at 10 a second, then 20, and 0.3 + 0.2 s of transmission.
    expect((await delaysOf('reports')).map((sec) => sec.toFixed(3))).toEqual(['1.400', '1.400', '2.500']);
    expect((await delaysOf('queues')).map((sec) => sec.toFixed(3))).toEqual(['1.400', '2.600', '4.300']);
  });

  it('expectations of one batch are gone in the next', async () => {
    const delays: number[] = [];
    const create: Heuristic<'reports'> = () => (station, place) => {
      delays.push(station.delaySec(0, 0));
      for (let task = 0; task < station.taskCount; task++) place(task, 1);
      station.expect(0, 0, 100);
      if (station.local === 0) expect(station.delaySec(0, 0)).toBeGreaterThan(40);
    };
    await runByHand({ ...words, knows: 'reports', create });
    expect(delays.slice(0, 2).map((sec) => sec.toFixed(3))).toEqual(['1.400', '2.500']);
  });
});

describe('stations that know their own only', () => {
  it.each(HEURISTIC_NAMES)('%s decides by nothing that its row does not say', (name) => {
    expect(checkLocality(HEURISTICS[name], small)).toEqual([]);
  });

  it('are caught where they share a variable', async () => {
    // Made once for all stations: each leaves the size of its first task for the next.
    const leaky = (): AnyHeuristicRow => {
      let lastWork = 0;
      const create: Heuristic<'reports'> = () => (station, place) => {
        for (let task = 0; task < station.taskCount; task++) place(task, lastWork > 1.2 ? 0 : 1);
        lastWork = station.work(0);
      };
      return { ...words, knows: 'reports', create };
    };
    expect(await checkPolicy(() => simulateHeuristic('leaky', leaky()), small)).toEqual([]);
    expect(checkLocality(leaky(), small)).toEqual([expect.stringMatching(/^It sees other stations, though .*“reports”: station \d/)]);
  });

  it('are caught where one draws from what the others draw from', () => {
    const draws: (() => number)[] = [];
    const create: Heuristic<'reports'> = () => (station, place, random) => {
      draws[station.local] = () => random.nextFloat();
      const count = station.work(0) > 1.2 ? 2 : 1;
      for (let i = 0; i < count; i++) draws[0]!();
      for (let task = 0; task < station.taskCount; task++) place(task, draws[0]!() < 0.5 ? 0 : 1);
    };
    expect(checkLocality({ ...words, knows: 'reports', create }, small)).not.toEqual([]);
  });
});

describe('a simulated heuristic', () => {
  it.each([
    ['places a task twice', (place: (task: number, server: number) => void) => [place(0, 0), place(0, 1)], 'placed twice'],
    ['leaves a task out', () => [], 'left undecided'],
    ['names a server that is not there', (place: (task: number, server: number) => void) => [place(0, 2)], 'edge server 2 of 2'],
  ])('that %s is refused', async (_what, act, message) => {
    await expect(runByHand({ ...words, knows: 'servers', create: () => (_station, place) => void act(place) })).rejects.toThrow(message);
  });
});
