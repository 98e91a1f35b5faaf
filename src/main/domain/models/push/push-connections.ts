// The connections over which one node is pushed to. Bytes go over OpenSSH's `ssh` where it is there and can go the way, everything else over a
// connection of this program, opened when it is first asked for something.
import { AppError } from '../../../../shared/errors.js';
import type { PushCarrier } from '../../../../shared/model-push.js';
import { openOpenSshCarrier, type OpenSshCarrier } from '../../../adapters/ssh/openssh-carrier.js';
import type { SshConnection } from '../../../adapters/ssh/ssh-connection.js';
import { printable } from '../../../adapters/ssh/ssh-errors.js';
import type { ExecOptions, ExecResult } from '../../../adapters/ssh/ssh-exec.js';
import { connectRoute, type ResolvedSshRoute } from '../../../adapters/ssh/ssh-route.js';

export interface PushConnectionsOptions {
  route: ResolvedSshRoute;
  /** Path of OpenSSH's `ssh`; null where there is none. */
  openSshPath: string | null;
  signal: AbortSignal;
}

export class PushConnections {
  readonly #options: PushConnectionsOptions;
  #opened: Promise<OpenSshCarrier | null> | null = null;
  #connecting: Promise<SshConnection> | null = null;
  #disconnecting = new AbortController();
  /** Why OpenSSH's `ssh` is not used. */
  #why: string | null = null;
  /** Whether the node has been reached at all. */
  #wasReached = false;
  #carrier: PushCarrier | null = null;

  constructor(options: PushConnectionsOptions) {
    this.#options = options;
  }

  get wasReached(): boolean {
    return this.#wasReached;
  }

  /** What has brought bytes to the node; null as long as there were none. */
  get carrier(): PushCarrier | null {
    return this.#carrier;
  }

  /** A script over this program's own connection. Throws why the node was not reached. */
  async exec(script: string, options: ExecOptions = {}): Promise<ExecResult> {
    this.#connecting ??= this.#connect();
    const connection = await this.#connecting;
    return connection.exec(script, { ...options, signal: this.#signalOf(options) });
  }

  /** A script whose input is large. What `ssh` could not start, because of whatever, is started over this program's own connection. */
  async receive(script: string, options: ExecOptions): Promise<ExecResult> {
    const openSsh = await this.#openOpenSsh();
    let hasStarted = false;
    const onStarted = (carrier: PushCarrier): void => {
      hasStarted = this.#wasReached = true;
      this.#carrier = carrier;
      this.#why = carrier.why;
      options.onStarted?.();
    };
    if (openSsh) {
      try {
        const startsOver = { onStarted: () => onStarted({ kind: 'openssh', why: null }), signal: this.#signalOf(options) };
        return await openSsh.exec(script, { ...options, ...startsOver });
      } catch (thrown) {
        if (hasStarted || this.#signalOf(options).aborted) throw thrown;
        this.#why = describe(thrown);
      }
    }
    return this.exec(script, { ...options, onStarted: () => onStarted({ kind: 'built-in', why: this.#why }) });
  }

  /** Ends what is under way; what is run after it connects again. */
  disconnect(): void {
    this.#disconnecting.abort();
    this.#disconnecting = new AbortController();
    void this.#connecting?.then((connection) => connection.close()).catch(() => undefined);
    this.#connecting = null;
  }

  async close(): Promise<void> {
    this.disconnect();
    (await this.#opened)?.close();
  }

  async #connect(): Promise<SshConnection> {
    const outcome = await connectRoute(this.#options.route, this.#options.signal);
    if (outcome.kind !== 'connected') throw outcome.error;
    this.#wasReached = true;
    // Where this program gets to and `ssh` did not, `ssh` is not asked again.
    if (this.#why !== null) this.#opened = this.#opened?.then((openSsh) => (openSsh?.close(), null)) ?? null;
    return outcome.connection;
  }

  #openOpenSsh(): Promise<OpenSshCarrier | null> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<OpenSshCarrier | null> {
    const { openSshPath, route } = this.#options;
    try {
      const opened = openSshPath === null ? { why: 'there is no OpenSSH on this computer' } : await openOpenSshCarrier(openSshPath, route);
      if (!('why' in opened)) return opened;
      this.#why = opened.why;
    } catch (thrown) {
      this.#why = describe(thrown);
    }
    return null;
  }

  #signalOf({ signal }: ExecOptions): AbortSignal {
    return AbortSignal.any([this.#options.signal, this.#disconnecting.signal, ...(signal ? [signal] : [])]);
  }
}

function describe(thrown: unknown): string {
  return printable(thrown instanceof AppError || thrown instanceof Error ? thrown.message : String(thrown));
}
