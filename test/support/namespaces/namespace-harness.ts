// The program's own core and nodes that are whole machines to it: namespaces with addresses of their own, reached by SSH on port 22, whose agents
// all listen on the same real port. Linux, and a user who may make namespaces and mount.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importDatasetInput, type RunSpecInput, startRunInput } from '../../../src/shared/api/inputs.js';
import type { RunLive } from '../../../src/shared/run.js';
import type { Testbed, TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../find-tools.js';
import { openProvisioningServices, type ProvisioningBenchOptions } from '../provisioning-services.js';
import { type NamespacedNode, type NamespacedNodeOptions, startNamespacedNode } from './namespaced-node.js';
import { makeNodesDir, removeLeftovers } from './nodes-dir.js';
import { NodeNetwork } from './node-network.js';

export type NamespaceHarness = Awaited<ReturnType<typeof openNamespaceHarness>>;

export interface NamespaceHarnessOptions {
  bundlePath: string;
  nodes: readonly NamespacedNodeOptions[];
  /** Model seconds per real second; 50 when absent. */
  timeScale?: number;
  /** Nodes that let in with the account's password alone, as they come out of their box. */
  takesPasswordsOnly?: boolean;
  services?: Partial<ProvisioningBenchOptions>;
}

const TOOLS = ['ip', 'unshare', 'nsenter', 'mount', 'setpriv', 'useradd', 'chpasswd'];
/** All that a node takes, in namespaces that end with the command. */
const TRY_OUT = 'mount -t tmpfs none /run && hostname dedgeai-try && ip link add name a type veth peer name b';
/** For what never comes. */
const RUN_LIMIT_MS = 200_000;
let reason: string | null | undefined;

/** Why there can be no such nodes here, in words; null when there can. */
export function whyNoNamespaces(): string | null {
  reason ??= findReason();
  return reason === '' ? null : reason;
}

function findReason(): string {
  if (process.platform !== 'linux') return 'network namespaces are Linux only';
  if (process.getuid?.() !== 0) return 'nodes in namespaces need root';
  if (findSshd() === null) return 'there is no sshd';
  try {
    execFileSync('/bin/sh', ['-c', `for tool in ${TOOLS.join(' ')}; do command -v "$tool" || exit 1; done`], { stdio: 'ignore' });
  } catch {
    return `not all of ${TOOLS.join(', ')} are installed (iproute2, util-linux, passwd)`;
  }
  try {
    const name = `dedge${process.pid}-t`;
    execFileSync('unshare', ['--net', '--mount', '--uts', '--ipc', '--pid', '--fork', '--mount-proc', '/bin/sh', '-c', TRY_OUT], {
      stdio: 'ignore',
    });
    execFileSync('/bin/sh', ['-c', `ip link add name ${name} type veth peer name ${name}p && ip link del ${name}`], { stdio: 'ignore' });
    return '';
  } catch {
    return 'this machine allows no namespaces with mounts and networks of their own';
  }
}

/** The nodes are named `orin-1` and on; nothing is on them yet. The caller closes it. */
export async function openNamespaceHarness(options: NamespaceHarnessOptions) {
  removeLeftovers();
  const dir = makeNodesDir();
  const undo: (() => Promise<unknown>)[] = [() => Promise.resolve(rmSync(dir, { recursive: true, force: true }))];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const network = await NodeNetwork.open();
    undo.push(() => network.close());
    const services = await openProvisioningServices({ hostEntryPath: '/nonexistent', bundlePath: options.bundlePath, ...options.services });
    undo.push(() => services.remove());
    // 4.8 s of the model's time for the health image pass in a fiftieth of it.
    const record = {
      id: 'testbed-lab',
      name: 'Lab',
      kind: 'real',
      timeScale: options.timeScale ?? 50,
      createdAtMs: services.nowMs(),
    } as const;
    services.testbeds.insertTestbed(record);
    const testbed: Testbed = services.service.get(record.id);
    const machines: NamespacedNode[] = [];
    const nodes: TestbedNode[] = [];
    for (const [index, node] of options.nodes.entries()) {
      const name = `orin-${index + 1}`;
      const machine = await startNamespacedNode({
        ...node,
        name,
        dir: join(dir, name),
        sshd: findSshd() ?? '',
        network,
        ...(options.takesPasswordsOnly ? {} : { authorizedKey: services.programKey.publicKeyLine }),
      });
      undo.push(() => machine.powerOff());
      machines.push(machine);
      nodes.push(services.service.addNode({ testbedId: testbed.id, name, host: machine.address, user: machine.user }));
    }
    return {
      services,
      testbed,
      machines,
      nodes,
      provision: async (more: { nodeIds?: string[]; setsClock?: boolean } = {}) =>
        services.finished(services.provisioning.start({ testbedId: testbed.id, acceptNewHostKeys: true, ...more })),
      plan: () => services.provisioning.plan({ testbedId: testbed.id }, new AbortController().signal),
      /** Trusts the keys that the nodes show now, as a user who has compared them. */
      trustHostKeys: async (): Promise<void> => {
        // A look at the nodes is what asks for the keys.
        await services.provisioning.plan({ testbedId: testbed.id }, new AbortController().signal);
        for (const { nodeId, fingerprint } of services.hostKeys.listQuestions(testbed.id))
          services.hostKeys.answer({ nodeId, fingerprint, replace: false });
      },
      /** Resolves with the first live state that fits, or the run's last. */
      runUntil: async (runId: string, fits: (live: RunLive) => boolean): Promise<RunLive> => {
        let last: RunLive | null = null;
        for await (const live of services.core.services.runs.watch(runId, AbortSignal.timeout(RUN_LIMIT_MS))) {
          last = live;
          if (fits(live)) break;
        }
        if (!last) throw new Error(`Run ${runId} was never seen`);
        return last;
      },
      /** A run of so many captions over the nodes. */
      startRun: async (taskCount: number, change: Partial<RunSpecInput> = {}) => {
        const captions = Array.from({ length: taskCount }, (_, index) => `A dog number ${index} runs along the beach .`).join('\n');
        const path = join(dir, 'captions.txt');
        writeFileSync(path, captions);
        const dataset = await services.core.services.datasets.import(importDatasetInput.parse({ source: { kind: 'path', path } }));
        const spec = { testbedId: testbed.id, datasetId: dataset.id, taskCount, scheduler: 'round-robin', allowOverload: true, ...change };
        return services.core.services.runs.start(startRunInput.parse(spec));
      },
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
