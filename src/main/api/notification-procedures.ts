// What is kept for someone who did not look.
import { markReadInput, notificationListInput } from '../../shared/api/notification-inputs.js';
import { procedure, router } from './trpc.js';

export const notificationProcedures = router({
  list: procedure.input(notificationListInput.prefault({})).query(({ ctx, input }) => ctx.services.notifications.list(input)),
  markRead: procedure.input(markReadInput).mutation(({ ctx, input }) => ctx.services.notifications.markRead(input.ids)),
  markAllRead: procedure.mutation(({ ctx }) => ctx.services.notifications.markAllRead()),
  watch: procedure
    .input(notificationListInput.prefault({}))
    .subscription(({ ctx, input, signal }) => ctx.services.notifications.watch(input, signal ?? new AbortController().signal)),
});
