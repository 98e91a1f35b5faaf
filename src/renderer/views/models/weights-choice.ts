// What is said around a fetch of weights, and what is missing before it can start.
import { formatDateTime } from '../../format.js';
import { SECRET_HOLDER_TITLES } from '../../../shared/credentials.js';
import { formatBytes } from '../../../shared/format.js';
import { type PublishedFile, WEIGHTS_NOTES, type WeightsOffer, type WeightsToken } from '../../../shared/weights.js';

export function listFileOptions({ files }: Pick<WeightsOffer, 'files'>): { value: PublishedFile; label: string; description: string }[] {
  return files.map(({ file, sizeBytes, sha256 }) => ({
    value: file,
    label: `${file}, ${formatBytes(sizeBytes)}`,
    description: `${WEIGHTS_NOTES[file]} SHA-256 ${sha256.slice(0, 16)}…`,
  }));
}

export function describeToken(token: WeightsToken): string {
  switch (token.source) {
    case 'environment':
      return 'The one in HF_TOKEN, with which the program was started.';
    case 'kept': {
      const where = `Kept since ${formatDateTime(token.storedAtMs)}: ${SECRET_HOLDER_TITLES[token.holder].toLowerCase()}.`;
      if (token.isReadable) return where;
      return token.holder === 'vault'
        ? `${where} It is locked: Settings, Secrets unlocks it.`
        : `${where} It can’t be read here: enter it again.`;
    }
    case 'none':
      return 'No token kept yet.';
  }
}

/** How the file fits into the folder. */
export function describeRoom(file: PublishedFile, { files, freeBytes }: Pick<WeightsOffer, 'files' | 'freeBytes'>): string {
  const free = `${formatBytes(freeBytes)} free there`;
  const chosen = files.find((each) => each.file === file);
  if (!chosen) return free;
  const { sizeBytes, hereBytes } = chosen;
  if (hereBytes >= sizeBytes) return 'The whole file is there: it is compared, and nothing is fetched.';
  if (hereBytes > 0) return `${formatBytes(hereBytes)} of it are there already: the rest is fetched. ${free}.`;
  return `${formatBytes(sizeBytes)} needed, ${free}.`;
}

export interface WeightsChoice {
  file: PublishedFile;
  folder: string;
  isAccepted: boolean;
}

/** What is missing, in a sentence; null where the fetch can start. */
export function whyNotFetch({ file, folder, isAccepted }: WeightsChoice, offer: WeightsOffer | undefined): string | null {
  if (!offer) return 'What can be fetched is not known yet.';
  if (!isAccepted) return 'Confirm the license first.';
  if (folder.trim() === '') return 'Name a folder.';
  const chosen = offer.files.find((each) => each.file === file);
  if (!chosen) return 'Choose a file.';
  const missingBytes = chosen.sizeBytes - chosen.hereBytes;
  if (missingBytes <= 0) return null;
  const { token } = offer;
  if (token.source === 'none') return 'Enter a token first.';
  if (token.source === 'kept' && !token.isReadable) return 'Unlock the vault, or enter the token again.';
  return missingBytes > offer.freeBytes ? 'There is no room for the file in that folder.' : null;
}
