// Reports that are kept: one line a procedure, as in the router.
import { byId } from '../../shared/api/inputs.js';
import { addReportBlocksInput, createReportInput, renameReportInput, setReportBlocksInput } from '../../shared/api/report-inputs.js';
import { procedure, router } from './trpc.js';

export const reportProcedures = router({
  templates: procedure.query(({ ctx }) => ctx.services.storedReports.templates()),
  list: procedure.query(({ ctx }) => ctx.services.storedReports.list()),
  get: procedure.input(byId).query(({ ctx, input }) => ctx.services.storedReports.get(input.id)),
  create: procedure.input(createReportInput).mutation(({ ctx, input }) => ctx.services.storedReports.create(input)),
  rename: procedure.input(renameReportInput).mutation(({ ctx, input }) => ctx.services.storedReports.rename(input)),
  setBlocks: procedure.input(setReportBlocksInput).mutation(({ ctx, input }) => ctx.services.storedReports.setBlocks(input)),
  addBlocks: procedure.input(addReportBlocksInput).mutation(({ ctx, input }) => ctx.services.storedReports.addBlocks(input)),
  preview: procedure
    .input(byId)
    .query(({ ctx, input, signal }) => ctx.services.storedReports.preview(input.id, signal ?? new AbortController().signal)),
});
