// What the page of the desktop shell sends the native window about itself. Apart from the API: the core hears nothing of it.
import { z } from 'zod';

export const themeChoice = z.enum(['system', 'light', 'dark']);
export type ThemeChoice = z.infer<typeof themeChoice>;

export const shellMessageSchema = z.strictObject({ kind: z.literal('theme'), theme: themeChoice });
export type ShellMessage = z.infer<typeof shellMessageSchema>;
