// An SSH server inside the test, for what no honest server does: wrong keys, silence, deaths. Records what clients attempt.
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import { generateSshKeyPair } from '../../src/main/ssh/key-pair.js';

export interface RecordingSshServer {
  port: number;
  /** Authentication methods that clients tried, in order. */
  attempts: string[];
  close(): Promise<void>;
}

/** Accepts any login, or none. */
export async function startRecordingServer(options: { acceptsLogin: boolean }): Promise<RecordingSshServer> {
  const attempts: string[] = [];
  const server = new ssh2.Server({ hostKeys: [generateSshKeyPair().privateKeyPem] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      attempts.push(context.method);
      if (options.acceptsLogin) context.accept();
      else context.reject(['publickey']);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    attempts,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
