import { z } from 'zod';

export const notificationListInput = z.object({
  unreadOnly: z.boolean().default(false),
  /** Of the newest. */
  limit: z.number().int().min(1).max(500).default(100),
});
export type NotificationListInput = z.output<typeof notificationListInput>;

export const markReadInput = z.object({
  ids: z.array(z.number().int().positive()).min(1, 'Name a notification').max(500, 'At most 500 notifications at once'),
});
