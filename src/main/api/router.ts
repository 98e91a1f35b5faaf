// The whole API. One line a procedure: its input's schema and the one service call it makes.
import {
  addModelInput,
  addNodeByAliasInput,
  addNodeInput,
  addNodeListInput,
  answerHostKeyInput,
  byId,
  cancelTaskInput,
  comparisonInput,
  createTestbedInput,
  createVirtualTestbedInput,
  eventsPageInput,
  hardwareInput,
  importDatasetInput,
  logQueryInput,
  nodeListInput,
  previewDatasetInput,
  promptsPageInput,
  runSpecSchema,
  startRunInput,
  setNodeLoginInput,
  fetchWeightsInput,
  refineModelInput,
  weightsInput,
  runBarsInput,
  taskPageInput,
} from '../../shared/api/inputs.js';
import {
  authorizeNodeInput,
  changeVaultPassphraseInput,
  createVaultInput,
  examineKeyFileInput,
  forgetSecretInput,
  setSecretInput,
  unlockVaultInput,
} from '../../shared/api/credential-inputs.js';
import { findNamesInput } from '../../shared/api/name-inputs.js';
import { jobChoiceInput } from '../../shared/api/job-inputs.js';
import { windowErrorInput } from '../../shared/api/window-error.js';
import { settleInput } from '../../shared/api/activity-inputs.js';
import { moveInput, rescheduleInput } from '../../shared/api/run-queue-inputs.js';
import { startCalibrationInput } from '../../shared/api/calibration-inputs.js';
import { compareMemoryInput } from '../../shared/api/memory-inputs.js';
import { imageNameInput, remakeImagesInput, repairPicturesInput, restoreInput } from '../../shared/api/data-inputs.js';
import {
  extendSeriesInput,
  reorderSeriesInput,
  seriesResultInput,
  seriesSpecSchema,
  startSeriesInput,
} from '../../shared/api/series-inputs.js';
import { startStudyInput } from '../../shared/api/study-inputs.js';
import { nodeUseInput, renameTestbedInput } from '../../shared/api/node-use-inputs.js';
import { clockInput } from '../../shared/api/clock-inputs.js';
import { fetchWheelsInput } from '../../shared/api/wheels-inputs.js';
import { startModelPushInput } from '../../shared/api/push-inputs.js';
import {
  planProvisioningInput,
  removeProvisioningInput,
  retryFailedInput,
  setDesiredInput,
  startProvisioningInput,
} from '../../shared/api/provisioning-inputs.js';
import { reportProcedures } from './report-procedures.js';
import { pathInput } from '../../shared/api/path-inputs.js';
import { policyDetailInput, startTrainingInput, trainingCurveInput } from '../../shared/api/training-inputs.js';
import { z } from 'zod';
import { galleryProcedures } from './gallery-procedures.js';
import { historyProcedures } from './history-procedures.js';
import { costProcedures } from './cost-procedures.js';
import { notificationProcedures } from './notification-procedures.js';
import { onTheJobProcedures } from './on-the-job-procedures.js';
import { platformProcedures } from './platform-procedures.js';
import { runComparisonProcedures } from './run-comparison-procedures.js';
import { archivesRouter, recordsRouter } from './records-procedures.js';
import { createCallerFactory, procedure, router } from './trpc.js';
import { twinProcedures } from './twin-procedures.js';

/** A subscription's signal; tRPC always gives one, the type allows none. */
const always = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;

export const appRouter = router({
  app: router({
    info: procedure.query(({ ctx }) => ctx.services.app.info()),
    doctor: procedure.query(({ ctx }) => ctx.services.app.doctor()),
    events: procedure.input(eventsPageInput.prefault({})).query(({ ctx, input }) => ctx.services.app.events(input)),
    activity: procedure.query(({ ctx }) => ctx.services.app.activity()),
    watchActivity: procedure.subscription(({ ctx, signal }) => ctx.services.app.watchActivity(always(signal))),
    settle: procedure.input(settleInput).mutation(({ ctx, input }) => ctx.services.app.settle(input)),
    reportError: procedure.input(windowErrorInput).mutation(({ ctx, input }) => ctx.services.app.reportError(input)),
    log: procedure.input(logQueryInput.prefault({})).query(({ ctx, input }) => ctx.services.app.logTail(input)),
  }),
  path: router({
    get: procedure.input(pathInput.prefault({})).query(({ ctx, input }) => ctx.services.path.get(input)),
  }),
  testbeds: router({
    list: procedure.query(({ ctx }) => ctx.services.testbeds.list()),
    answering: procedure.query(({ ctx }) => ctx.services.testbeds.answering()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.testbeds.get(input.id)),
    createVirtual: procedure
      .input(createVirtualTestbedInput.prefault({}))
      .mutation(({ ctx, input }) => ctx.services.testbeds.createVirtual(input)),
    rename: procedure.input(renameTestbedInput).mutation(({ ctx, input }) => ctx.services.testbedSettings.rename(input)),
    setNodeUse: procedure.input(nodeUseInput).mutation(({ ctx, input }) => ctx.services.testbedSettings.setNodeUse(input)),
    reconnect: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.readiness.reconnect(input.id)),
    create: procedure.input(createTestbedInput).mutation(({ ctx, input }) => ctx.services.testbeds.create(input)),
    addNode: procedure.input(addNodeInput).mutation(({ ctx, input }) => ctx.services.testbeds.addNode(input)),
    addNodeByAlias: procedure.input(addNodeByAliasInput).mutation(({ ctx, input }) => ctx.services.testbeds.addNodeByAlias(input)),
    setNodeLogin: procedure.input(setNodeLoginInput).mutation(({ ctx, input }) => ctx.services.testbeds.setNodeLogin(input)),
    previewNodeList: procedure.input(nodeListInput).query(({ ctx, input }) => ctx.services.testbeds.previewNodeList(input)),
    addNodeList: procedure.input(addNodeListInput).mutation(({ ctx, input }) => ctx.services.testbeds.addNodeList(input)),
    untilConnected: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.readiness.untilConnected(input.id)),
    sshAliases: procedure.query(({ ctx }) => ctx.services.testbeds.listSshAliases()),
    telemetry: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.telemetry.watch(input.id, always(signal))),
    hardware: procedure.input(hardwareInput).query(({ ctx, input }) => ctx.services.telemetry.latest(input.nodeIds)),
    removeNode: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.testbeds.removeNode(input.id)),
    remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.testbeds.remove(input.id)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.testbeds.watch(input.id, always(signal))),
  }),
  provisioning: router({
    plan: procedure.input(planProvisioningInput).query(({ ctx, input, signal }) => ctx.services.provisioning.plan(input, always(signal))),
    desired: procedure
      .input(z.object({ testbedId: z.string() }))
      .query(({ ctx, input }) => ctx.services.provisioning.listDesired(input.testbedId)),
    setDesired: procedure.input(setDesiredInput).mutation(({ ctx, input }) => ctx.services.provisioning.setDesired(input)),
    remove: procedure.input(removeProvisioningInput).mutation(({ ctx, input }) => ctx.services.provisioning.remove(input)),
    start: procedure.input(startProvisioningInput).mutation(({ ctx, input }) => ctx.services.provisioning.start(input)),
    retryFailed: procedure.input(retryFailedInput).mutation(({ ctx, input }) => ctx.services.provisioning.retryFailed(input)),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.provisioning.get(input.id)),
    list: procedure.input(z.object({ testbedId: z.string() })).query(({ ctx, input }) => ctx.services.provisioning.list(input.testbedId)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.provisioning.watch(input.id, always(signal))),
  }),
  clocks: router({
    status: procedure.input(clockInput).query(({ ctx, input }) => ctx.services.clocks.status(input.testbedId)),
    look: procedure.input(clockInput).mutation(({ ctx, input }) => ctx.services.clocks.look(input.testbedId)),
  }),
  jobs: router({
    list: procedure.input(jobChoiceInput.prefault({})).query(({ ctx, input }) => ctx.services.jobs.list(input)),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.jobs.get(input.id)),
    pause: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.jobs.pause(input.id)),
    cancel: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.jobs.cancel(input.id)),
    resume: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.jobs.resume(input.id)),
    watch: procedure
      .input(jobChoiceInput.prefault({}))
      .subscription(({ ctx, input, signal }) => ctx.services.jobs.watch(input, always(signal))),
    watchOne: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.jobs.watchOne(input.id, always(signal))),
  }),
  facts: router({
    history: procedure.input(byId).query(({ ctx, input }) => ctx.services.facts.history(input.id)),
    read: procedure.input(byId).mutation(({ ctx, input, signal }) => ctx.services.facts.read(input.id, always(signal))),
  }),
  hostKeys: router({
    answer: procedure.input(answerHostKeyInput).mutation(({ ctx, input }) => ctx.services.hostKeys.answer(input)),
    probe: procedure.input(byId).mutation(({ ctx, input, signal }) => ctx.services.hostKeys.probe(input.id, always(signal))),
    questions: procedure
      .input(z.object({ testbedId: z.string() }))
      .query(({ ctx, input }) => ctx.services.hostKeys.listQuestions(input.testbedId)),
  }),
  credentials: router({
    status: procedure.query(({ ctx }) => ctx.services.credentials.status()),
    examineKeyFile: procedure.input(examineKeyFileInput).query(({ ctx, input }) => ctx.services.credentials.examineKeyFile(input.keyFile)),
    authorizeNode: procedure
      .input(authorizeNodeInput)
      .mutation(({ ctx, input, signal }) => ctx.services.authorizer.authorize(input, always(signal))),
    set: procedure.input(setSecretInput).mutation(({ ctx, input }) => ctx.services.credentials.set(input)),
    restore: procedure.input(forgetSecretInput).mutation(({ ctx, input }) => ctx.services.credentials.restore(input.of)),
    forget: procedure.input(forgetSecretInput).mutation(({ ctx, input }) => ctx.services.credentials.forget(input.of)),
    createVault: procedure.input(createVaultInput).mutation(({ ctx, input }) => ctx.services.credentials.createVault(input.passphrase)),
    unlockVault: procedure.input(unlockVaultInput).mutation(({ ctx, input }) => ctx.services.credentials.unlockVault(input.passphrase)),
    lockVault: procedure.mutation(({ ctx }) => ctx.services.credentials.lockVault()),
    changeVaultPassphrase: procedure
      .input(changeVaultPassphraseInput)
      .mutation(({ ctx, input }) => ctx.services.credentials.changeVaultPassphrase(input.current, input.next)),
    discardVault: procedure.mutation(({ ctx }) => ctx.services.credentials.discardVault()),
  }),
  datasets: router({
    list: procedure.query(({ ctx }) => ctx.services.datasets.list()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.datasets.get(input.id)),
    preview: procedure.input(previewDatasetInput).query(({ ctx, input }) => ctx.services.datasets.preview(input.source, input.options)),
    import: procedure.input(importDatasetInput).mutation(({ ctx, input }) => ctx.services.datasets.import(input)),
    prompts: procedure.input(promptsPageInput).query(({ ctx, input }) => ctx.services.datasets.prompts(input)),
  }),
  runs: router({
    list: procedure.query(({ ctx }) => ctx.services.runs.list()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.get(input.id)),
    estimate: procedure.input(runSpecSchema).query(({ ctx, input }) => ctx.services.runs.estimate(input)),
    start: procedure.input(startRunInput).mutation(({ ctx, input }) => ctx.services.runs.start(input)),
    pause: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.pause(input.id)),
    resume: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.resume(input.id)),
    move: procedure.input(moveInput).mutation(({ ctx, input }) => ctx.services.runs.move(input.id, input.to, input.places)),
    reschedule: procedure.input(rescheduleInput).mutation(({ ctx, input }) => ctx.services.runs.reschedule(input.id, input.startAtMs)),
    cancelRemaining: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.cancelRemaining(input.id)),
    stopNow: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.stopNow(input.id)),
    cancelTask: procedure.input(cancelTaskInput).mutation(({ ctx, input }) => ctx.services.runs.cancelTask(input.runId, input.taskId)),
    remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.runs.remove(input.id)),
    tasks: procedure.input(taskPageInput).query(({ ctx, input }) => ctx.services.runs.tasks(input)),
    bars: procedure.input(runBarsInput).query(({ ctx, input }) => ctx.services.runs.bars(input)),
    timeline: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.timeline(input.id)),
    nodeDelays: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.nodeDelays(input.id)),
    audit: procedure.input(byId).query(({ ctx, input }) => ctx.services.runs.audit(input.id)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.runs.watch(input.id, always(signal))),
  }),
  series: router({
    list: procedure.query(({ ctx }) => ctx.services.series.list()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.series.get(input.id)),
    estimate: procedure.input(seriesSpecSchema).query(({ ctx, input }) => ctx.services.series.estimate(input)),
    start: procedure.input(startSeriesInput).mutation(({ ctx, input }) => ctx.services.series.start(input)),
    pause: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.series.pause(input.id)),
    resume: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.series.resume(input.id)),
    cancel: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.series.cancel(input.id)),
    remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.series.remove(input.id)),
    reschedule: procedure.input(rescheduleInput).mutation(({ ctx, input }) => ctx.services.series.reschedule(input.id, input.startAtMs)),
    move: procedure.input(moveInput).mutation(({ ctx, input }) => ctx.services.series.move(input)),
    reorder: procedure.input(reorderSeriesInput).mutation(({ ctx, input }) => ctx.services.series.reorder(input)),
    finishBlock: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.series.finishBlock(input.id)),
    extend: procedure.input(extendSeriesInput).mutation(({ ctx, input }) => ctx.services.series.extend(input)),
    result: procedure.input(seriesResultInput).query(({ ctx, input }) => ctx.services.series.result(input)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.series.watch(input.id, always(signal))),
  }),
  history: historyProcedures,
  names: router({
    find: procedure.input(findNamesInput).query(({ ctx, input }) => ctx.services.names.find(input)),
  }),
  notifications: notificationProcedures,
  gallery: galleryProcedures,
  models: router({
    list: procedure.query(({ ctx }) => ctx.services.models.list()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.models.get(input.id)),
    add: procedure.input(addModelInput).mutation(({ ctx, input }) => ctx.services.models.add(input)),
    weights: procedure.input(weightsInput.prefault({})).query(({ ctx, input }) => ctx.services.models.weights(input.folder)),
    fetch: procedure.input(fetchWeightsInput).mutation(({ ctx, input }) => ctx.services.models.fetch(input)),
    verify: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.models.verify(input.id)),
    refine: procedure.input(refineModelInput).mutation(({ ctx, input }) => ctx.services.models.refine(input)),
    jobs: procedure.query(({ ctx }) => ctx.services.models.listJobs()),
    job: procedure.input(byId).query(({ ctx, input }) => ctx.services.models.getJob(input.id)),
    watchJob: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.models.watchJob(input.id, always(signal))),
  }),
  wheels: router({
    list: procedure.query(({ ctx }) => ctx.services.wheels.list()),
    fetch: procedure.input(fetchWheelsInput).mutation(({ ctx, input }) => ctx.services.wheels.fetch(input)),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.wheels.get(input.id)),
  }),
  modelPushes: router({
    list: procedure.query(({ ctx }) => ctx.services.modelPushes.list()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.modelPushes.get(input.id)),
    start: procedure.input(startModelPushInput).mutation(({ ctx, input }) => ctx.services.modelPushes.start(input)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.modelPushes.watch(input.id, always(signal))),
  }),
  modelMemory: router({
    list: procedure.query(({ ctx }) => ctx.services.modelMemory.list()),
    compare: procedure
      .input(compareMemoryInput)
      .mutation(({ ctx, input, signal }) => ctx.services.modelMemory.compare(input, always(signal))),
  }),
  calibrations: router({
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.calibrations.get(input.id)),
    start: procedure.input(startCalibrationInput).mutation(({ ctx, input }) => ctx.services.calibrations.start(input)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.calibrations.watch(input.id, always(signal))),
  }),
  trainings: router({
    list: procedure.query(({ ctx }) => ctx.services.trainings.list()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.trainings.get(input.id)),
    curve: procedure.input(trainingCurveInput).query(({ ctx, input }) => ctx.services.trainings.curve(input.id, input.fromEpisode)),
    start: procedure.input(startTrainingInput).mutation(({ ctx, input }) => ctx.services.trainings.start(input)),
    pause: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.trainings.pause(input.id)),
    resume: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.trainings.resume(input.id)),
    cancel: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.trainings.cancel(input.id)),
    remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.trainings.remove(input.id)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.trainings.watch(input.id, always(signal))),
    detail: procedure.input(policyDetailInput).query(({ ctx, input, signal }) => ctx.services.trainings.detail(input, always(signal))),
    baselines: procedure.input(byId).query(({ ctx, input, signal }) => ctx.services.trainings.baselines(input.id, always(signal))),
  }),
  studies: router({
    list: procedure.query(({ ctx }) => ctx.services.studies.list()),
    estimate: procedure.input(startStudyInput).query(({ ctx, input }) => ctx.services.studies.estimate(input)),
    runs: procedure.query(({ ctx }) => ctx.services.studies.runs()),
    get: procedure.input(byId).query(({ ctx, input }) => ctx.services.studies.get(input.id)),
    start: procedure.input(startStudyInput).mutation(({ ctx, input }) => ctx.services.studies.start(input)),
    pause: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.studies.pause(input.id)),
    resume: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.studies.resume(input.id)),
    remove: procedure.input(byId).mutation(({ ctx, input }) => ctx.services.studies.remove(input.id)),
    watch: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.studies.watch(input.id, always(signal))),
    figure: procedure.input(byId).query(({ ctx, input }) => ctx.services.studies.figure(input.id)),
    cells: procedure.input(byId).query(({ ctx, input }) => ctx.services.studies.cells(input.id)),
    importResults: procedure
      .input(z.object({ folder: z.string().min(1).max(4096) }))
      .mutation(({ ctx, input }) => ctx.services.studies.importResults(input.folder)),
  }),
  data: router({
    status: procedure.query(({ ctx }) => ctx.services.dataCare.status()),
    watch: procedure.subscription(({ ctx, signal }) => ctx.services.dataCare.watch(always(signal))),
    check: procedure.mutation(({ ctx }) => ctx.services.dataCare.check()),
    backUp: procedure.mutation(({ ctx }) => ctx.services.dataCare.backUp()),
    repairPictures: procedure.input(repairPicturesInput).mutation(({ ctx, input }) => ctx.services.dataCare.repairPictures(input.from)),
    remakeImages: procedure.input(remakeImagesInput).mutation(({ ctx, input }) => ctx.services.dataCare.remakeImages(input.sha256s)),
    restoreAtNextStart: procedure
      .input(restoreInput)
      .mutation(({ ctx, input }) => ctx.services.dataCare.restoreAtNextStart(input.fileName)),
    withdrawRestore: procedure.mutation(({ ctx }) => ctx.services.dataCare.withdrawRestore()),
    examineImage: procedure.input(imageNameInput).query(({ ctx, input }) => ctx.services.images.examine(input.sha256)),
  }),
  reports: reportProcedures,
  runComparison: runComparisonProcedures,
  twin: twinProcedures,
  onTheJob: onTheJobProcedures,
  records: recordsRouter,
  archives: archivesRouter,
  comparison: router({
    compare: procedure.input(comparisonInput.prefault({})).query(({ ctx, input }) => ctx.services.comparison.compare(input)),
  }),
  costs: costProcedures,
  platforms: platformProcedures,
});

export type AppRouter = typeof appRouter;

/** Calls the API in the same process: the terminal uses the window's own border. */
export const createApiCaller = createCallerFactory(appRouter);
