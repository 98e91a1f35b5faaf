/** Longest texts of an error that the window sends for the log; the window cuts what is longer, characters. */
export const MAX_ERROR_LENGTHS = { message: 1000, stack: 8000, view: 300 } as const;
