// A network of the suite's own (Linux, root): a namespace with a loopback interface, in which packets from or to a port can be made to
// vanish. The machine's network is never touched. Loopback packets obey such rules only when the table of local addresses comes after them.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const SET_UP = 'ip link set lo up && ip rule add pref 100 lookup local && ip rule del pref 0 && echo ready && exec cat';
const FIRST_RULE = 10;

export class PrivateNetwork {
  readonly #holder: ChildProcess;
  readonly #rules = new Set<string>();

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Lives until it is closed, or this process ends. */
  static async open(): Promise<PrivateNetwork> {
    const holder = spawn('unshare', ['-n', 'sh', '-c', SET_UP], { stdio: ['pipe', 'pipe', 'inherit'] });
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error('The namespace could not be made'))),
    ]);
    return new PrivateNetwork(holder);
  }

  /** What a command is to be started with so that it is in this network. */
  get prefix(): string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-n'];
  }

  /** What goes to these ports vanishes; with `both`, what comes from them too. */
  cut(ports: readonly number[], directions: 'inwards' | 'both'): void {
    for (const port of ports) {
      this.#add('dport', port);
      if (directions === 'both') this.#add('sport', port);
    }
  }

  heal(): void {
    for (const rule of this.#rules) this.#ip('del', rule);
    this.#rules.clear();
  }

  async close(): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
  }

  #add(end: 'dport' | 'sport', port: number): void {
    const rule = `pref ${FIRST_RULE + this.#rules.size} ipproto tcp ${end} ${port} blackhole`;
    this.#ip('add', rule);
    this.#rules.add(rule);
  }

  #ip(act: 'add' | 'del', rule: string): void {
    const [command = '', ...args] = [...this.prefix, 'ip', 'rule', act, ...rule.split(' ')];
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
}

let reason: string | null | undefined;

/** Why there can be no such network here; null when there can. */
export function whyNoNetwork(): string | null {
  reason ??= findReason();
  return reason === '' ? null : reason;
}

function findReason(): string {
  if (process.platform !== 'linux') return 'network namespaces are Linux only';
  try {
    const tryOut = SET_UP.replace('exec cat', 'ip rule add pref 10 ipproto tcp dport 9 blackhole');
    execFileSync('unshare', ['-n', 'sh', '-c', tryOut], { stdio: ['ignore', 'ignore', 'pipe'] });
    return '';
  } catch {
    return 'this user may not make a network namespace with policy routing (root, iproute2 and util-linux can)';
  }
}
