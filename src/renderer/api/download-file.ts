import { toApiErrorShape } from './errors.js';
import { TransferError } from './transfer-error.js';
import type { AppErrorShape } from '../../shared/errors.js';

/** Fetches a file that the core makes and offers it for saving. Rejects with the core's error, or the abort of the signal. */
export async function downloadFile(address: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(address, { signal });
  if (!response.ok) {
    const answer: unknown = await response.json().catch(() => null);
    throw new TransferError(
      isErrorShape(answer) ? answer : toApiErrorShape(new Error(`The file was refused (status ${response.status}).`)),
    );
  }
  const fileName = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'report';
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser reads it after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

const KEPT_MS = 60_000;

function isErrorShape(value: unknown): value is AppErrorShape {
  return typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string' && 'code' in value;
}
