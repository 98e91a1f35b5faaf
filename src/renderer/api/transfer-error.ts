import type { AppErrorShape } from '../../shared/errors.js';

/** A failure of an upload or a download, in the program's error shape. */
export class TransferError extends Error {
  readonly shape: AppErrorShape;

  constructor(shape: AppErrorShape) {
    super(shape.message);
    this.name = 'TransferError';
    this.shape = shape;
  }
}
