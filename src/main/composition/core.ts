// The composition root: builds every service of the program once, and takes them down again. All three shells use it and nothing else.
// What belongs to one domain is built in composition/; here stands what ties the domains together.
import { join } from 'node:path';
import type { AppInfo } from '../../shared/api/app-info.js';
import { isProblemKind } from '../../shared/event-kind.js';
import { JOB_KINDS, type JobKind } from '../../shared/job.js';
import type { CoreEndpoint, SystemProtection } from '../../shared/core-process-messages.js';
import { AgentMonitor } from '../adapters/agents/agent-monitor.js';
import { composeApp } from './app.js';
import { composeArchives } from './archives.js';
import { composeDataCare } from './data-care.js';
import { composeDataTools } from './data-tools.js';
import type { DescribeUse, CompositionContext } from './context.js';
import { composeGallery } from './gallery.js';
import { composeHistory } from './history.js';
import { composeModels } from './models.js';
import { composeNodeAccess, type NodeAccess } from './node-access.js';
import { composeNotifications, type ComposedNotifications } from './notifications.js';
import { composePath } from './path.js';
import { composeRecords } from './records.js';
import { composeSimulation } from './simulation.js';
import { loadCrashPoints } from './load-crash-points.js';
import { composeTestbed } from './testbed.js';
import { untilNodesConnect } from './until-nodes-connect.js';
import type { CoreOverrides } from './overrides.js';
import { composeWorkload, type WorkloadServices } from './workload.js';
import { checkBeforeOpening } from '../domain/data-care/check-before-opening.js';
import type { DataTools } from '../domain/data-care/data-tools.js';
import { applyStagedRestore } from '../domain/data-care/staged-restore.js';
import { type InstanceLock, lockInstance } from '../adapters/storage/instance-lock.js';
import { limitHeapGrowth } from '../foundation/limit-heap-growth.js';
import { type OpenLog, openLog } from '../adapters/log/open-log.js';
import { Redactor } from '../adapters/log/redactor.js';
import { JobEngine } from '../domain/jobs/job-engine.js';
import { ChangeTopic } from '../foundation/live/change-topic.js';
import { newId } from '../foundation/new-id.js';
import { keepPrivate, withPrivateFiles } from '../foundation/private-files.js';
import { findProgramPaths } from '../foundation/program-paths.js';
import { PROGRAM_VERSION } from '../foundation/program-version.js';
import type { VirtualNodes } from '../domain/nodes/testbed/virtual-nodes.js';
import { NodeTrust } from '../domain/nodes/access/node-trust.js';
import type { AskSecret } from '../domain/nodes/access/login-secrets.js';
import { SecretFiles } from '../adapters/secrets/secret-files.js';
import type { Services } from '../api/services.js';
import { settledWithin } from '../foundation/settled-within.js';
import { EventRecorder } from '../adapters/storage/event-recorder.js';
import { openStorage, type Storage } from '../adapters/storage/open-storage.js';
import { steadyNowMs } from '../domain/runs/run-clock.js';

export interface CoreOptions {
  dataDir: string;
  shell: AppInfo['shell'];
  /** `exclusive` takes the data folder's lock; `read` leaves a running program alone and must change nothing. */
  access: 'read' | 'exclusive';
  /** What starts by itself: nothing; virtual nodes and connections to agents; or also the runs that were interrupted. */
  activity: 'none' | 'nodes' | 'runs';
  /** The system's key store, where the shell reaches one. */
  systemProtection?: SystemProtection;
  /** Asks the person at the terminal for a secret that is missing. */
  askSecret?: AskSecret;
  /** What a test puts in place of the program's surroundings; no shell has any. */
  overrides?: CoreOverrides;
}

export interface Core {
  services: Services;
  /** Writes down where terminals reach this program; does nothing where it does not own the data. */
  announce(endpoint: CoreEndpoint): void;
  /** Resolves when the virtual nodes have booted (at once when `activity` is none). */
  booted: Promise<void>;
  /** Ends child processes and connections, leaves runs resumable, closes the database. */
  close(): Promise<void>;
}

/** Those whose connections end with the nodes'. */
const NODE_JOBS: readonly JobKind[] = ['provisioning', 'calibration'];
/** Real ms that a node which does not answer may hold up the end of the program. */
const NODE_WORK_CLOSE_MS = 1_000;

/** The core with what it is built of: for tests, which look behind the services. */
export interface CoreParts {
  core: Core;
  context: CompositionContext;
  access: NodeAccess;
  monitor: AgentMonitor;
  virtualNodes: VirtualNodes;
}

/** Builds the program over a data folder. Throws AppErrors of the lock and the database; then nothing is left open. */
export async function createCore(options: CoreOptions): Promise<Core> {
  return (await assembleCore(options)).core;
}

/** As `createCore`. */
export async function assembleCore(options: CoreOptions): Promise<CoreParts> {
  const { dataDir, overrides = {} } = options;
  // One that only answers a question ends before it has garbage to speak of.
  if (options.activity !== 'none') limitHeapGrowth();
  const isOwner = options.access === 'exclusive';
  const nowMs = (): number => Math.round(steadyNowMs());
  const paths = { ...findProgramPaths(), ...overrides.paths };
  const lock = isOwner && !overrides.isWithoutLock ? withPrivateFiles(() => lockInstance(dataDir, nowMs())) : null;
  if (lock) keepPrivate(dataDir);
  const redactor = new Redactor();
  const log = openLog({ dataDir, redactor, role: isOwner ? 'owner' : 'reader', shell: options.shell });
  const tools = composeDataTools(dataDir, log);
  const withCrashPoints = await loadCrashPoints(paths.crashPointsPath);
  const storage = await openStorageUnder({ lock, log }, { dataDir, nowMs, tools });
  let noticing: ComposedNotifications | null = null;
  try {
    log.info('The program starts', { version: PROGRAM_VERSION, node: process.version, platform: `${process.platform} ${process.arch}` });
    const events = new EventRecorder(storage.events);
    const context: CompositionContext = {
      dataDir,
      isOwner,
      paths,
      storage,
      log,
      jobs: new JobEngine({ store: storage.jobs, isOwner, newId, nowMs, log }),
      secretFiles: new SecretFiles(join(dataDir, 'secrets'), (secret) => redactor.remember(secret)),
      seenSecret: (secret) => redactor.remember(secret),
      changes: new ChangeTopic(),
      recordEvent(event) {
        log[isProblemKind(event.kind) ? 'warn' : 'info'](event.message, { event: event.kind, subjectId: event.subjectId });
        events.record({ ...event, atMs: nowMs() });
        noticing?.hear(event);
        overrides.onEvent?.(event);
      },
      nowMs,
      overrides,
    };
    const access = composeNodeAccess(context, {
      systemProtection: options.systemProtection ?? null,
      askSecret: options.askSecret ?? null,
    });
    const monitor = new AgentMonitor({
      log,
      listTestbeds: () => storage.testbeds.listTestbeds(),
      identityFor: (testbedId) => access.identities.controlCenter(testbedId),
      renewNodeCertificate: (testbedId, nodeId, shown) => access.identities.renewNodeCertificate(testbedId, nodeId, shown),
      idleHandler: {
        connected: () => Promise.resolve(),
        outcomes: (nodeId, outcomes) => workload.runs.dropStrayOutcomes(nodeId, outcomes),
      },
    });
    const describeWork: DescribeUse = (testbedId) => {
      if (overrides.describeUse) return overrides.describeUse(testbedId);
      const open = workload.runs.openRunOnTestbed(testbedId);
      if (open) return `run “${open.spec.name}” is not finished`;
      if (testbed.provisioning.isProvisioning(testbedId)) return 'it is being provisioned';
      return testbed.calibrations.isCalibrating(testbedId) ? 'it is being calibrated' : null;
    };
    // Between two runs of a series its nodes are not free; their facts are read then all the same.
    const describeUse: DescribeUse = (testbedId) => {
      const holder = workload.series.holderOf(testbedId);
      return describeWork(testbedId) ?? (holder ? `series “${holder.name}” is not finished` : null);
    };
    const describeRunning: DescribeUse = (testbedId) => {
      const open = workload.runs.openRunOnTestbed(testbedId);
      const holder = workload.series.holderOf(testbedId);
      return holder ? `series “${holder.name}”` : open && `run “${open.spec.name}”`;
    };
    const { virtualNodes, ...testbed } = composeTestbed(context, access, {
      monitor,
      describeUse,
      describeWork,
      describeRunning,
      isBehindWindow: options.shell === 'electron',
      areNodesUp: options.activity !== 'none',
    });
    const models = composeModels(context, access, { testbeds: testbed.testbeds, describeUse });
    const simulation = composeSimulation(context, testbed);
    const untilConnected = (testbedId: string): Promise<void> =>
      untilNodesConnect(testbedId, { booting, monitor, testbeds: testbed.testbeds });
    const workload: WorkloadServices = composeWorkload(context, {
      ...{ monitor, testbed, simulation, withCrashPoints, untilConnected },
      findObstacle: (sha256) => dataCare.obstacleToRemake(sha256),
      learnsAlone: options.activity === 'runs' && options.shell !== 'cli',
    });

    const archives = composeArchives(context, { workload, describeUse });
    const history = composeHistory(context, { workload, simulation, models, testbed });
    const gallery = composeGallery(context, history);
    const dataCare = composeDataCare(context, { tools, monitor, workload, describeUse, archives, imageExport: gallery.imageExport });

    noticing = composeNotifications(context, {
      monitor,
      hostKeys: access.hostKeys,
      workload,
      isAtWork: overrides.isNoticing ?? options.activity !== 'none',
    });
    const { notifications, close: stopNoticing } = noticing;

    const services: Services = {
      notifications,
      readiness: { untilConnected, reconnect: (nodeId) => monitor.reconnect(nodeId) },
      ...testbed,
      ...models,
      ...simulation,
      ...workload,
      ...history,
      ...gallery,
      log,
      jobs: context.jobs,
      dataCare,
      archives,
      records: composeRecords(context, { workload, simulation }),
      app: composeApp(context, {
        shell: options.shell,
        busy: { runs: workload.runs, series: workload.series, jobs: context.jobs },
        logPath: log.path,
        redactor,
        services: () => services,
      }),
      hostKeys: new NodeTrust({ hostKeys: access.hostKeys, testbeds: storage.testbeds, connector: access.connector }),
      path: composePath(context, access, () => services),
      credentials: access.credentials,
      authorizer: access.authorizer,
    };

    const unsubscribe = context.changes.subscribe(() => void monitor.sync());
    if (isOwner) testbed.provisioning.recoverInterrupted();
    if (options.activity === 'runs') {
      workload.runs.recover();
      // A command of the terminal does what it was asked for, and starts nothing else.
      if (options.shell !== 'cli') workload.series.recover();
      dataCare.startSchedule();
      testbed.clocks.start();
    }
    const booting = options.activity === 'none' ? Promise.resolve() : virtualNodes.startAll().then(() => monitor.sync());

    const core: Core = {
      services,
      announce: (endpoint) => lock?.announce(endpoint),
      booted: booting,
      async close() {
        unsubscribe();
        // A command that executed a run ends with it, and the nodes forget what it has shown.
        await settledWithin(NODE_WORK_CLOSE_MS, workload.onTheJob.taken());
        workload.series.prepareToClose();
        access.credentials.lockVault();
        // Side by side where nothing waits for the other: all of it together stays within the five seconds that a program may take to end.
        const children = Promise.all([
          dataCare.close(),
          context.jobs.close(JOB_KINDS.filter((kind) => !NODE_JOBS.includes(kind))),
          workload.onTheJob.close(),
          simulation.trainings.close(),
          workload.images.close(),
        ]);
        const nodeWork = Promise.all([
          workload.runs.close(),
          context.jobs.close(NODE_JOBS),
          testbed.telemetry.close(),
          testbed.clocks.close(),
        ]);
        if (!(await settledWithin(NODE_WORK_CLOSE_MS, nodeWork))) log.warn('Closing without waiting longer for the nodes');
        await settledWithin(NODE_WORK_CLOSE_MS, monitor.close());
        await virtualNodes.close();
        await Promise.allSettled([children, booting, stopNoticing()]);
        await Promise.all([access.pusher.close(), simulation.studies.close()]);
        storage.close();
        log.info('The program has ended');
        log.close();
        lock?.release();
      },
    };
    return { core, context: context, access, monitor, virtualNodes };
  } catch (thrown) {
    await noticing?.close();
    storage.close();
    log.error('The program could not start', thrown);
    log.close();
    lock?.release();
    throw thrown;
  }
}

/** Opens the database, put back from a backup first where that was asked for; logs why and gives the lock back when that fails. */
async function openStorageUnder(
  { lock, log }: { lock: InstanceLock | null; log: OpenLog },
  { dataDir, nowMs, tools }: Parameters<typeof openStorage>[0] & { tools: DataTools },
): Promise<Storage> {
  try {
    if (lock) {
      await applyStagedRestore(dataDir, nowMs());
      await checkBeforeOpening(dataDir, tools);
    }
    return withPrivateFiles(() => openStorage({ dataDir, nowMs: steadyNowMs }));
  } catch (thrown) {
    log.error('The database could not be opened', thrown);
    log.close();
    lock?.release();
    throw thrown;
  }
}
