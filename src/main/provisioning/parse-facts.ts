// Facts from the output of FACTS_COMMAND; pure. A node may say anything: unknown lines are passed over, values are bounded and cleaned.
import type { NodeFacts } from '../../shared/testbed.js';
import { printable } from '../ssh/ssh-errors.js';

const LONGEST_VALUE = 200;
const LONGEST_LINE = 2_000;

/** Every fact that the output does not tell, or tells as nonsense, is null. */
export function parseFacts(output: string, readAtMs: number): NodeFacts {
  const values = readValues(output);
  const text = (key: string): string | null => values.get(key) || null;
  const count = (key: string): number | null => parseCount(values.get(key));
  const bytes = (key: string): number | null => {
    const kibibytes = count(key);
    return kibibytes === null ? null : kibibytes * 1024;
  };
  return {
    hostname: text('hostname'),
    operatingSystem: text('os') ?? text('kernel'),
    kernel: text('kernel'),
    architecture: text('architecture'),
    deviceModel: text('model') ?? text('product'),
    l4tVersion: parseL4t(values.get('l4t')) ?? parseL4tPackage(values.get('l4t_core')),
    cpuCount: count('cpus') || null,
    memoryTotalBytes: bytes('memory_total_kb'),
    memoryAvailableBytes: bytes('memory_available_kb'),
    diskFreeBytes: bytes('disk_free_kb'),
    nodeVersion: /^v\d+\.\d+\.\d+/.test(values.get('node') ?? '') ? text('node') : null,
    readAtMs,
  };
}

/** Whether two readings describe the same node, apart from what changes by the minute. */
export function areSameFacts(left: NodeFacts | null, right: NodeFacts): boolean {
  if (!left) return false;
  const lasting = ({ memoryAvailableBytes: _memory, diskFreeBytes: _disk, readAtMs: _at, ...facts }: NodeFacts): string =>
    JSON.stringify(facts);
  return lasting(left) === lasting(right);
}

/** The major version of `v24.1.0`; null when the text is none. */
export function majorVersion(version: string | null): number | null {
  const match = /^v(\d{1,4})\./.exec(version ?? '');
  return match ? Number(match[1]) : null;
}

function readValues(output: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of output.split(/\r?\n/)) {
    const match = /^([a-z0-9_]{1,32})=(.*)$/s.exec(line.slice(0, LONGEST_LINE));
    const [, key, value] = match ?? [];
    if (key !== undefined && value !== undefined && !values.has(key)) values.set(key, printable(value, LONGEST_VALUE));
  }
  return values;
}

function parseCount(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** `# R36 (release), REVISION: 4.7, GCID: ...` is L4T 36.4.7. */
function parseL4t(line: string | undefined): string | null {
  const match = /^# R(\d{1,3}) \(release\), REVISION: (\d{1,3}(?:\.\d{1,3}){0,2})\b/.exec(line ?? '');
  return match ? `${match[1]}.${match[2]}` : null;
}

/** `36.4.7-20250918154033` of the package nvidia-l4t-core. */
function parseL4tPackage(version: string | undefined): string | null {
  return /^(\d{1,3}(?:\.\d{1,3}){1,3})-/.exec(version ?? '')?.[1] ?? null;
}
