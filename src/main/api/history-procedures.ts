// What the API answers about the history: everything that ran, with tags, notes, stars, the bin and saved views.
import {
  binItemsInput,
  historyCompleteInput,
  historyItemInput,
  historyListInput,
  historyNoteInput,
  historyStarInput,
  historyTagInput,
  historyViewNameInput,
  historyViewSchema,
} from '../../shared/api/history-inputs.js';
import { procedure, router } from './trpc.js';

export const historyProcedures = router({
  list: procedure.input(historyListInput.prefault({})).query(({ ctx, input }) => ctx.services.history.list(input)),
  complete: procedure.input(historyCompleteInput).query(({ ctx, input }) => ctx.services.history.complete(input)),
  tag: procedure.input(historyTagInput).mutation(({ ctx, input }) => ctx.services.history.tag(input)),
  star: procedure.input(historyStarInput).mutation(({ ctx, input }) => ctx.services.history.star(input)),
  note: procedure.input(historyNoteInput).mutation(({ ctx, input }) => ctx.services.history.note(input)),
  getNote: procedure.input(historyItemInput).query(({ ctx, input }) => ctx.services.history.getNote(input)),
  marks: procedure.input(historyItemInput).query(({ ctx, input }) => ctx.services.history.marks(input)),
  moveToBin: procedure.input(binItemsInput).mutation(({ ctx, input }) => ctx.services.historyBin.move(input.items)),
  restore: procedure.input(binItemsInput).mutation(({ ctx, input }) => ctx.services.historyBin.restore(input.items)),
  bin: procedure.query(({ ctx }) => ctx.services.historyBin.status()),
  listBin: procedure.query(({ ctx }) => ctx.services.historyBin.list()),
  emptyBin: procedure.mutation(({ ctx }) => ctx.services.historyBin.empty()),
  views: router({
    list: procedure.query(({ ctx }) => ctx.services.history.listViews()),
    save: procedure.input(historyViewSchema).mutation(({ ctx, input }) => ctx.services.history.saveView(input)),
    remove: procedure.input(historyViewNameInput).mutation(({ ctx, input }) => ctx.services.history.removeView(input.name)),
  }),
});
