// An SSH server inside the test, for what no honest server does: wrong keys, silence, deaths. Records what clients attempt.
import type { AddressInfo } from 'node:net';
import ssh2, { type AuthenticationType } from 'ssh2';
import { generateSshKeyPair } from '../../src/main/adapters/ssh/key-pair.js';

export interface RecordingSshServer {
  port: number;
  /** Authentication methods that clients tried, in order. */
  attempts: string[];
  /** Every password and answer that clients sent. */
  passwords: string[];
  close(): Promise<void>;
}

export interface RecordingServerOptions {
  /** Any login, or none. */
  acceptsLogin: boolean;
  /** A free one when absent. */
  port?: number;
  /** What a refused client is told; `publickey` when absent. */
  methodsLeft?: AuthenticationType[];
  /** Questions of keyboard-interactive, with whether what is typed shows. */
  questions?: { prompt: string; echo: boolean }[];
}

export async function startRecordingServer(options: RecordingServerOptions): Promise<RecordingSshServer> {
  const attempts: string[] = [];
  const passwords: string[] = [];
  const server = new ssh2.Server({ hostKeys: [generateSshKeyPair().privateKeyPem] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      attempts.push(context.method);
      const refuse = (): void => context.reject(options.methodsLeft ?? ['publickey']);
      const answer = (): void => (options.acceptsLogin ? context.accept() : refuse());
      if (context.method === 'password') passwords.push(context.password);
      // As OpenSSH: without a method no one gets in, but the client hears what there is.
      if (context.method === 'none' && options.methodsLeft) return refuse();
      if (context.method !== 'keyboard-interactive' || !options.questions) return answer();
      context.prompt(options.questions, (answers) => {
        passwords.push(...answers);
        answer();
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    attempts,
    passwords,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
