// The key files that the lines of a list name, looked at before anything is added.
import { AppError } from '../../../../shared/errors.js';
import type { NodeListEntry } from '../../../../shared/node-list.js';
import { examineKeyFile } from '../../../adapters/ssh/key-file.js';

/** A line whose key file can't log in becomes invalid; the paths of the others come out absolute. Each file is looked at once. */
export function checkListedKeys(entries: readonly NodeListEntry[]): NodeListEntry[] {
  const looks = new Map<string, { path: string; remark: string | null } | AppError>();
  return entries.map((entry) => {
    const keyFile = entry.node?.keyFile ?? null;
    if (!entry.node || keyFile === null || entry.verdict !== 'ready') return entry;
    const look = looks.get(keyFile) ?? lookAt(keyFile);
    looks.set(keyFile, look);
    if (look instanceof AppError) return { ...entry, verdict: 'invalid', remark: `${look.message} ${look.hint ?? ''}`.trim() };
    const remark = [entry.remark, look.remark].filter((part) => part !== null).join(' ') || null;
    return { ...entry, remark, node: { ...entry.node, keyFile: look.path } };
  });
}

function lookAt(keyFile: string): { path: string; remark: string | null } | AppError {
  try {
    const { path, remarks } = examineKeyFile(keyFile);
    return { path, remark: remarks.join(' ') || null };
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown;
    throw thrown;
  }
}
