// The composition root: builds every service of the program once, and takes them down again. All three shells use it and nothing else.
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppInfo } from '../shared/api/app-info.js';
import { timingOf } from '../shared/testbed.js';
import { AgentMonitor } from './agents/agent-monitor.js';
import { AppServiceImpl } from './app/app-service.js';
import { CalibrationServiceImpl } from './calibration/calibration-service.js';
import { ComparisonServiceImpl } from './comparison/comparison-service.js';
import { DatasetServiceImpl } from './datasets/dataset-service.js';
import { UploadServiceImpl } from './datasets/upload-service.js';
import { GalleryServiceImpl } from './images/gallery-service.js';
import { ImageServiceImpl } from './images/image-service.js';
import { ImageStore } from './images/image-store.js';
import { type InstanceLock, lockInstance } from './instance-lock.js';
import { ChangeTopic } from './live/change-topic.js';
import { ModelMemoryServiceImpl } from './model-memory/model-memory-service.js';
import { ModelServiceImpl } from './models/model-service.js';
import { ModelPushServiceImpl } from './models/push/model-push-service.js';
import { ModelPusher } from './models/push/model-pusher.js';
import { newId } from './new-id.js';
import { findProgramPaths } from './program-paths.js';
import { PROGRAM_VERSION } from './program-version.js';
import { readAgentBundle } from './provisioning/agent-bundle.js';
import { FactsServiceImpl } from './provisioning/facts-service.js';
import { NodeConnector } from './provisioning/node-connector.js';
import { NodeRuntimes } from './provisioning/node-runtimes.js';
import { NodeTrust } from './provisioning/node-trust.js';
import { ProvisioningServiceImpl } from './provisioning/provisioning-service.js';
import { ReportServiceImpl } from './reports/report-service.js';
import { CredentialServiceImpl } from './secrets/credential-service.js';
import { type AskSecret, LoginSecrets } from './secrets/login-secrets.js';
import { loadProgramKey } from './secrets/program-key.js';
import { SecretFiles } from './secrets/secret-files.js';
import { SystemStore, type SystemProtection } from './secrets/system-store.js';
import { TestbedIdentities } from './secrets/testbed-identities.js';
import { Vault } from './secrets/vault.js';
import type { Services } from './services.js';
import { defaultKnownHostsPaths } from './ssh/known-hosts-files.js';
import { OpenSshConfig } from './ssh/openssh-config.js';
import { openStorage, type Storage } from './storage/open-storage.js';
import { TelemetryServiceImpl } from './telemetry/telemetry-service.js';
import { HostKeyServiceImpl } from './testbed/host-key-service.js';
import { StudyServiceImpl } from './studies/study-service.js';
import { TestbedServiceImpl } from './testbed/testbed-service.js';
import { VirtualNodes } from './testbed/virtual-nodes.js';
import { ProcessSlots } from './training/process-slots.js';
import { PolicyEvaluations } from './training/policy-evaluations.js';
import { makeDigitalTwin } from './training/digital-twin.js';
import { TrainingServiceImpl } from './training/training-service.js';
import { RunAnalysis } from './workload/run-analysis.js';
import { steadyNowMs } from './workload/run-clock.js';
import { RunServiceImpl } from './workload/run-service.js';

export interface CoreOptions {
  dataDir: string;
  shell: AppInfo['shell'];
  /** `exclusive` takes the data folder's lock; `read` leaves a running program alone and must change nothing. */
  access: 'read' | 'exclusive';
  /** What begins by itself: nothing; virtual nodes and lines to agents; or also the runs that were interrupted. */
  activity: 'none' | 'nodes' | 'runs';
  /** The system's key store, where the shell reaches one. */
  systemProtection?: SystemProtection;
  /** Asks the person at the terminal for a secret that is missing. */
  askSecret?: AskSecret;
}

export interface Core {
  services: Services;
  /** Resolves when the virtual nodes have booted (at once when `activity` is none). */
  booted: Promise<void>;
  /** Resolves when the virtual nodes have booted and the testbed's provisioned nodes answer, or after a bounded wait. */
  nodesReady(testbedId: string): Promise<void>;
  /** Ends child processes and lines, leaves runs resumable, closes the database. */
  close(): Promise<void>;
}

/** Real ms that `nodesReady` waits for agents at the most. */
const READY_TIMEOUT_MS = 20_000;
const READY_POLL_MS = 50;

/** Builds the program over a data folder. Throws AppErrors of the lock and the database; then nothing is left open. */
export async function createCore(options: CoreOptions): Promise<Core> {
  const { dataDir } = options;
  const nowMs = steadyNowMs;
  const paths = findProgramPaths();
  const lock = options.access === 'exclusive' ? lockInstance(dataDir, Math.round(nowMs())) : null;
  const storage = openStorageUnder(lock, { dataDir, nowMs });
  try {
    const files = new SecretFiles(join(dataDir, 'secrets'));
    const changes = new ChangeTopic();
    const record = (event: { kind: string; subjectId: string | null; message: string }): void => {
      storage.events.append({ ...event, atMs: nowMs() });
    };
    const identities = new TestbedIdentities({ files, nowMs });
    const monitor: AgentMonitor = new AgentMonitor({
      listTestbeds: () => storage.testbeds.listTestbeds(),
      identityFor: (testbedId) => identities.controlCenter(testbedId),
      idleLine: {
        connected: () => Promise.resolve(),
        outcomes: (nodeId, outcomes) => runs.dropStrayOutcomes(nodeId, outcomes),
      },
    });
    const hostKeys = new HostKeyServiceImpl({
      hostKeys: storage.hostKeys,
      testbeds: storage.testbeds,
      knownHostsPaths: defaultKnownHostsPaths(),
      nowMs,
    });
    const credentials = new CredentialServiceImpl({
      records: storage.credentials,
      vault: new Vault(files),
      system: new SystemStore(files, options.systemProtection ?? null),
      testbeds: storage.testbeds,
      recordEvent: record,
      nowMs,
    });
    const loginSecrets = new LoginSecrets({
      credentials,
      getNode: (nodeId) => storage.testbeds.getNode(nodeId),
      ask: options.askSecret ?? null,
    });
    const connector = new NodeConnector({
      hostKeys,
      programPrivateKey: () => loadProgramKey(files).privateKeyPem,
      agentSocketPath: () => process.env['SSH_AUTH_SOCK'] ?? null,
      secrets: loginSecrets,
    });
    const pusher = new ModelPusher({ workerPath: paths.pushWorkerPath, connector, identities });
    const virtualNodes = new VirtualNodes({
      hostEntryPath: paths.virtualTestbedHostPath,
      nodesDir: join(dataDir, 'virtual-nodes'),
      authorizedKey: () => loadProgramKey(files).publicKeyLine,
      testbeds: storage.testbeds,
      hostKeys: storage.hostKeys,
      changes,
      nowMs,
      onProblem: (message) => record({ kind: 'virtual-node-problem', subjectId: null, message }),
    });
    const testbeds = new TestbedServiceImpl({
      testbeds: storage.testbeds,
      virtualNodes,
      identities,
      live: monitor,
      sshConfig: new OpenSshConfig(),
      forgetSecrets: (nodeId) => credentials.forgetNode(nodeId),
      changes,
      describeUse: (testbedId) => describeUse(testbedId),
      recordEvent: record,
      nowMs,
    });
    const provisioning = new ProvisioningServiceImpl({
      runs: storage.provisioning,
      testbeds: storage.testbeds,
      wantedStates: storage.wantedStates,
      hasModel: (modelId) => storage.models.get(modelId) !== null,
      describeUse: (testbedId) => describeUse(testbedId),
      factsHistory: storage.factsHistory,
      hostKeys,
      tools: {
        connector,
        identities,
        loadBundle: () => readAgentBundle(paths.agentBundlePath),
        runtimes: new NodeRuntimes({
          programDir: paths.programDir,
          cacheDir: join(dataDir, 'runtimes'),
          pinsPath: join(paths.resourcesDir, 'runtimes.json'),
        }),
        unitTemplatesDir: join(paths.resourcesDir, 'systemd'),
        models: { find: (modelId) => storage.models.get(modelId), push: (push) => pusher.push(push) },
        worker: {
          filesDir: join(paths.resourcesDir, 'worker'),
          settingsDir: join(dataDir, 'worker-config'),
          wheelsDir: join(dataDir, 'wheels'),
        },
        secrets: loginSecrets,
        nowMs,
      },
      changes,
      recordEvent: record,
    });
    const uploads = new UploadServiceImpl(dataDir, nowMs);
    const datasets = new DatasetServiceImpl({
      datasets: storage.datasets,
      runs: storage.runs,
      sources: {
        samplePath: join(paths.resourcesDir, 'prompts', 'sample-prompts.txt'),
        findUpload: (uploadId) => uploads.find(uploadId),
      },
      newId: () => newId('dataset'),
      now: nowMs,
    });
    const imageStore = new ImageStore({ dataDir, isReferenced: (sha256) => storage.images.isReferenced(sha256) });
    const images = new ImageServiceImpl({ dataDir, store: imageStore, thumbnailerPath: paths.thumbnailerPath });
    const facts = new FactsServiceImpl({
      testbeds: storage.testbeds,
      factsHistory: storage.factsHistory,
      connector,
      changes,
      describeUse: (testbedId) => describeUse(testbedId),
      recordEvent: record,
      nowMs,
    });
    const telemetry = new TelemetryServiceImpl({ getNode: (nodeId) => storage.testbeds.getNode(nodeId), connector, nowMs });
    const runs = new RunServiceImpl({
      store: storage.runs,
      analysis: new RunAnalysis({ store: storage.runs, nodesLive: (testbedId) => monitor.snapshot(testbedId) }),
      images: imageStore,
      lines: monitor,
      getTestbed: (id) => testbeds.get(id),
      refreshFacts: (testbedId) => facts.refresh(testbedId),
      getDataset: (id) => datasets.get(id),
      isSimulated: (node) => node.kind === 'virtual' || storage.wantedStates.get(node.id).worker === 'simulated',
      findTraining: (id) => storage.trainings.get(id),
      learnedPolicies: (trainingId) => trainings.schedulingPolicies(trainingId),
      listPrompts: (datasetId) => storage.datasets.listPrompts(datasetId),
      taskPage: (input) => storage.runs.taskPage(input),
      record: (kind, subjectId, message) => record({ kind, subjectId, message }),
      programVersion: PROGRAM_VERSION,
      nowMs,
    });
    const models = new ModelServiceImpl({
      models: storage.models,
      workerPath: paths.modelWorkerPath,
      newId,
      nowMs,
      recordEvent: record,
    });
    const modelPushes = new ModelPushServiceImpl({
      pusher,
      getModel: (id) => models.get(id),
      getTestbed: (id) => testbeds.get(id),
      newId,
      nowMs,
      recordEvent: record,
    });
    const modelMemory = new ModelMemoryServiceImpl({
      getNode: (id) => storage.testbeds.getNode(id),
      getModel: (id) => storage.models.get(id),
      connector,
      describeUse: (testbedId) => describeUse(testbedId),
      nowMs,
    });
    const calibrations = new CalibrationServiceImpl({
      testbeds: storage.testbeds,
      identities,
      describeUse: (testbedId) => describeUse(testbedId),
      changes,
      newId,
      nowMs,
      recordEvent: record,
    });
    // Trainings come first where both wait: a person looks at them.
    const slots = new ProcessSlots();
    const trainings = new TrainingServiceImpl({
      trainings: storage.trainings,
      makeTwin: (input) => {
        const testbed = testbeds.get(input.testbedId);
        return makeDigitalTwin(
          testbed,
          testbed.nodes.map((node) => ({ name: node.name, ...timingOf(node) })),
          input,
        );
      },
      folder: join(dataDir, 'training'),
      trainerPath: paths.trainerPath,
      evaluations: new PolicyEvaluations(paths.evaluatorPath),
      isOwner: options.access === 'exclusive',
      programVersion: PROGRAM_VERSION,
      newId,
      nowMs,
      recordEvent: record,
      slots,
    });
    const studies = new StudyServiceImpl({
      studies: storage.studies,
      definitionsFolder: join(paths.resourcesDir, 'studies'),
      programDir: paths.programDir,
      folder: join(dataDir, 'studies'),
      trainerPath: paths.trainerPath,
      slots,
      isOwner: options.access === 'exclusive',
      programVersion: PROGRAM_VERSION,
      newId,
      nowMs,
      recordEvent: record,
    });
    const comparison = new ComparisonServiceImpl({
      platforms: storage.platforms,
      listRuns: () => runs.list(),
      nodesOf: (runId) => storage.runs.getRun(runId)?.nodesSnapshot ?? [],
    });
    const describeUse = (testbedId: string): string | null => {
      const open = runs.openRunOnTestbed(testbedId);
      if (open) return `run “${open.spec.name}” is not finished`;
      if (provisioning.isProvisioning(testbedId)) return 'it is being provisioned';
      return calibrations.isCalibrating(testbedId) ? 'it is being calibrated' : null;
    };
    const services: Services = {
      app: new AppServiceImpl({
        info: {
          version: PROGRAM_VERSION,
          shell: options.shell,
          dataDir,
          platform: `${process.platform} ${process.arch}`,
          nodeVersion: process.version,
          // Asked for late: the key is made on first need, not by every command that opens the data.
          get sshPublicKeyLine() {
            return loadProgramKey(files).publicKeyLine;
          },
        },
        doctor: {
          dataDir,
          programDir: paths.programDir,
          agentBundlePath: paths.agentBundlePath,
          rendererDir: paths.rendererDir,
          readDatabase: () => `${storage.testbeds.listTestbeds().length} testbeds, ${storage.runs.listRuns().length} runs`,
        },
        eventPage: (input) => storage.events.page(input),
      }),
      testbeds,
      provisioning,
      facts,
      telemetry,
      hostKeys: new NodeTrust({ hostKeys, testbeds: storage.testbeds, connector }),
      credentials,
      datasets,
      runs,
      gallery: new GalleryServiceImpl(storage.images),
      models,
      modelPushes,
      modelMemory,
      calibrations,
      trainings,
      studies,
      comparison,
      reports: new ReportServiceImpl({ runs, comparison, images, store: storage.runs }),
      images,
      uploads,
    };

    const unsubscribe = changes.subscribe(() => void monitor.sync());
    if (options.access === 'exclusive') provisioning.recoverInterrupted();
    if (options.activity === 'runs') runs.recover();
    const booting = options.activity === 'none' ? Promise.resolve() : virtualNodes.startAll().then(() => monitor.sync());

    return {
      services,
      booted: booting,
      async nodesReady(testbedId) {
        await booting;
        const deadline = performance.now() + READY_TIMEOUT_MS;
        const isWaiting = (): boolean => {
          const ready = new Set(testbeds.get(testbedId).nodes.flatMap((node) => (node.provisionState === 'ready' ? [node.id] : [])));
          return monitor.snapshot(testbedId).some((node) => ready.has(node.nodeId) && !node.isConnected);
        };
        while (isWaiting() && performance.now() < deadline) await delay(READY_POLL_MS);
      },
      async close() {
        unsubscribe();
        credentials.lockVault();
        await telemetry.close();
        await booting.catch(() => undefined);
        await Promise.all([
          runs.close(),
          calibrations.close(),
          provisioning.close(),
          models.close(),
          modelPushes.close(),
          trainings.close(),
          studies.close(),
        ]);
        await monitor.close();
        await Promise.all([virtualNodes.close(), images.close()]);
        storage.close();
        lock?.release();
      },
    };
  } catch (thrown) {
    storage.close();
    lock?.release();
    throw thrown;
  }
}

/** Opens the database; gives the lock back when that fails. */
function openStorageUnder(lock: InstanceLock | null, options: Parameters<typeof openStorage>[0]): Storage {
  try {
    return openStorage(options);
  } catch (thrown) {
    lock?.release();
    throw thrown;
  }
}
