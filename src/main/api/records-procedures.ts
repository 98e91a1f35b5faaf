// Records, and archives of them. One line a procedure.
import { byId } from '../../shared/api/inputs.js';
import { archiveSourceInput, exportArchiveInput, recordInput, reproduceInput } from '../../shared/api/record-inputs.js';
import { procedure, router } from './trpc.js';

const always = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;

export const recordsRouter = router({
  get: procedure.input(recordInput).query(({ ctx, input }) => ctx.services.records.get(input)),
  plan: procedure.input(recordInput).query(({ ctx, input }) => ctx.services.records.plan(input)),
  reproduce: procedure.input(reproduceInput).mutation(({ ctx, input }) => ctx.services.records.reproduce(input)),
});

export const archivesRouter = router({
  show: procedure.input(archiveSourceInput).query(({ ctx, input }) => ctx.services.archives.show(input)),
  export: procedure
    .input(exportArchiveInput)
    .mutation(({ ctx, input }) => ctx.services.dataCare.exportArchive({ ...input, fromMachine: input.fromMachine ?? null })),
  import: procedure
    .input(archiveSourceInput)
    .mutation(({ ctx, input }) => ctx.services.dataCare.importArchive(ctx.services.archives.find(input))),
  watchJob: procedure.input(byId).subscription(({ ctx, input, signal }) => ctx.services.dataCare.watchJob(input.id, always(signal))),
});
