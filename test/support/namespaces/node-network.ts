// A network of a test's own between this machine and its nodes, which lie in network namespaces: a switch with a cable to each, in a range of
// addresses that nothing here uses. It lives as long as the process that holds the switch, and that one no longer than this one: the kernel
// takes namespaces, switch and cables away, also after a `kill -9`.
//
//   this machine  10.x.y.1 --- switch ---+--- eth0 10.x.y.11  node
//                                        +--- eth0 10.x.y.12  node
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { createInterface } from 'node:readline';

const SWITCH = 'ip link add name switch type bridge && ip link set switch up && echo $$ && exec cat';
const FIRST_NODE = 11;
const MAX_NODES = 200;
let networkCount = 0;

export class NodeNetwork {
  readonly #holder: ChildProcess;
  readonly #switchPid: number;
  readonly #prefix: string;
  #nodeCount = 0;

  private constructor(holder: ChildProcess, switchPid: number, prefix: string) {
    this.#holder = holder;
    this.#switchPid = switchPid;
    this.#prefix = prefix;
  }

  static async open(): Promise<NodeNetwork> {
    const holder = spawn('unshare', ['--net', '/bin/sh', '-c', SWITCH], { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      const switchPid = Number(await linesOf(holder)());
      const port = `dedge${process.pid}-${networkCount++}`;
      ip(`link add name ${port} type veth peer name machine netns ${switchPid}`);
      plugIn(switchPid, 'machine');
      const prefix = takeFreePrefix(port);
      return new NodeNetwork(holder, switchPid, prefix);
    } catch (thrown) {
      holder.stdin?.end();
      throw thrown;
    }
  }

  /** Puts a cable to the network namespace of a process; returns the address that is its own now. */
  connect(pid: number): string {
    if (this.#nodeCount >= MAX_NODES) throw new Error('The network of the test is full');
    const number = FIRST_NODE + this.#nodeCount++;
    const address = `${this.#prefix}.${number}`;
    ip(`link add name node${number} netns ${this.#switchPid} type veth peer name eth0 netns ${pid}`);
    plugIn(this.#switchPid, `node${number}`);
    ip(`addr add ${address}/24 dev eth0`, pid);
    ip('link set eth0 up', pid);
    return address;
  }

  /** Pulls the cable of the node with this address: no one hears a word of it any more, not even a goodbye. */
  unplug(address: string): void {
    ip(`link del node${address.split('.')[3]}`, this.#switchPid);
  }

  async close(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
  }
}

/** What a process prints, line by line; a call rejects when it ends before the next one. */
export function linesOf(child: ChildProcess): () => Promise<string> {
  const lines = on(createInterface(child.stdout!), 'line', { close: ['close'] });
  return async () => {
    const { value, done } = (await lines.next()) as IteratorResult<[string]>;
    if (done) throw new Error('A process that holds namespaces ended too early; what it said is above');
    return value[0];
  };
}

function plugIn(switchPid: number, port: string): void {
  ip(`link set ${port} master switch up`, switchPid);
}

/** Of 10.0.0.0/8, for this end of the cable; two programs that choose the same at once both see it, and choose again. */
function takeFreePrefix(port: string): string {
  for (let attempt = 0; attempt < 50; attempt++) {
    const drawn = (process.pid * 7 + networkCount * 131 + attempt * 17) % (200 * 256);
    const prefix = `10.${20 + Math.floor(drawn / 256)}.${drawn % 256}`;
    if (routesTo(prefix).length > 0) continue;
    ip(`addr add ${prefix}.1/24 dev ${port}`);
    ip(`link set ${port} up`);
    if (routesTo(prefix).every((dev) => dev === port)) return prefix;
    ip(`addr del ${prefix}.1/24 dev ${port}`);
  }
  throw new Error('No range of private addresses is free here');
}

/** Interfaces with a route into the range that is more particular than the default one. */
function routesTo(prefix: string): string[] {
  const routes = JSON.parse(ip(`-j -4 route show match ${prefix}.1`) || '[]') as { dst: string; dev: string }[];
  return routes.filter(({ dst }) => dst !== 'default').map(({ dev }) => dev);
}

/** `ip` with these words, in the network namespace of the process where one is named. */
function ip(words: string, pid: number | null = null): string {
  const [command = '', ...args] = [...(pid === null ? [] : ['nsenter', '-t', String(pid), '-n']), 'ip', ...words.split(' ')];
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}
