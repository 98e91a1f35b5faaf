// Networks that are cut, in a namespace of the suite's own.
import { setTimeout as delay } from 'node:timers/promises';
import { listNodes, newestRun } from '../data-folder.js';
import { type Fault, hold, holdNamed } from '../fault.js';
import type { FaultHarness } from '../fault-harness.js';
import { PrivateNetwork, whyNoNetwork } from '../network.js';

async function openNetwork(harness: FaultHarness): Promise<PrivateNetwork> {
  const network = await PrivateNetwork.open();
  harness.afterwards(() => network.close());
  harness.prefix = network.prefix;
  return network;
}

/** A run under way in a network of its own. */
async function startRun(harness: FaultHarness, wish: { nodes: number; timeScale: number; taskCount: number; accepted: number }) {
  const network = await openNetwork(harness);
  await harness.prepare(wish);
  const program = harness.startRun(wish.taskCount);
  const runId = await harness.untilAccepted(wish.accepted);
  return { network, program, runId, nodes: listNodes(harness.dataDir) };
}

const hasRunEnded = (harness: FaultHarness): boolean => newestRun(harness.dataDir)?.state !== 'running';

const cutEverybody: Fault = {
  name: 'cut-everybody',
  isShort: true,
  copies: { short: 1, long: 4 },
  whyNot: whyNoNetwork,
  async inject(harness) {
    const taskCount = harness.isLong ? 240 : 120;
    const { network, program, runId, nodes } = await startRun(harness, { nodes: 3, timeScale: 40, taskCount, accepted: 5 });
    network.cut(
      nodes.map(({ port }) => port),
      'both',
    );
    // Longer than the ten seconds after which a lease ends: the length is the fault.
    await delay(harness.isLong ? harness.random.nextInt(11_000, 40_000) : 13_000);
    hold(!hasRunEnded(harness), 'The run ended though no one could reach anyone');
    network.heal();
    await harness.end(program, { status: 0 });
    const { validity } = await harness.holdAll(runId, taskCount);
    hold(/could be reached|was lost/.test(validity.reasons.join(' ')), `The run does not report of the cut: ${validity.reasons.join(' ')}`);
  },
};

const oneWayCut: Fault = {
  name: 'one-way-cut',
  isShort: true,
  copies: { short: 1, long: 3 },
  whyNot: whyNoNetwork,
  async inject(harness) {
    const { network, program, runId, nodes } = await startRun(harness, { nodes: 3, timeScale: 40, taskCount: 90, accepted: 5 });
    const cut = nodes[harness.random.nextInt(0, nodes.length - 1)];
    hold(cut !== undefined, 'There is no node');
    // A firewall: nothing gets in, the node's own calls go out. It is never taken away.
    network.cut([cut.port], 'inwards');
    await harness.end(program, { status: 0 });
    holdNamed(await harness.holdAll(runId, 90), cut);
  },
};

const linkFlaps: Fault = {
  name: 'link-flaps',
  isShort: false,
  copies: { short: 1, long: 2 },
  whyNot: whyNoNetwork,
  async inject(harness) {
    const { network, program, runId, nodes } = await startRun(harness, { nodes: 3, timeScale: 20, taskCount: 120, accepted: 3 });
    const flapping = nodes[harness.random.nextInt(0, nodes.length - 1)];
    for (let flap = 0; flap < 20 && flapping && !hasRunEnded(harness); flap++) {
      network.cut([flapping.port], 'both');
      await delay(1_000);
      network.heal();
      await delay(1_000);
    }
    await harness.end(program, { status: 0 });
    await harness.holdAll(runId, 120);
  },
};

/** Two nodes that can't reach each other, in turn; the program reaches both. Blocked by port, each hears the other's calls no more than its own. */
const changingCuts: Fault = {
  name: 'changing-cuts',
  isShort: false,
  copies: { short: 1, long: 3 },
  whyNot: whyNoNetwork,
  async inject(harness) {
    const { network, program, runId, nodes } = await startRun(harness, { nodes: 4, timeScale: 20, taskCount: 200, accepted: 3 });
    while (!hasRunEnded(harness)) {
      const some = nodes.filter(() => harness.random.nextFloat() < 0.4);
      const directions = harness.random.nextFloat() < 0.5 ? 'inwards' : 'both';
      harness.note(`cut ${directions}: ${some.map(({ name }) => name).join(', ')}`);
      network.cut(
        some.map(({ port }) => port),
        directions,
      );
      await delay(harness.random.nextInt(500, 14_000));
      network.heal();
      await delay(harness.random.nextInt(500, 4_000));
    }
    await harness.end(program, { status: 0 });
    await harness.holdAll(runId, 200);
  },
};

export const networkFaults: readonly Fault[] = [cutEverybody, oneWayCut, linkFlaps, changingCuts];
