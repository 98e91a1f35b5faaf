// The core as a process of its own, behind the desktop's windows: `core.js --data DIR`, started by the desktop's main process. Serves each
// window over its port, and terminals and assets over its socket; closes when it is asked to, or when main is gone.
import { parseArgs } from 'node:util';
import { toErrorShape } from '../../../shared/errors.js';
import { createCore } from '../../composition/core.js';
import { openToTerminals } from '../../transport/server/open-to-terminals.js';
import { serveCalls } from '../../transport/server/serve-calls.js';
import { defaultDataDir } from '../../foundation/default-data-dir.js';
import { lowerPriority } from '../../foundation/lower-priority.js';
import { findParent } from './parent.js';
import type { Parent } from './parent.js';
import { protectionByParent } from './protection-by-parent.js';

/** What is not closed by then is cut off: the data is durable at every moment. */
const CLOSE_WITHIN_MS = 5000;

async function main(parent: Parent): Promise<void> {
  lowerPriority();
  const { values } = parseArgs({ strict: false, options: { data: { type: 'string' } } });
  const dataDir = typeof values.data === 'string' ? values.data : defaultDataDir();
  const protection = protectionByParent((message) => parent.post(message));
  // Main decides when this ends: a terminal sends its Ctrl-C to every process at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

  const untilClosed = new Promise<void>((resolve) => {
    parent.onMessage((message) => {
      if (message.kind === 'close') resolve();
      else protection.receive(message);
    });
    parent.onGone(resolve);
  });
  const core = await createCore({ dataDir, shell: 'electron', access: 'exclusive', activity: 'runs', systemProtection: protection });
  try {
    const door = await openToTerminals(core);
    try {
      parent.onConnection((connection) => serveCalls(connection, core.services, (problem) => core.services.log.warn(problem)));
      parent.post({ kind: 'ready', endpoint: door.endpoint });
      await untilClosed;
      setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
    } finally {
      door.close();
    }
  } finally {
    await core.close();
  }
  parent.post({ kind: 'closed' });
}

const parent = findParent();
main(parent).then(
  () => process.exit(0),
  (thrown: unknown) => {
    const { code, message, hint } = toErrorShape(thrown);
    parent.post({ kind: 'failed', code, message, hint });
    // The message must be out before the process is.
    setTimeout(() => process.exit(1), 200);
  },
);
