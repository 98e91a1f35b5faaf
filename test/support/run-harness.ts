// Runs of the program on real agents over mutual TLS, all in one process, without SSH servers and child processes of nodes.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startAgent } from '../../src/agent/start-agent.js';
import type { RunningAgent } from '../../src/agent/start-agent.js';
import { issueCertificate } from '../../src/main/adapters/agents/certificate-authority.js';
import { SecretFiles } from '../../src/main/adapters/secrets/secret-files.js';
import { TestbedIdentities } from '../../src/main/adapters/secrets/testbed-identities.js';
import { inspectPicture, PictureFiles } from '../../src/main/adapters/images/picture-files.js';
import { PictureRepository } from '../../src/main/adapters/storage/picture-repository.js';
import type { InputPicture } from '../../src/shared/service.js';
import { DatasetRepository } from '../../src/main/adapters/storage/dataset-repository.js';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import type { RunRepository } from '../../src/main/adapters/storage/run-repository.js';
import { TestbedRepository } from '../../src/main/adapters/storage/testbed-repository.js';
import { assembleCore, type CoreParts } from '../../src/main/composition/core.js';
import type { MachineSpeed } from '../../src/main/domain/runs/estimate-overload.js';
import type { ImageSink } from '../../src/main/domain/runs/outcome-intake.js';
import type { NotificationService } from '../../src/main/domain/notifications/notification-service.js';
import type { TestbedService } from '../../src/main/domain/nodes/testbed/testbed-service.js';
import type { TestbedSettings } from '../../src/main/domain/nodes/testbed/testbed-settings.js';
import type { RunService } from '../../src/main/domain/runs/run-service.js';
import type { SeriesService } from '../../src/main/domain/series/series-service.js';
import type { AgentConfig } from '../../src/shared/agent-config.js';
import { type RunSpecInput, startRunInput, type StartRunRequest } from '../../src/shared/api/inputs.js';
import type { RunLive, RunSummary } from '../../src/shared/run.js';
import type { Environment, RecordKind } from '../../src/shared/record.js';
import type { NodeLive } from '../../src/shared/testbed.js';
import { CutProxy } from './cut-proxy.js';
import { buildNode, buildTestbed } from './storage-fixtures.js';

/**
 * Model seconds per real second: a task of 2 model seconds takes 50 ms, so that a run of 60 on three nodes is still in progress when it is
 * looked at. Too fast to be valid on one machine with everything else.
 */
const DEFAULT_TIME_SCALE = 40;
/** None of what a run asks of it is refused. */
const FASTEST_MACHINE: MachineSpeed = { slowdown: 0, coreCount: 64 };
const TIME_MODEL = { fixedSec: 1, secPerStep: 0.1 };

export interface RunHarnessOptions {
  nodeCount?: number;
  promptCount?: number;
  leaseTimeoutMs?: number;
  images?: ImageSink;
  timeScale?: number;
  /** Of this machine; nothing is refused for its sake when absent. */
  machineSpeed?: MachineSpeed;
  /** Milliseconds of model time that a node really takes, of those that its record says; 1 when absent. */
  slowness?: Record<string, number>;
  /** Input pictures of the prompts, in turn: the dataset is one of pairs. */
  pictures?: readonly Buffer[];
  /** Nodes are real ones, whose links carry bytes and take no simulated time. */
  hasRealLinks?: boolean;
  /** Of virtual nodes' links; 1,000 when absent. */
  linkMbps?: number;
  /** Notifications are kept, as in a program that is at work. */
  isNoticing?: boolean;
  /** The clock on the wall, by which planned starts are due. */
  wallMs?: () => number;
  /** Nodes are reached through something that `cut` silences. */
  canBeCut?: boolean;
}

export class RunHarness {
  readonly dataDir: string;
  readonly agents = new Map<string, RunningAgent>();
  readonly #proxies = new Map<string, CutProxy>();
  readonly #configs = new Map<string, AgentConfig>();
  readonly #options: RunHarnessOptions;
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 5 });
  #program: CoreParts | null = null;

  private constructor(dataDir: string, options: RunHarnessOptions) {
    this.dataDir = dataDir;
    this.#options = options;
    this.#loopDelay.enable();
  }

  static async open(options: RunHarnessOptions = {}): Promise<RunHarness> {
    const harness = new RunHarness(await mkdtemp(join(tmpdir(), 'dedgeai-run-')), options);
    await harness.#makeNodes(options.nodeCount ?? 3);
    await harness.#seedDatabase(options.promptCount ?? 200);
    await harness.startProgram();
    return harness;
  }

  get runs(): RunService {
    return this.#running().core.services.runs;
  }

  get notifications(): NotificationService {
    return this.#running().core.services.notifications;
  }

  get series(): SeriesService {
    return this.#running().core.services.series;
  }

  get testbeds(): TestbedService {
    return this.#running().core.services.testbeds;
  }

  get settings(): TestbedSettings {
    return this.#running().core.services.testbedSettings;
  }

  environmentOf(kind: RecordKind, id: string): Environment | null {
    return this.#running().context.storage.records.environmentOf({ kind, id });
  }

  reconnect(nodeId: string): Promise<NodeLive> {
    return this.#running().core.services.readiness.reconnect(nodeId);
  }

  /** As the control center sees it now. */
  live(nodeId: string): NodeLive | undefined {
    return this.#running()
      .monitor.snapshot('testbed-1')
      .find((live) => live.nodeId === nodeId);
  }

  get store(): RunRepository {
    return this.#running().context.storage.runs;
  }

  /** How far instants that one party tells another may be off, real ms: a message there and back, as late as this process ever was. */
  get latenessMs(): number {
    return 20 + (2 * this.#loopDelay.max) / 1e6;
  }

  spec(change: Partial<RunSpecInput> = {}): StartRunRequest {
    return startRunInput.parse({ testbedId: 'testbed-1', datasetId: 'dataset-1', taskCount: 30, scheduler: 'round-robin', ...change });
  }

  /** A start of the control center: the same data folder, the agents as they are. */
  async startProgram(): Promise<void> {
    this.#program = await openProgram(this.dataDir, this.#options);
    this.runs.recover();
    this.series.recover();
    await this.#program.monitor.sync();
  }

  /** As a crash: nothing is said to the agents, nothing is written. */
  async stopProgram(): Promise<void> {
    const program = this.#running();
    this.#program = null;
    await program.core.close();
  }

  async startNode(nodeId: string): Promise<void> {
    const config = this.#configs.get(nodeId);
    if (!config) throw new Error(`No node ${nodeId}`);
    const agent = await startAgent(config, { baseDir: join(this.dataDir, nodeId) });
    this.#configs.set(nodeId, { ...config, listen: { ...config.listen, port: agent.port } });
    this.agents.set(nodeId, agent);
  }

  async stopNode(nodeId: string): Promise<void> {
    await this.agents.get(nodeId)?.stop();
    this.agents.delete(nodeId);
  }

  /** No one reaches these nodes any more, while their own calls still go out to those that are not cut. */
  cut(...nodeIds: string[]): void {
    for (const nodeId of nodeIds) this.#proxies.get(nodeId)?.cut();
  }

  heal(...nodeIds: string[]): void {
    for (const nodeId of nodeIds) this.#proxies.get(nodeId)?.heal();
  }

  /** Resolves with the first live state that fits; the run's end resolves it too. */
  async until(runId: string, fits: (live: RunLive) => boolean): Promise<RunLive> {
    let last: RunLive | null = null;
    for await (const live of this.runs.watch(runId, AbortSignal.timeout(50_000))) {
      last = live;
      if (fits(live)) break;
    }
    if (!last) throw new Error(`Run ${runId} was never seen`);
    return last;
  }

  async ended(runId: string): Promise<RunSummary> {
    await this.until(runId, () => false);
    return this.runs.get(runId);
  }

  async dispose(): Promise<void> {
    this.#loopDelay.disable();
    if (this.#program) await this.stopProgram();
    await Promise.all([...this.agents.values()].map((agent) => agent.stop()));
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  get #timeScale(): number {
    return this.#options.timeScale ?? DEFAULT_TIME_SCALE;
  }

  #running(): CoreParts {
    if (!this.#program) throw new Error('The program is not running');
    return this.#program;
  }

  async #makeNodes(count: number): Promise<void> {
    const nowMs = Date.now();
    const files = new SecretFiles(join(this.dataDir, 'secrets'));
    const authority = await new TestbedIdentities({ files, nowMs: () => nowMs }).authority('testbed-1');
    for (let ordinal = 0; ordinal < count; ordinal++) {
      const nodeId = `node-${ordinal + 1}`;
      const dir = join(this.dataDir, nodeId);
      await mkdir(dir);
      const issued = await issueCertificate({ authority, kind: 'node', id: nodeId, nowMs });
      await writeFile(join(dir, 'ca.pem'), authority.certificatePem);
      await writeFile(join(dir, 'node.pem'), issued.certificatePem);
      await writeFile(join(dir, 'node.key'), issued.privateKeyPem, { mode: 0o600 });
      this.#configs.set(nodeId, {
        nodeId,
        nodeName: `ES ${ordinal + 1}`,
        testbedId: 'testbed-1',
        listen: { host: '127.0.0.1', port: 0 },
        tls: { caFile: 'ca.pem', certificateFile: 'node.pem', privateKeyFile: 'node.key' },
        resultsDir: 'results',
        timeScale: this.#timeScale,
        worker: { kind: 'simulated', timeModel: TIME_MODEL, speedFactor: 1 / (this.#options.slowness?.[nodeId] ?? 1), jitterFraction: 0 },
        simulatedLink: this.#options.hasRealLinks ? null : { rateMbps: this.#options.linkMbps ?? 1000, jitterFraction: 0 },
        exitWithPid: null,
      });
      await this.startNode(nodeId);
      if (this.#options.canBeCut) this.#proxies.set(nodeId, await CutProxy.open(() => this.agents.get(nodeId)?.port ?? 0));
    }
  }

  async #storePictures(repository: PictureRepository): Promise<InputPicture[]> {
    const files = new PictureFiles(this.dataDir);
    const stored: InputPicture[] = [];
    for (const bytes of this.#options.pictures ?? []) {
      const picture = inspectPicture(bytes);
      if ('problem' in picture) throw new Error(`A picture of the test is none: ${picture.problem}`);
      await files.store(picture, bytes);
      repository.add(picture);
      stored.push(picture);
    }
    return stored;
  }

  async #seedDatabase(promptCount: number): Promise<void> {
    const database = openDatabase({ dataDir: this.dataDir, nowMs: Date.now() });
    const nodes = [...this.agents].map(([id, agent], ordinal) =>
      buildNode({
        id,
        ordinal,
        name: `ES ${ordinal + 1}`,
        agentPort: this.#proxies.get(id)?.port ?? agent.port,
        provisionState: 'ready',
        ...(this.#options.hasRealLinks
          ? { kind: 'ssh' as const, virtual: null, calibration: { ...TIME_MODEL, residualSec: 0, imageCount: 10, measuredAtMs: 1 } }
          : { virtual: { speedFactor: 1, linkMbps: this.#options.linkMbps ?? 1000, jitterFraction: 0, timeModel: TIME_MODEL } }),
      }),
    );
    new TestbedRepository(database).insertTestbed(buildTestbed({ timeScale: this.#timeScale, nodes }));
    const pictures = await this.#storePictures(new PictureRepository(database));
    const counts = { lines: promptCount, kept: promptCount, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] };
    new DatasetRepository(database).insert(
      {
        id: 'dataset-1',
        name: 'Captions',
        format: 'plain-text',
        sourceName: 'captions.txt',
        sha256: '0'.repeat(64),
        counts,
        options: { keepOneLetter: false, keepRepeated: true },
        promptCount,
        pictureCount: pictures.length,
        createdAtMs: 1,
      },
      Array.from({ length: promptCount }, (_, i) => ({
        text: `a dog number ${i}`,
        imageName: null,
        picture: pictures[i % pictures.length] ?? null,
      })),
    );
    database.close();
  }
}

/** The program on the folder, which boots nothing by itself: the bench's agents are its nodes. */
function openProgram(dataDir: string, { images, machineSpeed, leaseTimeoutMs, isNoticing, wallMs }: RunHarnessOptions): Promise<CoreParts> {
  return assembleCore({
    ...{ dataDir, shell: 'cli', access: 'exclusive', activity: 'none' },
    overrides: {
      ...(isNoticing && { isNoticing }),
      ...(wallMs && { wallMs }),
      runs: {
        images: { ...(images ?? memoryImages()), deleteImages: () => Promise.resolve() },
        // The nodes have no SSH server to read facts over.
        refreshFacts: () => Promise.resolve(),
        machineSpeed: () => machineSpeed ?? FASTEST_MACHINE,
        ...(leaseTimeoutMs === undefined ? {} : { leaseTimeoutMs }),
      },
    },
  });
}

function memoryImages(): ImageSink {
  return {
    storeImage: (bytes) =>
      Promise.resolve({
        sha256: createHash('sha256').update(bytes).digest('hex'),
        sizeBytes: bytes.length,
        widthPx: 512,
        heightPx: 512,
        mediaType: 'image/png',
      }),
  };
}

/** Why a run is invalid, but for what this machine adds at the bench's time scale: that is its own affair, and no test's. */
export function reasonsButMachine({ validity }: RunSummary): string[] {
  return validity.reasons.filter((reason) => !/^(Control is|This machine was)|this machine held it up/.test(reason));
}
