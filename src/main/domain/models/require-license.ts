import { AppError } from '../../../shared/errors.js';
import { SD3_LICENSE, WEIGHTS_PAGE } from '../../../shared/weights.js';
import type { InspectedModel } from './inspected-model.js';

/** Throws `invalid-input` for the weights of SD3 medium whose license no one has accepted; a small model for trials has none of them. */
export function requireLicense({ family }: Pick<InspectedModel, 'family'>, isAccepted: boolean): void {
  if (family !== 'sd3-medium' || isAccepted) return;
  throw licenseNotAccepted();
}

export function licenseNotAccepted(): AppError {
  return new AppError(
    'invalid-input',
    `The weights of SD3 medium are used under the ${SD3_LICENSE.name}, which was not accepted yet: ${SD3_LICENSE.url}`,
    `Read it, accept it on ${WEIGHTS_PAGE}, and confirm that here: --accept-license, or the switch in the window.`,
  );
}
