// What the API answers about images: which fit a query, where one is, tables of them, and exports.
import {
  exportImagesInput,
  galleryCompleteInput,
  galleryCountNewInput,
  galleryFindInput,
  galleryImageInput,
  galleryPageInput,
  gallerySelectionInput,
  galleryStretchesInput,
  galleryTableInput,
} from '../../shared/api/gallery-inputs.js';
import { procedure, router } from './trpc.js';

export const galleryProcedures = router({
  page: procedure.input(galleryPageInput.prefault({})).query(({ ctx, input }) => ctx.services.gallery.page(input)),
  countNew: procedure.input(galleryCountNewInput).query(({ ctx, input }) => ctx.services.gallery.countNew(input)),
  find: procedure.input(galleryFindInput).query(({ ctx, input }) => ctx.services.gallery.find(input)),
  stretches: procedure.input(galleryStretchesInput).query(({ ctx, input }) => ctx.services.gallery.stretches(input)),
  image: procedure.input(galleryImageInput).query(({ ctx, input }) => ctx.services.gallery.image(input.taskId)),
  table: procedure.input(galleryTableInput).query(({ ctx, input }) => ctx.services.gallery.table(input)),
  complete: procedure.input(galleryCompleteInput).query(({ ctx, input }) => ctx.services.gallery.complete(input)),
  // A selection may be longer than an address has room for.
  measure: procedure.input(gallerySelectionInput).mutation(({ ctx, input }) => ctx.services.gallery.measure(input)),
  export: procedure.input(exportImagesInput).mutation(({ ctx, input }) => ctx.services.dataCare.exportImages(input)),
});
