// Child processes of the scripts: one that shows its output, one whose output is kept, one that stands in for the script itself.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { projectDir } from './paths.mjs';

const KEPT_TAIL_CHARS = 8000;
/** A command that does not end by itself when the script is to end is killed after this. */
const STOP_WITHIN_MS = 3000;

/**
 * Runs a command to its end and returns { code, output }; never throws for a nonzero status. `show` copies the output to stderr as it
 * comes, or in one piece when the command has ended (`'at the end'`), for one that runs beside others. After `timeoutMs` the command and its children are killed and `code` is null. A script that is asked to end meanwhile ends with
 * the command and everything that it has started.
 */
export function runCommand(command, args, { show = true, env = process.env, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    // A group of its own: what the command has started (npm its scripts, a build its workers) ends with it.
    const ownGroup = process.platform !== 'win32';
    const child = spawn(command, args, { cwd: projectDir, env, stdio: ['ignore', 'pipe', 'pipe'], detached: ownGroup, windowsHide: true });
    let output = '';
    const held = [];
    const keep = (chunk) => {
      output = (output + String(chunk)).slice(-KEPT_TAIL_CHARS);
      if (show === 'at the end') held.push(chunk);
      else if (show) process.stderr.write(chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);

    const kill = (signal) => {
      try {
        if (ownGroup) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It ended in the meantime.
      }
    };
    const timer = timeoutMs > 0 ? setTimeout(() => kill('SIGKILL'), timeoutMs) : undefined;
    const release = onStopSignals((signal) => {
      kill('SIGTERM');
      const end = () => {
        kill('SIGKILL');
        process.exit(128 + constants.signals[signal]);
      };
      child.once('exit', end);
      setTimeout(end, STOP_WITHIN_MS);
    });
    const finish = (code, text) => {
      clearTimeout(timer);
      release();
      process.stderr.write(Buffer.concat(held));
      resolve({ code, output: text });
    };
    child.once('error', (error) => finish(null, `${output}${error.message}`));
    child.once('close', (code) => finish(code, output));
  });
}

/**
 * Runs the program that the script is a launcher for, on the same terminal, and returns { code, signal, livedMs }. A channel ties the two
 * together: a child that listens to `disconnect` notices when the launcher dies.
 */
export function runForeground(command, args, { env = process.env, cwd = projectDir } = {}) {
  return new Promise((resolve, reject) => {
    const startedAtMs = Date.now();
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], windowsHide: false });
    // Ctrl-C reaches the child from the terminal itself; the others are passed on.
    const release = onStopSignals((signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
    child.once('error', (error) => {
      release();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      release();
      resolve({ code, signal, livedMs: Date.now() - startedAtMs });
    });
  });
}

/** Calls `stop` at each signal that would end this process, which lives on. Returns the function that ends this. */
function onStopSignals(stop) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  return () => signals.forEach((signal) => process.off(signal, stop));
}
