import type { AppErrorShape } from '../../shared/errors.js';

/** A failure of an upload in the program's error shape; thrown by the upload. */
export class UploadError extends Error {
  readonly shape: AppErrorShape;

  constructor(shape: AppErrorShape) {
    super(shape.message);
    this.name = 'UploadError';
    this.shape = shape;
  }
}
