// The program that runs on every node: node agent.mjs --config config.json. Standard output carries one line, the ready line; the log goes
// to standard error. Exit codes: 0 stopped, 2 unusable arguments or configuration, 3 port in use, 1 a fault.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import type { AgentReadyLine } from '../shared/agent-config.js';
import { AppError } from '../shared/errors.js';
import { loadConfig } from './load-config.js';
import { createJsonLog } from './log.js';
import { notifyServiceManager, type ServiceNotifier } from './service-notifier.js';
import { type RunningAgent, startAgent } from './start-agent.js';
import { AGENT_VERSION } from './version.js';

/** Real milliseconds between two looks whether the owner process still lives. */
const OWNER_CHECK_INTERVAL_MS = 1_000;
/** Real milliseconds that an orderly stop may take before the process ends anyway. */
const STOP_TIMEOUT_MS = 3_000;

async function main(): Promise<void> {
  const { config: configPath, version } = readArguments();
  if (version) {
    process.stdout.write(`${AGENT_VERSION}\n`);
    return;
  }
  if (!configPath) throw new AppError('invalid-input', 'The option --config is missing.', 'Run: node agent.mjs --config config.json');
  const log = createJsonLog((line) => process.stderr.write(`${line}\n`));
  const path = resolve(configPath);
  const config = await loadConfig(path);
  const bundleSha256 = createHash('sha256')
    .update(await readFile(fileURLToPath(import.meta.url)))
    .digest('hex');
  const agent = await startAgent(config, { baseDir: dirname(path), log, bundleSha256 });
  let notifier: ServiceNotifier | null = null;
  const stop = (reason: string): void => {
    log.info('stopping', { reason });
    notifier?.stop();
    stopProcess(agent);
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // The log may lose its reader; the agent continues without one.
  process.stderr.on('error', () => undefined);
  process.stdout.on('error', () => undefined);
  if (config.exitWithPid !== null) watchOwner(config.exitWithPid, () => stop('its owner ended'));
  const ready: AgentReadyLine = { ready: true, port: agent.port, instanceId: agent.instanceId, agentVersion: AGENT_VERSION };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  notifier = notifyServiceManager({ environment: process.env, pid: process.pid, log });
}

function readArguments(): { config?: string; version?: boolean } {
  try {
    return parseArgs({ options: { config: { type: 'string' }, version: { type: 'boolean' } } }).values;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('invalid-input', message, 'Run: node agent.mjs --config config.json');
  }
}

function stopProcess(agent: RunningAgent): void {
  setTimeout(() => process.exit(0), STOP_TIMEOUT_MS).unref();
  agent.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

function watchOwner(pid: number, onEnd: () => void): void {
  const timer = setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch (thrown) {
      // EPERM means that it lives under another user.
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM') return;
      clearInterval(timer);
      onEnd();
    }
  }, OWNER_CHECK_INTERVAL_MS);
}

main().catch((thrown: unknown) => {
  const isForeseen = thrown instanceof AppError;
  const text = isForeseen
    ? [thrown.message, thrown.hint].filter(Boolean).join(' ')
    : thrown instanceof Error
      ? thrown.stack
      : String(thrown);
  process.stderr.write(`dedgeai-agent: ${text}\n`);
  process.exit(isForeseen ? (thrown.code === 'conflict' ? 3 : 2) : 1);
});
