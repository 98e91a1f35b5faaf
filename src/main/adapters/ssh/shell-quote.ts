// The one place where an operand becomes part of a remote shell's command.
import { AppError } from '../../../shared/errors.js';

/** Quotes any text as one word of a POSIX shell. Throws `invalid-input` on a NUL, which no shell word can hold. */
export function shellQuote(operand: string): string {
  if (operand.includes('\0')) {
    throw new AppError(
      'invalid-input',
      'A text for the remote shell contains a NUL character.',
      'Remove the character from the name or path.',
    );
  }
  return `'${operand.replaceAll("'", `'\\''`)}'`;
}
