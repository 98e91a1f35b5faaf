/** No message between control center and agents is larger: 1,000 tasks with long prompts have well under 4 MiB. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
