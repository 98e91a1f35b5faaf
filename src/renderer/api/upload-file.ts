import { toApiErrorShape } from './errors.js';
import { TransferError } from './transfer-error.js';
import type { AppErrorShape } from '../../shared/errors.js';

const MAX_BYTES = 256 * 1024 * 1024;

/** Sends a file's bytes to the core and returns the id that datasets are imported by. Throws TransferError. */
export async function uploadFile(file: File): Promise<{ uploadId: string }> {
  if (file.size === 0) refuse(`${file.name} is empty.`, 'Choose a file with one caption per line, or a caption set.');
  if (file.size > MAX_BYTES) refuse(`${file.name} is larger than 256 MiB.`, 'Split the file, or keep only the captions.');
  return send(file, '/uploads');
}

/** Sends an archive to the core and returns the id that it is read by. Throws UploadError. */
export async function uploadArchive(file: File): Promise<{ uploadId: string }> {
  if (file.size === 0) refuse(`${file.name} is empty.`, 'Choose an archive that this program has written.');
  return send(file, '/uploads/archive');
}

async function send(file: File, address: string): Promise<{ uploadId: string }> {
  let response: Response;
  try {
    response = await fetch(address, { method: 'POST', body: file, headers: { 'x-file-name': encodeURIComponent(file.name) } });
  } catch {
    throw new TransferError({
      code: 'io',
      message: `${file.name} could not be sent to the program.`,
      hint: 'Look whether the program is still running and the file can be read, then choose the file again.',
    });
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && isUploadAnswer(answer)) return answer;
  throw new TransferError(
    isErrorShape(answer) ? answer : toApiErrorShape(new Error(`The upload of ${file.name} was refused (status ${response.status}).`)),
  );
}

function refuse(message: string, hint: string): never {
  throw new TransferError({ code: 'invalid-input', message, hint });
}

function isUploadAnswer(value: unknown): value is { uploadId: string } {
  return typeof value === 'object' && value !== null && typeof (value as { uploadId?: unknown }).uploadId === 'string';
}

function isErrorShape(value: unknown): value is AppErrorShape {
  return typeof value === 'object' && value !== null && typeof (value as { message?: unknown }).message === 'string' && 'code' in value;
}
