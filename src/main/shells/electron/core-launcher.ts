// Starts the core's process: an Electron utility process, or a forked Node.js where Electron's own is too old for the core (or where a
// Node.js is named by DEDGEAI_CORE_NODE, as the tests do). Only a utility process can be handed a window's port; for a fork main carries
// the port's messages.
import { fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { MessagePortMain } from 'electron';
import { fromCoreSchema } from '../../../shared/core-process-messages.js';
import type { FromCoreMessage, ToCoreMessage } from '../../../shared/core-process-messages.js';

/** A core's process, from its start to its end. */
export interface CoreProcess {
  post(message: ToCoreMessage): void;
  /** Hands a window's port over; what comes in on it is the core's business from then on. Returns what ends it from this side. */
  openPort(port: MessagePortMain): () => void;
  onMessage(listener: (message: FromCoreMessage) => void): void;
  /** Called once; `how` is a status or a signal, in words. */
  onExit(listener: (how: string) => void): void;
  kill(): void;
}

export type LaunchCore = () => CoreProcess;

export interface LaunchOptions {
  entryPath: string;
  dataDir: string;
  /** A Node.js executable to run the core in; null is Electron's own utility process. */
  nodePath: string | null;
}

export function coreLauncher({ entryPath, dataDir, nodePath }: LaunchOptions): LaunchCore {
  const args = ['--data', dataDir];
  return nodePath === null ? () => launchUtility(entryPath, args) : () => launchFork(entryPath, args, nodePath);
}

function launchUtility(entryPath: string, args: string[]): CoreProcess {
  const child = utilityProcess.fork(entryPath, args, { serviceName: 'DEdgeAI core', stdio: ['ignore', 'inherit', 'inherit'] });
  let lastPort = 0;
  return {
    post: (message) => child.postMessage(message),
    openPort(port) {
      const id = ++lastPort;
      child.postMessage({ kind: 'port-opened', port: id } satisfies ToCoreMessage, [port]);
      return () => child.postMessage({ kind: 'port-closed', port: id } satisfies ToCoreMessage);
    },
    onMessage: (listener) => void child.on('message', (raw: unknown) => listener(fromCoreSchema.parse(raw))),
    onExit: (listener) => void child.once('exit', (code) => listener(`status ${code}`)),
    kill: () => void child.kill(),
  };
}

function launchFork(entryPath: string, args: string[], nodePath: string): CoreProcess {
  const child = fork(entryPath, args, {
    execPath: nodePath,
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: undefined },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ports = new Map<number, MessagePortMain>();
  let lastPort = 0;
  const post = (message: ToCoreMessage): void => {
    // A channel that closes meanwhile is reported by `exit`.
    if (child.connected) child.send(message, () => undefined);
  };
  child.once('exit', () => {
    for (const port of ports.values()) port.close();
    ports.clear();
  });
  return {
    post,
    openPort(port) {
      const id = ++lastPort;
      ports.set(id, port);
      post({ kind: 'port-opened', port: id });
      port.on('message', ({ data }) => post({ kind: 'port-message', port: id, data: data as unknown }));
      const closed = (): void => {
        if (ports.delete(id)) post({ kind: 'port-closed', port: id });
      };
      port.once('close', closed);
      port.start();
      return () => {
        port.close();
        closed();
      };
    },
    onMessage(listener) {
      child.on('message', (raw) => {
        // The page parses what it is sent; in between nothing looks into it, since main is what keeps the window waiting.
        if (isPortMessage(raw)) ports.get(raw.port)?.postMessage(raw.data);
        else listener(fromCoreSchema.parse(raw));
      });
    },
    onExit(listener) {
      // A process that never started has no exit.
      child.once('error', (error) => listener(error.message));
      child.once('exit', (code, signal) => listener(signal ?? `status ${code}`));
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function isPortMessage(raw: unknown): raw is Extract<FromCoreMessage, { kind: 'port-message' }> {
  return typeof raw === 'object' && raw !== null && 'kind' in raw && raw.kind === 'port-message' && 'port' in raw;
}
