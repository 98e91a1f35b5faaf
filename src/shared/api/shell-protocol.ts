// What the page of the desktop shell sends the native window about itself. Apart from the API: the core hears nothing of it.
import { z } from 'zod';

export const themeChoice = z.enum(['system', 'light', 'dark']);
export type ThemeChoice = z.infer<typeof themeChoice>;

export const shellMessageSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('theme'), theme: themeChoice }),
  // How far everything is that is under way, for the task bar.
  z.strictObject({
    kind: z.literal('progress'),
    state: z.enum(['none', 'going', 'paused', 'done', 'failed']),
    /** Null where it is not known. */
    fraction: z.number().min(0).max(1).nullable(),
  }),
  // Something to be shown by the system while the window is hidden; `isEnd`: that work has ended.
  z.strictObject({
    kind: z.literal('notice'),
    id: z.number().int().positive(),
    title: z.string().min(1).max(300),
    body: z.string().max(2_000),
    isEnd: z.boolean(),
  }),
]);
export type ShellMessage = z.infer<typeof shellMessageSchema>;
