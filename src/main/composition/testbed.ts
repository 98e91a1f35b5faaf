// Testbeds and what is done to their nodes: provisioned, read, watched and measured.
import { join } from 'node:path';
import type { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { CalibrationService } from '../domain/nodes/calibration/calibration-service.js';
import { ClockKeeper } from '../domain/nodes/clocks/clock-keeper.js';
import { readAgentBundle } from '../domain/nodes/provisioning/agent-bundle.js';
import { FactsService } from '../domain/nodes/facts/facts-service.js';
import { NodeRuntimes } from '../domain/nodes/provisioning/node-runtimes.js';
import { ProvisioningService } from '../domain/nodes/provisioning/provisioning-service.js';
import { loadProgramKey } from '../adapters/secrets/program-key.js';
import type { StoredModel } from '../adapters/storage/model-repository.js';
import { TelemetryService } from '../domain/nodes/telemetry/telemetry-service.js';
import { TestbedService } from '../domain/nodes/testbed/testbed-service.js';
import { TestbedSettings } from '../domain/nodes/testbed/testbed-settings.js';
import { VirtualNodes } from '../domain/nodes/testbed/virtual-nodes.js';
import { VirtualTestbedHost } from '../programs/virtual-nodes/virtual-testbed-host.js';
import { measuredBytes } from '../../shared/model-need.js';
import type { DescribeUse, CompositionContext } from './context.js';
import type { NodeAccess } from './node-access.js';

export interface TestbedServices {
  virtualNodes: VirtualNodes;
  testbeds: TestbedService;
  testbedSettings: TestbedSettings;
  provisioning: ProvisioningService;
  facts: FactsService;
  telemetry: TelemetryService;
  calibrations: CalibrationService;
  clocks: ClockKeeper;
}

export interface TestbedSurroundings {
  monitor: AgentMonitor;
  /** Asked only after everything has been built. */
  describeUse: DescribeUse;
  /** The same without a series that is between two runs, for what may be done there. */
  describeWork: DescribeUse;
  /** What has the testbed now and keeps the nodes that it started with. */
  describeRunning: DescribeUse;
  isBehindWindow: boolean;
  /** Whether virtual nodes are up while this program runs. */
  areNodesUp: boolean;
}

export function composeTestbed(
  context: CompositionContext,
  access: NodeAccess,
  { monitor, describeUse, describeWork, describeRunning, isBehindWindow, areNodesUp }: TestbedSurroundings,
): TestbedServices {
  const { dataDir, paths, storage, secretFiles, changes, jobs, recordEvent, nowMs, log, overrides } = context;
  const { identities, credentials, connector } = access;
  const virtualNodes = new VirtualNodes({
    createHost: (listeners) =>
      new VirtualTestbedHost({
        entryPath: paths.virtualTestbedHostPath,
        nodesDir: join(dataDir, 'virtual-nodes'),
        isBehindWindow,
        authorizedKey: () => loadProgramKey(secretFiles).publicKeyLine,
        log,
        ...listeners,
      }),
    testbeds: storage.testbeds,
    hostKeys: storage.hostKeys,
    areUp: areNodesUp,
    changes,
    nowMs,
    onProblem: (message) => recordEvent({ kind: 'virtual-node-problem', subjectId: null, message }),
  });
  const testbeds = new TestbedService({
    testbeds: storage.testbeds,
    virtualNodes,
    identities,
    live: monitor,
    untilRosterTaken: (testbedId, signal) => monitor.untilRosterTaken(testbedId, signal),
    sshConfig: access.sshConfig,
    forgetSecrets: (nodeId) => credentials.forgetNode(nodeId),
    changes,
    describeUse,
    recordEvent,
    nowMs,
  });
  const facts = new FactsService({
    testbeds: storage.testbeds,
    factsHistory: storage.factsHistory,
    connector,
    changes,
    describeUse: describeWork,
    recordEvent,
    nowMs,
  });
  const calibrations = new CalibrationService({
    testbeds: storage.testbeds,
    identities,
    describeUse,
    changes,
    jobs,
    nowMs,
    recordEvent,
    log,
  });
  return {
    virtualNodes,
    testbeds,
    testbedSettings: new TestbedSettings({ testbeds: storage.testbeds, describeRunning, changes, recordEvent }),
    provisioning: composeProvisioning(context, access, describeUse),
    facts,
    telemetry: new TelemetryService({ getNode: (nodeId) => storage.testbeds.getNode(nodeId), connector, nowMs }),
    calibrations,
    clocks: new ClockKeeper({
      testbeds: storage.testbeds,
      connector,
      describeUse,
      recordEvent,
      log,
      nowMs,
      ...overrides.clocks,
    }),
  };
}

function composeProvisioning(context: CompositionContext, access: NodeAccess, describeUse: DescribeUse): ProvisioningService {
  const { dataDir, paths, storage, changes, jobs, recordEvent, nowMs, log, overrides } = context;
  const findModel = (modelId: string): StoredModel | null => (overrides.models ?? storage.models).get(modelId) ?? null;
  return new ProvisioningService({
    jobs,
    runs: storage.provisioning,
    testbeds: storage.testbeds,
    desiredStates: storage.desiredStates,
    hasModel: (modelId) => findModel(modelId) !== null && !storage.historyMarks.isInBin({ kind: 'model', id: modelId }),
    describeUse,
    factsHistory: storage.factsHistory,
    tools: {
      connector: access.connector,
      identities: access.identities,
      listNodeIds: (testbedId) => storage.testbeds.getTestbed(testbedId)?.nodes.map(({ id }) => id) ?? [],
      loadBundle: () => readAgentBundle(paths.agentBundlePath),
      runtimes: new NodeRuntimes({
        programDir: paths.programDir,
        shippedDir: join(paths.resourcesDir, 'runtimes'),
        cacheDir: join(dataDir, 'runtimes'),
        pinsPath: join(paths.resourcesDir, 'runtimes.json'),
      }),
      unitTemplatesDir: overrides.unitTemplatesDir ?? join(paths.resourcesDir, 'systemd'),
      models: {
        find: findModel,
        measuredBytes: (modelId, nodeId) => measuredBytes(storage.memory.list(), nodeId, modelId),
        push: (push) => access.pusher.push(push),
      },
      worker: {
        filesDir: join(paths.resourcesDir, 'worker'),
        settingsDir: join(dataDir, 'worker-config'),
        wheelsDir: join(dataDir, 'wheels'),
      },
      secrets: overrides.sudoPassword ? { sudoPassword: overrides.sudoPassword } : access.loginSecrets,
      nowMs,
      log,
    },
    changes,
    recordEvent,
  });
}
