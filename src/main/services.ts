// The services of the core as the API sees them: one interface a domain, implemented by one class each, built in composition/.
import type {
  AddModelInput,
  AddNodeByAliasInput,
  AddNodeInput,
  AddNodeListInput,
  ComparisonInput,
  CreateVirtualTestbedInput,
  DatasetSource,
  ExportFormat,
  GalleryPageInput,
  ImportDatasetInput,
  NodeListInput,
  RunSpecInput,
  SetNodeLoginInput,
  StartRunInput,
  StripModelInput,
  TaskPageInput,
} from '../shared/api/inputs.js';
import type { SetSecretInput } from '../shared/api/credential-inputs.js';
import type { StartModelPushInput } from '../shared/api/push-inputs.js';
import type {
  PlanProvisioningInput,
  RemoveProvisioningInput,
  SetWantedInput,
  StartProvisioningInput,
} from '../shared/api/provisioning-inputs.js';
import type { StartCalibrationInput } from '../shared/api/calibration-inputs.js';
import type { CompareMemoryInput } from '../shared/api/memory-inputs.js';
import type { StartStudyInput } from '../shared/api/study-inputs.js';
import type { PolicyDetailInput, StartTrainingInput } from '../shared/api/training-inputs.js';
import type { WindowFault } from '../shared/api/window-fault.js';
import type { SettleInput } from '../shared/api/activity-inputs.js';
import type { Activity, Settled } from '../shared/activity.js';
import type { AppInfo, DoctorReport, LogQuery, ProgramEvent } from '../shared/api/app-info.js';
import type { CredentialStatus, SecretRef } from '../shared/credentials.js';
import type { CalibrationRun } from '../shared/calibration.js';
import type { LogTail } from '../shared/log-line.js';
import type { Comparison } from '../shared/comparison.js';
import type { DataJob, DataStatus, ImageCondition } from '../shared/data-care.js';
import type { Dataset, DatasetPreview, ImportOptions, Prompt } from '../shared/dataset.js';
import type { MemoryComparison } from '../shared/model-memory.js';
import type { Model, ModelJob } from '../shared/model.js';
import type { ModelPush } from '../shared/model-push.js';
import type { HostKeyProbe, HostKeyQuestion, NodeWanted, ProvisioningRun, ProvisionPlan } from '../shared/provisioning.js';
import type { GalleryImage, NodeDelays, NodeTimeline, Page, RunEstimate, RunLive, RunSummary, TaskRecord } from '../shared/run.js';
import type { RunAudit } from '../shared/run-audit.js';
import type { NodeTelemetry } from '../shared/telemetry.js';
import type { NodeListEntry } from '../shared/node-list.js';
import type { FactsReading } from '../shared/facts-reading.js';
import type { StudyCell, StudyDefinition, StudyEstimate, StudyFigure, StudyRun } from '../shared/study.js';
import type { NodeFacts, NodeLive, NodeRemoval, Testbed, TestbedNode } from '../shared/testbed.js';
import type { EpisodeMetrics, PolicyDetail, Training, TrainingBaselines } from '../shared/training.js';
import type { Log } from './adapters/log/log.js';
import type { StudyExport, StudyExportOptions } from './domain/simulation/studies/cluster/export-study.js';
import type { StudyImport } from './domain/simulation/studies/study-import.js';
import type { ExportedPolicy } from './domain/simulation/training/export-policy.js';

export interface TestbedService {
  list(): Testbed[];
  /** Throws `not-found`. */
  get(id: string): Testbed;
  createVirtual(input: CreateVirtualTestbedInput): Promise<Testbed>;
  create(input: { name: string }): Testbed;
  addNode(input: AddNodeInput): TestbedNode;
  /** Resolved by OpenSSH's client as of now. Throws `unsupported` without one, or for a way to it that this program can't go. */
  addNodeByAlias(input: AddNodeByAliasInput): Promise<TestbedNode>;
  /** Hosts of ~/.ssh/config, wildcards left out. */
  listSshAliases(): Promise<string[]>;
  /** Changes how a node is logged in to; its secrets stay. Throws `invalid-input` where the way does not fit the node. */
  setNodeLogin(input: SetNodeLoginInput): TestbedNode;
  /** What each line of a pasted list is; adds nothing. */
  previewNodeList(input: NodeListInput): NodeListEntry[];
  /** Adds the chosen lines, all or none. Throws `invalid-input` for a line that can't be added. */
  addNodeList(input: AddNodeListInput): TestbedNode[];
  /** Has the other nodes refuse it, as far as they can be reached within seconds. Throws `conflict` while a run uses the testbed. */
  removeNode(nodeId: string): Promise<NodeRemoval>;
  /** Stops its virtual nodes and deletes their folders. Runs and their images stay. Throws `conflict` while a run uses it. */
  remove(id: string): Promise<void>;
  /** Live state of all its nodes, newest value only, a few times a second. */
  watch(id: string, signal: AbortSignal): AsyncIterable<NodeLive[]>;
}

export interface ProvisioningService {
  /** What an apply would do, found by looking; nothing changes on the nodes. Throws `conflict` while the testbed is in use. */
  plan(input: PlanProvisioningInput, signal: AbortSignal): Promise<ProvisionPlan>;
  /** What each node of a testbed is wanted to be. */
  listWanted(testbedId: string): NodeWanted[];
  /** Keeps a change for these nodes; an apply brings it there. */
  setWanted(input: SetWantedInput): NodeWanted[];
  /** Starts in the background. Throws `conflict` while another provisioning of this testbed runs. */
  start(input: StartProvisioningInput): ProvisioningRun;
  /** Takes away what was installed, in the background. Throws `conflict` while the testbed is in use. */
  remove(input: RemoveProvisioningInput): ProvisioningRun;
  /** Only nodes that failed, from their failed step on. */
  retryFailed(provisioningId: string, acceptNewHostKeys: boolean): ProvisioningRun;
  cancel(provisioningId: string): Promise<void>;
  get(provisioningId: string): ProvisioningRun;
  list(testbedId: string): ProvisioningRun[];
  /** Yields the whole state at once and after each change (conflated), and ends when the run has ended. */
  watch(provisioningId: string, signal: AbortSignal): AsyncIterable<ProvisioningRun>;
}

export interface FactsService {
  /** Every reading that is kept of a node, newest first. Throws `not-found`. */
  history(nodeId: string): FactsReading[];
  /** Reads a node's facts now over SSH and keeps them. Throws what connecting throws, and `conflict` while a run uses the node. */
  read(nodeId: string, signal: AbortSignal): Promise<NodeFacts>;
}

export interface TelemetryService {
  /** What a node's hardware does, newest last; sampled over SSH while somebody watches. Throws `not-found`; what fails later is in the value. */
  watch(nodeId: string, signal: AbortSignal): AsyncIterable<NodeTelemetry>;
}

export interface HostKeyService {
  /** Trusts a key the user saw. Throws `conflict` when the node last showed another one. */
  answer(input: { nodeId: string; fingerprint: string; replace: boolean }): HostKeyAnswerOutcome;
  listQuestions(testbedId: string): HostKeyQuestion[];
  /** Looks at a node's key without logging in to the node (only to hosts on the way). Throws what connecting throws. */
  probe(nodeId: string, signal: AbortSignal): Promise<HostKeyProbe>;
}

/** Secrets come in here and never go out. Its answers say where a secret is kept, never which one. */
export interface CredentialService {
  status(): Promise<CredentialStatus>;
  /** Keeps a secret in the place of the one before it, wherever that was. Throws `vault-locked`, `unsupported` or `invalid-input`. */
  set(input: SetSecretInput): Promise<void>;
  /** Also while the vault is locked. */
  forget(of: SecretRef): void;
  /** Leaves it unlocked. Throws `conflict` where there is one already. */
  createVault(passphrase: string): Promise<void>;
  /** Throws `invalid-input` for a wrong passphrase and `io` for a file that was changed. */
  unlockVault(passphrase: string): Promise<void>;
  lockVault(): void;
  changeVaultPassphrase(current: string, next: string): Promise<void>;
  /** Deletes the vault with every secret in it, whatever its passphrase. */
  discardVault(): void;
}

/** What stays as it was after a key has been trusted. */
export interface HostKeyAnswerOutcome {
  /** `file:line` in one of OpenSSH's files that goes on to hold another key of this host; null when there is none. */
  remainingIn: string | null;
}

export interface DatasetService {
  list(): Dataset[];
  get(id: string): Dataset;
  preview(source: DatasetSource, options: ImportOptions): Promise<DatasetPreview>;
  import(input: ImportDatasetInput): Promise<Dataset>;
  /** Throws `conflict` when a run that is not finished uses it. */
  remove(id: string): void;
  prompts(input: { datasetId: string; search: string; offset: number; limit: number }): Page<Prompt>;
}

export interface RunService {
  list(): RunSummary[];
  get(id: string): RunSummary;
  /** Checks the specification against testbed, dataset and this machine, freezes it, writes all tasks, begins. */
  start(input: StartRunInput): Promise<RunSummary>;
  /** Finishes what runs on the nodes, holds the rest; survives a restart. */
  pause(id: string): Promise<RunSummary>;
  resume(id: string): Promise<RunSummary>;
  /** Lets running computations end, cancels everything else. */
  cancelRest(id: string): Promise<RunSummary>;
  /** Cancels running computations too. */
  stopNow(id: string): Promise<RunSummary>;
  cancelTask(runId: string, taskId: string): Promise<void>;
  /** Deletes a finished run; its images too unless another run has the same. */
  remove(id: string): Promise<void>;
  tasks(input: TaskPageInput): Page<TaskRecord>;
  timeline(id: string): NodeTimeline[];
  nodeDelays(id: string): NodeDelays[];
  watch(id: string, signal: AbortSignal): AsyncIterable<RunLive>;
  /** What the specification would take at the least, before it is started; problems instead of a throw. */
  estimate(spec: RunSpecInput): RunEstimate;
  /** Recomputes every figure from the rows, and looks for orders that can't be. */
  audit(id: string): RunAudit;
}

export interface GalleryService {
  page(input: GalleryPageInput): Page<GalleryImage>;
}

export interface ModelService {
  list(): Model[];
  /** Throws `not-found`. */
  get(id: string): Model;
  /** Takes it off the record; the user's files stay. */
  remove(id: string): void;
  /** Recognises and hashes a file or folder in the background, then puts it on record; a known path is brought up to date. */
  add(input: AddModelInput): ModelJob;
  /** Refines to reSD3-m (leaves T5-XXL out) in the background. Never replaces anything unless `overwrite`. */
  strip(input: StripModelInput): ModelJob;
  listJobs(): ModelJob[];
  getJob(id: string): ModelJob;
  /** Resolves when nothing is left of it. */
  cancelJob(id: string): Promise<void>;
  /** Yields the whole job at once and after each change (conflated), and ends when the job has ended. */
  watchJob(id: string, signal: AbortSignal): AsyncIterable<ModelJob>;
}

export interface ModelPushService {
  /** Begins in the background. Throws `not-found`. What a former push left on a node is verified and taken up. */
  start(input: StartModelPushInput): ModelPush;
  list(): ModelPush[];
  /** Throws `not-found`. */
  get(id: string): ModelPush;
  /** Resolves when nothing is sent any more; what is on the nodes stays for the next push. */
  cancel(id: string): Promise<void>;
  /** Yields the whole push at once and after each change (conflated), and ends when it has ended. */
  watch(id: string, signal: AbortSignal): AsyncIterable<ModelPush>;
}

export interface ModelMemoryService {
  /**
   * Loads both models on the node in turn, which takes minutes, and tells what each took. Throws `invalid-input`, `not-found` where a model is
   * not on the node, `conflict` while the testbed is in use, `agent-failed` with what went wrong there, and what connecting throws.
   */
  compare(input: CompareMemoryInput, signal: AbortSignal): Promise<MemoryComparison>;
}

export interface CalibrationService {
  /** Begins in the background. Throws `not-found`, `unsupported` without a real node, `conflict` while the testbed is in use. */
  start(input: StartCalibrationInput): CalibrationRun;
  /** Throws `not-found`. */
  get(id: string): CalibrationRun;
  /** Resolves when nothing is measured any more; nodes that were done keep their figures. */
  cancel(id: string): Promise<void>;
  /** Yields the whole state at once and after each image (conflated), and ends when it has ended. */
  watch(id: string, signal: AbortSignal): AsyncIterable<CalibrationRun>;
}

export interface TrainingService {
  list(): Training[];
  /** Throws `not-found`. */
  get(id: string): Training;
  /** Points of the learning curve from an episode on. */
  curve(id: string, fromEpisode: number): EpisodeMetrics[];
  /** Checks every field and begins, or queues it while every core trains. Throws `invalid-input` naming the fields. */
  start(input: StartTrainingInput): Training;
  /** Finishes the episode under way and writes a checkpoint; resolves when it has stopped. */
  pause(id: string): Promise<Training>;
  /** Goes on from the last checkpoint. Throws `conflict` where it is not paused, or failed in a way that would come again. */
  resume(id: string): Training;
  /** Ends it for good; its curve and its last checkpoint stay. */
  cancel(id: string): Promise<Training>;
  /** Throws `conflict` while it runs or waits. */
  remove(id: string): Promise<void>;
  /** Yields the training at once and after each change (conflated), and ends when it no longer runs or waits. */
  watch(id: string, signal: AbortSignal): AsyncIterable<Training>;
  /** The policy of the last checkpoint as ONNX, for `batchSize` observations of each agent. Throws `conflict` before the first one. */
  exportPolicy(id: string, batchSize: number): Promise<ExportedPolicy>;
  /** The policy of the last checkpoint on unseen arrivals; computed once a checkpoint. Throws `conflict` before the first one. */
  detail(input: PolicyDetailInput, signal: AbortSignal): Promise<PolicyDetail>;
  /** Computed once a training. */
  baselines(id: string, signal: AbortSignal): Promise<TrainingBaselines>;
}

export interface StudyService {
  /** Definitions that the program ships, in the order of the paper. */
  list(): StudyDefinition[];
  /** What a start with this input would take. Throws as `start` does. */
  estimate(input: StartStudyInput): StudyEstimate;
  /** Runs on record, newest first. */
  runs(): StudyRun[];
  /** Throws `not-found`. */
  get(runId: string): StudyRun;
  /** Checks every field and begins; cells run side by side on the cores that no training uses. Throws `not-found`, `invalid-input`. */
  start(input: StartStudyInput): StudyRun;
  /** Lets no new cell begin; the cells under way are kept as checkpoints. Throws `conflict` where it does not run. */
  pause(runId: string): Promise<StudyRun>;
  /** Runs what is missing; cells that are done stay, and so do those that diverged. Throws `conflict` where nothing is to be run. */
  resume(runId: string): StudyRun;
  /** Throws `conflict` while it runs. */
  remove(runId: string): Promise<void>;
  /** Yields the run at once and after each change (conflated), and ends when it no longer runs. */
  watch(runId: string, signal: AbortSignal): AsyncIterable<StudyRun>;
  figure(runId: string): StudyFigure;
  cells(runId: string): StudyCell[];
  /** Writes the study as a folder for a cluster that has Slurm; nothing is put on record. Throws as `start`, `conflict`, `io`, `unsupported`. */
  exportForCluster(input: StartStudyInput, options: Pick<StudyExportOptions, 'folder' | 'withProgram' | 'maxAtOnce'>): Promise<StudyExport>;
  /** Merges what came back into the run of the same study, methods and seeds, or into a new one. Throws `invalid-input`, `io`, `conflict`. */
  importResults(folder: string): Promise<StudyImport>;
}

export interface ComparisonService {
  compare(input: ComparisonInput): Comparison;
}

/** A document ready to be written or downloaded. */
export interface ExportedDocument<Body extends string | Uint8Array = string> {
  fileName: string;
  mediaType: string;
  body: Body;
}

export interface ReportService {
  exportRun(runId: string, format: ExportFormat): Promise<ExportedDocument>;
  exportComparison(input: ComparisonInput, format: ExportFormat): Promise<ExportedDocument>;
}

export interface AppService {
  info(): AppInfo;
  doctor(): Promise<DoctorReport>;
  events(input: { offset: number; limit: number }): Page<ProgramEvent>;
  /** The last lines of the log, without secrets. */
  logTail(query: LogQuery): LogTail;
  /** Puts a fault of the window's own code into the log, so many a minute. */
  reportFault(fault: WindowFault): void;
  /** What somebody needs to find a fault, as an archive without secrets. */
  diagnostics(): Promise<ExportedDocument<Uint8Array<ArrayBuffer>>>;
  /** What goes on now that would be cut off if the program ended. */
  activity(): Activity[];
  /** Pauses or stops all of it, and tells what has not come to its end within the time. */
  settle(input: SettleInput): Promise<Settled>;
}

/** The data folder's health: checks, backups, lost images. One piece of work at a time. */
export interface DataCareService {
  status(): DataStatus;
  /** Yields the status at once, after each change (conflated), and now and then. */
  watch(signal: AbortSignal): AsyncIterable<DataStatus>;
  /** Begins in the background. Throws `conflict` while other work on the data is under way; so do the next two. */
  check(): DataJob;
  backUp(): DataJob;
  /** Throws `conflict` also where nothing is known to be lost. */
  remakeImages(sha256s: readonly string[] | 'all'): DataJob;
  /** Resolves when nothing is worked on any more. */
  cancelJob(): Promise<void>;
  /** Verifies the backup first. Throws `not-found`, `database-damaged`, `database-newer`. */
  restoreAtNextStart(fileName: string): DataStatus;
  withdrawRestore(): DataStatus;
}

/** Bytes of images, and uploads on their way in; used by the asset routes of the shells. */
export interface ImageService {
  /** Absolute path of a stored image, verified by its hash. Throws `not-found` and `image-damaged`. */
  imagePath(sha256: string): Promise<string>;
  /** Of its thumbnail, made on demand in a child process. Throws the same; by the size of the image where a thumbnail is there already. */
  thumbnailPath(sha256: string): Promise<string>;
  /** Looks at the file now. Throws `not-found`. */
  examine(sha256: string): Promise<ImageCondition>;
}

export interface UploadService {
  /** Stores a body of at most 64 MiB and returns its id; forgotten after an hour. */
  receive(body: ReadableStream<Uint8Array>, fileName: string): Promise<{ uploadId: string }>;
}

/** Whether the nodes can be worked with yet. */
export interface ReadinessService {
  /** Resolves when the virtual nodes have booted and the testbed's provisioned nodes answer, or after a bounded wait. Throws `not-found`. */
  untilConnected(testbedId: string): Promise<void>;
}

export interface Services {
  app: AppService;
  /** Where the border reports what it did not foresee. */
  log: Log;
  testbeds: TestbedService;
  readiness: ReadinessService;
  provisioning: ProvisioningService;
  facts: FactsService;
  telemetry: TelemetryService;
  hostKeys: HostKeyService;
  credentials: CredentialService;
  datasets: DatasetService;
  runs: RunService;
  gallery: GalleryService;
  models: ModelService;
  modelPushes: ModelPushService;
  modelMemory: ModelMemoryService;
  calibrations: CalibrationService;
  trainings: TrainingService;
  studies: StudyService;
  comparison: ComparisonService;
  reports: ReportService;
  dataCare: DataCareService;
  images: ImageService;
  uploads: UploadService;
}
