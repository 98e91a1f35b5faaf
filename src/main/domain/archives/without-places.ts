// What does not leave this machine with an archive: the names and addresses of machines, accounts, paths. Idempotent, so that what was
// imported is exported again as it came.
import { deviceFactsSchema } from '../../../shared/device-facts.js';
import type { AppErrorShape } from '../../../shared/errors.js';

/** What is told of a node's system besides its device. */
const SYSTEM_FACTS = [
  ...['operatingSystem', 'kernel', 'architecture', 'deviceModel', 'l4tVersion', 'cpuCount', 'memoryTotalBytes', 'memoryAvailableBytes'],
  ...['diskFreeBytes', 'nodeVersion', 'readAtMs'],
];
/** Of the device's: the groups of its account, and what its network card is called. */
const LEFT_OUT = ['groups', 'linkName'];
const KEPT_FACTS = [...SYSTEM_FACTS, ...Object.keys(deviceFactsSchema.shape)].filter((name) => !LEFT_OUT.includes(name));

/** The facts of a node without its name and its account; null where there are none. */
export function factsWithoutPlaces(facts: unknown): Record<string, unknown> | null {
  if (typeof facts !== 'object' || facts === null) return null;
  const known = facts as Record<string, unknown>;
  const kept = KEPT_FACTS.flatMap((name) => (known[name] === undefined ? [] : [[name, known[name]] as const]));
  return Object.fromEntries(kept);
}

const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d{1,5})?/g;
const IPV6 = /\[[0-9a-f:]+(?:%\w+)?\](?::\d{1,5})?|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:])/gi;
const HOST_AND_PORT = /\b(?:[a-z0-9-]+\.)*[a-z0-9-]+:\d{2,5}\b/gi;
const LOGIN = /\b[a-z0-9._-]+@[a-z0-9.-]+/gi;
const PATH = /(?<![\w.])(?:\/(?:[\w.@+-]+\/)+[\w.@+-]*|[A-Z]:\\[^\s"'“”]+)/g;

/** A message of a node or of this program without addresses, logins and paths. */
export function textWithoutPlaces<Text extends string | null>(text: Text): Text {
  if (text === null) return text;
  const cleaned = text
    .replace(LOGIN, '(login)')
    .replace(IPV4, '(address)')
    .replace(IPV6, '(address)')
    .replace(HOST_AND_PORT, '(address)')
    .replace(PATH, '(path)');
  return cleaned as Text;
}

export function errorWithoutPlaces(error: AppErrorShape | null): AppErrorShape | null {
  if (error === null) return null;
  return { code: error.code, message: textWithoutPlaces(error.message), hint: textWithoutPlaces(error.hint) };
}
