import type { CoreEndpoint } from '../../../shared/core-process-messages.js';
import type { Core } from '../../composition/core.js';
import { openCoreSocket } from './core-socket.js';

export interface TerminalDoor {
  endpoint: CoreEndpoint;
  close(): void;
}

/**
 * Lets terminals of this user work with the core of an open window, instead of being refused the data that it has. Throws `io` where no
 * socket can be made.
 */
export async function openToTerminals(core: Pick<Core, 'services' | 'announce'>): Promise<TerminalDoor> {
  const socket = await openCoreSocket({
    services: core.services,
    onProblem: (message) => core.services.log.warn(message),
  });
  core.announce(socket.endpoint);
  return socket;
}
