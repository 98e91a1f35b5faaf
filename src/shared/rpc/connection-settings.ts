// How control center and agents call each other: the same for either caller, so that no answer fits one and not the other.

/** No message between them is larger: 1,000 tasks with long prompts have well under 4 MiB. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** For the transport of a caller; the address and the certificates come from who is called. */
export const CALLER_SETTINGS: { httpVersion: '2'; acceptCompression: []; readMaxBytes: number; useBinaryFormat: true } = {
  httpVersion: '2',
  acceptCompression: [],
  readMaxBytes: MAX_MESSAGE_BYTES,
  useBinaryFormat: true,
};

/** `https://host:port`, with an IPv6 address in brackets. */
export function agentUrl({ host, port }: { host: string; port: number }): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
