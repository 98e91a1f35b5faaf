// Small readers that the fact parsers share. A node may say anything: what is not of the form asked for is null.
import { printable } from '../../../adapters/ssh/ssh-errors.js';

const MAX_VALUE_LENGTH = 200;

/** The first line as a short printable text; null when there is none. */
export function firstText(lines: readonly string[]): string | null {
  return printable(lines[0] ?? '', MAX_VALUE_LENGTH) || null;
}

/** A whole number of at most 15 digits, which a double holds exactly, and not above `most`; null for anything else. */
export function parseCount(text: string | undefined, most = Infinity): number | null {
  const count = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;
  return count !== null && count <= most ? count : null;
}

/** `12.6.68` where the text is a version of two to four numbers, with anything short behind it left out; null otherwise. */
export function parseVersion(text: string | undefined): string | null {
  return /^[vV]?(\d{1,4}(?:\.\d{1,6}){1,3})(?![\d.])/.exec(text ?? '')?.[1] ?? null;
}

/** Kibibytes as bytes. */
export function kibibytes(count: number | null): number | null {
  return count === null ? null : count * 1024;
}
